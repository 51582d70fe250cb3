using ActorMon.Model.Samples;
using ActorMon.PromQL.Results;

namespace ActorMon.Rules.Replay;

/// <summary>Answers queries over stretches of the past: an engine, or a server over HTTP.</summary>
public interface IRangeQueries
{
    /// <summary>The query at start, start + step ... up to end inclusive; the value is a matrix. An exception of the source passes through.</summary>
    ValueTask<QueryResult> RunAsync(string query, TimestampMs start, TimestampMs end, TimeSpan step, CancellationToken cancellation);
}

/// <summary>How a stretch is cut into queries: servers refuse more than 11,000 points a series.</summary>
public static class RangeSlices
{
    public const int MaxPoints = 10_000;

    /// <summary>First and last step of each query, ascending.</summary>
    public static IEnumerable<(TimestampMs Start, TimestampMs End)> Of(TimestampMs first, TimestampMs end, TimeSpan step, int points = MaxPoints)
    {
        var length = (points - 1) * step;
        for (var start = first; start <= end; start += length + step)
            yield return (start, start + length < end ? start + length : end);
    }
}
