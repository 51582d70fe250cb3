using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution;

/// <summary>Defaults of a server for queries that name none of their own.</summary>
public sealed record QueryEngineOptions
{
    /// <summary>--query.lookback-delta.</summary>
    public long LookbackMs { get; init; } = 300_000;

    /// <summary>Step of subqueries without one: the global evaluation interval.</summary>
    public long SubqueryStepMs { get; init; } = 60_000;

    /// <summary>--query.max-samples: samples one query may hold at once.</summary>
    public long MaxSamples { get; init; } = 50_000_000;

    /// <summary>--query.timeout.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes that queries may hold; null: not limited.</summary>
    public QueryMemory? Memory { get; init; }

    /// <summary>Where large evaluations take turns; null: every evaluation runs where it was started.</summary>
    public HeavyLane? HeavyLane { get; init; }

    /// <summary>Parts of queries are computed where the series are; off: their samples are read.</summary>
    public bool PushDown { get; init; } = true;

    public QueryFeatures Features { get; init; } = QueryFeatures.Default;
}
