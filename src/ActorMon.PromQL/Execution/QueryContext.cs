using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution;

/// <summary>What all operators of one running query share: features, limits, cancellation, annotations, counts. One thread at a time.</summary>
internal sealed class QueryContext(QueryFeatures features, long lookbackMs, long maxSamples, CancellationToken cancellation)
{
    private long _held;
    private int _untilCheck;

    public QueryFeatures Features { get; } = features;
    public long LookbackMs { get; } = lookbackMs;
    public CancellationToken Cancellation { get; } = cancellation;
    public AnnotationSet Annotations { get; } = new();
    public SelectionTable Selections { get; } = new();

    /// <summary>Parts of the plan that are computed once; by key and grid.</summary>
    public Dictionary<(string Key, StepGrid Grid), SharedColumns> Shared { get; } = [];

    public long TotalSamples { get; set; }
    public long SamplesRead { get; set; }
    public long PeakSamples { get; private set; }

    /// <summary>Counts samples that stay in memory until released; fails the query beyond the limit.</summary>
    public void Hold(long samples)
    {
        _held += samples;
        if (_held > PeakSamples)
            PeakSamples = _held;
        if (_held > maxSamples)
            QueryFailure.ThrowTooManySamples();
    }

    public void Release(long samples) => _held -= samples;

    /// <summary>Called once per series: a look at the token every few.</summary>
    public void CheckCancellation()
    {
        if (--_untilCheck > 0)
            return;
        _untilCheck = 16;
        Cancellation.ThrowIfCancellationRequested();
    }
}
