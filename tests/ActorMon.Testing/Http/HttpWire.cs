using System.Globalization;
using System.Text;

namespace ActorMon.Testing.Http;

/// <summary>Reads and writes HTTP/1.1 messages, byte by byte where it must not read too far.</summary>
public static class HttpWire
{
    /// <summary>The next request, or null when the client closed the connection.</summary>
    public static async ValueTask<ReceivedRequest?> ReadRequestAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (await ReadHeadAsync(stream, cancellationToken) is not { } head)
            return null;
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var start = lines[0].Split(' ', 3);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1].Trim())).ToList();
        var request = new ReceivedRequest(start[0], start[1], start[2], headers, []);
        var body = request.Header("Transfer-Encoding") is null
            ? await ReadExactlyAsync(stream, int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture), cancellationToken)
            : await ReadChunksAsync(stream, cancellationToken);
        return request with { Body = body };
    }

    /// <summary>Start line and headers up to the empty line; null when the stream ended before the first byte.</summary>
    public static async ValueTask<string?> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new List<byte>(512);
        var next = new byte[1];
        while (head.Count < 4 || head[^1] != '\n' || head[^2] != '\r' || head[^3] != '\n')
        {
            if (await stream.ReadAsync(next, cancellationToken) == 0)
                return head.Count == 0 ? null : throw new EndOfStreamException("the head of a message broke off");
            head.Add(next[0]);
        }
        return Encoding.UTF8.GetString([.. head]);
    }

    public static async ValueTask WriteAsync(Stream stream, ReceivedRequest request, HttpReply reply, CancellationToken cancellationToken)
    {
        var head = new StringBuilder($"HTTP/1.1 {reply.Status} {reply.Reason}\r\n");
        foreach (var (name, value) in reply.Headers)
            head.Append($"{name}: {value}\r\n");
        if (reply.CloseAfter)
            head.Append("Connection: close\r\n");
        head.Append($"Content-Length: {reply.Body.Length}\r\n\r\n");
        byte[] message = [.. Encoding.UTF8.GetBytes(head.ToString()), .. request.Method == "HEAD" ? [] : reply.Body];
        await stream.WriteAsync(message, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    private static async ValueTask<byte[]> ReadExactlyAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return body;
    }

    private static async ValueTask<byte[]> ReadChunksAsync(Stream stream, CancellationToken cancellationToken)
    {
        var body = new List<byte>();
        while (true)
        {
            var line = await ReadLineAsync(stream, cancellationToken);
            var length = int.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(await ReadExactlyAsync(stream, length, cancellationToken));
            await ReadLineAsync(stream, cancellationToken);
            if (length == 0)
                return [.. body];
        }
    }

    private static async ValueTask<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(next, cancellationToken);
            if (next[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)next[0]);
        }
    }
}
