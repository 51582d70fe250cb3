namespace ActorMon.Scraping.Fetching;

/// <summary>Why a fetch failed, for counters and the size series.</summary>
public enum FetchFault : byte
{
    None,
    Failed,
    BodySizeLimit,
}

/// <summary>A body with its type, or an error. Owner of <see cref="Body"/>: the caller, who disposes it.</summary>
/// <param name="Body">Null with an error.</param>
/// <param name="ContentType">The header as it came, or "".</param>
/// <param name="Error">"" on success, else the peer's words.</param>
public readonly record struct FetchResult(BodyBuffer? Body, string ContentType, string Error, FetchFault Fault)
{
    public static FetchResult Failed(string error, FetchFault fault = FetchFault.Failed) => new(null, "", error, fault);
}
