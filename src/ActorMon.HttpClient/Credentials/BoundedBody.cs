namespace ActorMon.Http.Credentials;

/// <summary>Reads a body up to a limit; what is longer is cut there.</summary>
public static class BoundedBody
{
    public static async Task<byte[]> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        while (body.Length < limit)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit - body.Length)), cancellationToken);
            if (read == 0)
                break;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}
