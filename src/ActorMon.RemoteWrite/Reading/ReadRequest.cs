using ActorMon.Model.Matchers;

namespace ActorMon.RemoteWrite.Reading;

/// <summary>How the samples of a remote read are sent; numbers of the protocol.</summary>
public enum ReadResponseType
{
    /// <summary>One snappy message with every sample.</summary>
    Samples = 0,

    /// <summary>Frames, each with chunks of one series.</summary>
    StreamedChunks = 1,
}

/// <summary>One matcher as it was sent; its regex is not compiled yet.</summary>
public sealed record ReadMatcher(MatchOperator Operator, string Name, string Value);

/// <summary>One query of a remote read: samples with Start &lt;= t &lt;= End (ms) of the series that match all matchers. Hints are not kept: every sample is sent.</summary>
public sealed record ReadQuery(long Start, long End, IReadOnlyList<ReadMatcher> Matchers);

/// <param name="AcceptedTypes">In the client's order; empty: samples. May hold numbers that are none of <see cref="ReadResponseType"/>.</param>
public sealed record ReadRequest(IReadOnlyList<ReadQuery> Queries, IReadOnlyList<ReadResponseType> AcceptedTypes)
{
    /// <summary>The first accepted type that is known; null and the original's text: there is none.</summary>
    public ReadResponseType? Negotiate(out string error)
    {
        error = "";
        if (AcceptedTypes.Count == 0)
            return ReadResponseType.Samples;
        foreach (var type in AcceptedTypes)
            if (type is ReadResponseType.Samples or ReadResponseType.StreamedChunks)
                return type;
        error = $"server does not support any of the requested response types: [{string.Join(' ', AcceptedTypes.Select(t => (int)t))}]; supported: map[SAMPLES:{{}} STREAMED_XOR_CHUNKS:{{}}]";
        return null;
    }
}
