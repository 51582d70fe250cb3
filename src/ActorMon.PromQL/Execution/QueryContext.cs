using ActorMon.PromQL.Explain;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution;

/// <summary>
/// What all operators of one running query share: features, limits, cancellation, annotations, counts. One thread at a time; a helper thread works with a
/// <see cref="Fork"/> whose counts and annotations are joined in afterwards.
/// </summary>
internal sealed class QueryContext
{
    private const int BytesPerSample = 16;

    private readonly QueryContext? _parent;
    private readonly long _maxSamples;
    private long _held;
    private int _untilCheck;

    public QueryContext(QueryFeatures features, long lookbackMs, long maxSamples, CancellationToken cancellation, QueryMemory? memory = null)
    {
        Features = features;
        LookbackMs = lookbackMs;
        _maxSamples = maxSamples;
        Cancellation = cancellation;
        Reservation = new QueryReservation(memory);
        Selections = new SelectionTable(this);
    }

    private QueryContext(QueryContext parent)
    {
        _parent = parent;
        Features = parent.Features;
        LookbackMs = parent.LookbackMs;
        _maxSamples = parent._maxSamples;
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
    public HeavyLane? HeavyLane { get; init; }

    /// <summary>Parts of the plan that are computed once; by key and grid.</summary>
    public Dictionary<(string Key, StepGrid Grid), SharedColumns> Shared { get; } = [];

    /// <summary>Threads that help; the engine ends them before it lets the selections go.</summary>
    public List<ParallelColumns> Helpers { get; } = [];

    public long TotalSamples { get; set; }
    public long SamplesRead { get; set; }
    public long PeakSamples { get; private set; }

    /// <summary>Samples by step of the query, when they are asked for; null within a subquery, whose steps are others.</summary>
    public StepCounts? PerStep { get; set; }

    /// <summary>What each node of the plan costs, when that is asked for.</summary>
    public PlanProfile? Profile { get; init; }

    /// <summary>Counts samples that stay in memory until released; fails the query beyond the limit.</summary>
    public void Hold(long samples)
    {
        if (_parent is not null)
        {
            _parent.Hold(samples);
            return;
        }
        var held = Interlocked.Add(ref _held, samples);
        if (held > PeakSamples)
            PeakSamples = held;
        if (held > _maxSamples)
            QueryFailure.ThrowTooManySamples(_maxSamples, "--query.max-samples");
        Reservation.Take(samples * BytesPerSample);
    }

    public void Release(long samples)
    {
        if (_parent is not null)
        {
            _parent.Release(samples);
            return;
        }
        Interlocked.Add(ref _held, -samples);
        Reservation.Free(samples * BytesPerSample);
    }

    /// <summary>Called once per series: a look at the token every few.</summary>
    public void CheckCancellation()
    {
        if (--_untilCheck > 0)
            return;
        _untilCheck = 16;
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
        if (other is null)
            return;
        for (var step = 0; step < Steps; step++)
        {
            Total[step] += other.Total[step];
            Read[step] += other.Read[step];
        }
    }
}
