namespace ActorMon.RemoteWrite.Content;

/// <summary>The protobuf message of a remote-write request.</summary>
public enum RemoteWriteMessage : byte
{
    /// <summary>prometheus.WriteRequest, remote write 1.0.</summary>
    V1,

    /// <summary>io.prometheus.write.v2.Request, remote write 2.0.</summary>
    V2,
}

/// <summary>What the headers of a remote-write request say: its message, or the status and text to refuse it with.</summary>
public readonly record struct RemoteWriteContent
{
    private const string MediaType = "application/x-protobuf";
    private const string V1Name = "prometheus.WriteRequest";
    private const string V2Name = "io.prometheus.write.v2.Request";
    private const string Snappy = "snappy";
    private const int UnsupportedMediaType = 415;

    private RemoteWriteContent(RemoteWriteMessage message, int errorStatus, string error)
    {
        Message = message;
        ErrorStatus = errorStatus;
        Error = error;
    }

    /// <summary>Meaningless when <see cref="IsAccepted"/> is false.</summary>
    public RemoteWriteMessage Message { get; }

    public bool IsAccepted => ErrorStatus == 0;

    /// <summary>The HTTP status to answer with, 0 when accepted.</summary>
    public int ErrorStatus { get; }

    /// <summary>The peer's text, "" when accepted.</summary>
    public string Error { get; }

    /// <summary>
    /// Reads the headers as the peer does: no encoding means snappy; no type, or one without a proto parameter, means 1.0; parameter names are compared as they stand.
    /// </summary>
    /// <param name="contentType">Content-Type, null or "" when missing.</param>
    /// <param name="contentEncoding">Content-Encoding, null or "" when missing.</param>
    /// <param name="accepted">The messages this server takes, in the order in which an error lists them.</param>
    public static RemoteWriteContent Parse(string? contentType, string? contentEncoding, params ReadOnlySpan<RemoteWriteMessage> accepted)
    {
        if (contentEncoding is { Length: > 0 } and not Snappy)
            return Refused($"{contentEncoding} encoding (compression) is not accepted by this server; only {Snappy} is acceptable");
        var type = string.IsNullOrEmpty(contentType) ? MediaType : contentType.Trim();
        var parts = type.Split(';');
        if (parts[0] != MediaType)
            return Refused($"expected {MediaType} as the first (media) part, got {type} content-type");
        var message = RemoteWriteMessage.V1;
        foreach (var part in parts.AsSpan(1))
        {
            var pair = part.Split('=');
            if (pair.Length != 2)
                return Refused($"as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters to be key-values, got {part} in {type} content-type");
            if (pair[0] != "proto")
                continue;
            if (pair[1] is not (V1Name or V2Name))
                return Refused($"got {type} content type; unknown type for remote write protobuf message {pair[1]}, supported: {V1Name}, {V2Name}");
            message = pair[1] == V1Name ? RemoteWriteMessage.V1 : RemoteWriteMessage.V2;
            break;
        }
        if (accepted.Length > 0 && !accepted.Contains(message))
            return Refused($"{NameOf(message)} protobuf message is not accepted by this server; only accepts {string.Join(", ", accepted.ToArray().Select(NameOf))}");
        return new RemoteWriteContent(message, 0, "");
    }

    /// <summary>The message's full protobuf name.</summary>
    public static string NameOf(RemoteWriteMessage message) => message == RemoteWriteMessage.V1 ? V1Name : V2Name;

    private static RemoteWriteContent Refused(string error) => new(default, UnsupportedMediaType, error);
}
