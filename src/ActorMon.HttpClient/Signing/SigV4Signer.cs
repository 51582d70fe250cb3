namespace ActorMon.Http.Signing;

/// <summary>Puts a signature on a request and tells which headers it has added.</summary>
internal static class SigV4Signer
{
    private const string DateHeader = "X-Amz-Date";
    private const string TokenHeader = "X-Amz-Security-Token";
    private const string Authorization = "Authorization";

    public static readonly IReadOnlyList<string> Added = [DateHeader, TokenHeader, Authorization];

    public static void Sign(HttpRequestMessage request, byte[] body, AwsKeys keys, string region, string service, DateTimeOffset now)
    {
        var uri = request.RequestUri!;
        foreach (var name in Added)
            request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(DateHeader, SigV4Signature.DateOf(now));
        if (keys.SessionToken.Length > 0)
            request.Headers.TryAddWithoutValidation(TokenHeader, keys.SessionToken);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}" };
        foreach (var (name, values) in request.Headers.NonValidated)
            if (name.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase))
                headers[name.ToLowerInvariant()] = values.ToString();
        if (request.Content is { } content)
        {
            headers["content-length"] = FormattableString.Invariant($"{body.Length}");
            if (content.Headers.NonValidated.TryGetValues("Content-Type", out var type))
                headers["content-type"] = type.ToString();
        }
        request.Headers.TryAddWithoutValidation(Authorization, SigV4Signature.Of(
            request.Method.Method, uri, [.. headers.Select(h => (h.Key, h.Value))], SigV4Signature.HashOf(body), keys, region, service, now));
    }
}
