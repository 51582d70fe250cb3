using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Results;

/// <summary>Switches of the peer's engine that change results. The defaults are those of a default server.</summary>
public sealed record QueryFeatures
{
    public static readonly QueryFeatures Default = new();

    /// <summary>promql-delayed-name-removal: the metric name goes at the end of the query, not at each operator.</summary>
    public bool DelayedNameRemoval { get; init; }

    /// <summary>type-and-unit-labels: rate and increase look at <c>__type__</c> instead of the name's suffix.</summary>
    public bool TypeAndUnitLabels { get; init; }

    /// <summary>use-start-timestamps: rate, increase, irate, resets and start_timestamp() look at the samples' start timestamps, where storage has them.</summary>
    public bool StartTimestamps { get; init; }
}

/// <summary>What is wanted of a query.</summary>
public enum QueryMode : byte
{
    Run,

    /// <summary>The plan alone; nothing is read.</summary>
    Explain,

    /// <summary>The value, and the plan with what each part cost. Evaluated by one thread.</summary>
    Analyze,
}

/// <summary>Who asked, as the logs tell it.</summary>
public sealed record QueryOrigin(string ClientIp, string Method, string Path);

/// <summary>
/// One query to run. Times are milliseconds since the epoch. Step 0 makes it an instant query at <see cref="Start"/> (End is ignored);
/// otherwise steps are Start, Start + Step ... up to End inclusive.
/// </summary>
public sealed record QueryRequest
{
    public required Expr Expression { get; init; }

    /// <summary>The text the expression was parsed from; annotations name places in it.</summary>
    public required string Text { get; init; }
    public required long Start { get; init; }
    public long End { get; init; }
    public long StepMs { get; init; }

    /// <summary>Null: the engine's default (5 m). A sample is visible for this long after its time, exclusive.</summary>
    public long? LookbackMs { get; init; }

    /// <summary>Step of subqueries that name none, null: the engine's default (1 m).</summary>
    public long? SubqueryStepMs { get; init; }

    /// <summary>Null: the engine's features.</summary>
    public QueryFeatures? Features { get; init; }

    /// <summary>Null: the engine's limit (50,000,000) of samples held at once.</summary>
    public long? MaxSamples { get; init; }

    /// <summary>When data is missing the query fails; else its answer carries warnings.</summary>
    public bool DenyPartial { get; init; }

    public QueryMode Mode { get; init; }

    /// <summary>Samples are also counted by step.</summary>
    public bool PerStepStats { get; init; }

    /// <summary>Null: the node itself.</summary>
    public QueryOrigin? Origin { get; init; }

    public bool IsInstant => StepMs == 0;
}
