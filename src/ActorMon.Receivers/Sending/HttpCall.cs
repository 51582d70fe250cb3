namespace ActorMon.Receivers.Sending;

/// <summary>A request to a receiver.</summary>
internal sealed record HttpCall(HttpMethod Method, string Url)
{
    private static readonly byte[] Nothing = [];

    /// <summary>Null: without a body.</summary>
    public byte[]? Body { get; init; }
    public string ContentType { get; init; } = "application/json";
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Zero: as long as the caller waits.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>Names the receiver in the failure when <see cref="Timeout"/> has passed.</summary>
    public string TimeoutOf { get; init; } = "";

    /// <summary>Show the URL in failures: there is no secret in it.</summary>
    public bool HasPublicUrl { get; init; }

    /// <summary>The message is in the query; what of it is secret is known as such.</summary>
    public bool HasMessageInQuery { get; init; }

    public static HttpCall PostJson(string url, byte[] body) => new(HttpMethod.Post, url) { Body = body };

    /// <summary>A form or text without content, which still says of what type it would be.</summary>
    public static HttpCall PostNothing(string url, string contentType) => new(HttpMethod.Post, url) { Body = Nothing, ContentType = contentType };

    public static HttpCall Get(string url) => new(HttpMethod.Get, url);
}

/// <summary>What came back.</summary>
/// <param name="Error">Why there is no answer; null: there is one.</param>
/// <param name="Body">Its beginning, up to a bound.</param>
internal readonly record struct HttpAnswer(int Status, string ContentType, string Body, string? Error);
