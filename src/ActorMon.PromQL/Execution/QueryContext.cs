using ActorMon.PromQL.Execution.Accounting;
using ActorMon.PromQL.Explain;
using ActorMon.PromQL.Fragments;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution;

/// <summary>
/// What all operators of one running query share: features, limits, cancellation, annotations, counts. One thread at a time; a helper thread works with a
/// <see cref="Fork"/> whose counts and annotations are joined in afterwards.
/// </summary>
internal sealed class QueryContext
{
    private const int BytesPerSample = 16;

    /// <summary>Samples that are computed in less than a few milliseconds, whatever the function.</summary>
    private const int SamplesBetweenLooks = 1 << 20;

    private const int SeriesBetweenLooks = 16;

    private int _untilLook;

    public QueryContext(QueryFeatures features, long lookbackMs, long maxSamples, CancellationToken cancellation, QueryMemory? memory = null)
    {
        Features = features;
        LookbackMs = lookbackMs;
        Cancellation = cancellation;
        Ledger = new SampleLedger(maxSamples);
        Reservation = new QueryReservation(memory);
        Selections = new SelectionTable(this);
    }

    private QueryContext(QueryContext parent)
    {
        Features = parent.Features;
        LookbackMs = parent.LookbackMs;
        Ledger = parent.Ledger;
        Cancellation = parent.Cancellation;
        Reservation = parent.Reservation;
        Selections = parent.Selections;
        HeavyLane = parent.HeavyLane;
        PerStep = parent.PerStep is null ? null : new StepCounts(parent.PerStep.Steps);
    }

    public QueryFeatures Features { get; }
    public long LookbackMs { get; }
    public CancellationToken Cancellation { get; }
    public AnnotationSet Annotations { get; } = new();
    public SelectionTable Selections { get; }
    public QueryReservation Reservation { get; }

    /// <summary>Samples as the peer would hold them; only the thread of the query touches it.</summary>
    public SampleLedger Ledger { get; }
    public HeavyLane? HeavyLane { get; init; }

    /// <summary>What was computed where the series are.</summary>
    public PushedFragments Pushed { get; set; } = PushedFragments.None;

    /// <summary>Parts of the plan that are computed once; by key and grid.</summary>
    public Dictionary<(string Key, StepGrid Grid), SharedColumns> Shared { get; } = [];

    /// <summary>Threads that help; the engine ends them before it lets the selections go.</summary>
    public List<ParallelColumns> Helpers { get; } = [];

    public long TotalSamples { get; set; }
    public long SamplesRead { get; set; }

    /// <summary>Samples by step of the query, when they are asked for; null within a subquery, whose steps are others.</summary>
    public StepCounts? PerStep { get; set; }

    /// <summary>What each node of the plan costs, when that is asked for.</summary>
    public PlanProfile? Profile { get; init; }

    /// <summary>Takes memory for samples that stay until released; fails the query when there is none.</summary>
    public void Hold(long samples) => Reservation.Take(samples * BytesPerSample);

    public void Release(long samples) => Reservation.Free(samples * BytesPerSample);

    /// <summary>Called once per series: a look at the token every few.</summary>
    public void CheckCancellation() => Spend(SamplesBetweenLooks / SeriesBetweenLooks);

    /// <summary>Called by what looks at samples again and again, once per window: a single series of a subquery may have millions of them.</summary>
    public void Spend(int samples)
    {
        _untilLook -= samples;
        if (_untilLook > 0)
            return;
        _untilLook = SamplesBetweenLooks;
        Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>A context for a helper thread.</summary>
    public QueryContext Fork() => new(this);

    /// <summary>Takes over what a fork counted and noticed, once its thread has ended.</summary>
    public void Join(QueryContext fork)
    {
        TotalSamples += fork.TotalSamples;
        SamplesRead += fork.SamplesRead;
        PerStep?.Add(fork.PerStep);
        Annotations.Join(fork.Annotations);
    }
}

/// <summary>Samples by step: seen (windows whole) and read (each once).</summary>
internal sealed class StepCounts(int steps)
{
    public int Steps { get; } = steps;
    public long[] Total { get; } = new long[steps];
    public long[] Read { get; } = new long[steps];

    public void Add(StepCounts? other)
    {
        if (other is not null)
            Add(other.Total, other.Read);
    }

    /// <param name="total">Of the first steps; what is left is zero.</param>
    public void Add(ReadOnlySpan<long> total, ReadOnlySpan<long> read)
    {
        for (var step = 0; step < total.Length; step++)
        {
            Total[step] += total[step];
            Read[step] += read[step];
        }
    }
}
