namespace ActorMon.Http;

/// <summary>A request that failed before an answer came, for a reason this room knows; the message is worded as the peers word it, without method and URL.</summary>
public sealed class HttpTransportException(string message, Exception? inner = null, HttpRequestError error = HttpRequestError.Unknown)
    : HttpRequestException(error, message, inner);
