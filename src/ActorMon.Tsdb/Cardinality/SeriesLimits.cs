namespace ActorMon.Tsdb.Cardinality;

/// <summary>What a limit of active series counts.</summary>
public enum LimitScope : byte
{
    Node,
    Job,

    /// <summary>Job and instance.</summary>
    Target,
    Metric,
}

/// <summary>How many active series (series in the head) a node takes; 0: no limit. Over a limit known series go on, new ones are refused.</summary>
public sealed record SeriesLimits
{
    public const int Scopes = 4;

    /// <summary>
    /// What a series costs in memory, generously: row, index, symbols, its samples of the head, the scrape cache, and the garbage that a collector has not seen yet.
    /// </summary>
    private const int BytesPerSeries = 2048;

    public static readonly SeriesLimits None = new();

    public long Node { get; init; }
    public long Job { get; init; }
    public long Target { get; init; }
    public long Metric { get; init; }

    public long this[LimitScope scope] => scope switch
    {
        LimitScope.Node => Node,
        LimitScope.Job => Job,
        LimitScope.Target => Target,
        _ => Metric,
    };

    /// <summary>The node's limit when none is set: two thirds of the memory given to the process, at least 100,000.</summary>
    public static long NodeDefault(long memoryBytes) => Math.Max(100_000, memoryBytes / 3 * 2 / BytesPerSeries);

    public static string SettingOf(LimitScope scope) => scope switch
    {
        LimitScope.Node => "actormon.limits.series",
        LimitScope.Job => "actormon.limits.series-per-job",
        LimitScope.Target => "actormon.limits.series-per-target",
        _ => "actormon.limits.series-per-metric",
    };

    public static string NameOf(LimitScope scope) => scope switch
    {
        LimitScope.Node => "node",
        LimitScope.Job => "job",
        LimitScope.Target => "target",
        _ => "metric",
    };
}
