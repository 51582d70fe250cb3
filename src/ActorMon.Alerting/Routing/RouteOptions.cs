using ActorMon.Alerting.Matchers;

namespace ActorMon.Alerting.Routing;

/// <summary>One route as the configuration has it; null means: as the parent.</summary>
public sealed record RouteSpec
{
    /// <summary>"" : the parent's.</summary>
    public string Receiver { get; init; } = "";

    /// <summary>Null: not written. An empty list makes one group of everything.</summary>
    public IReadOnlyList<string>? GroupBy { get; init; }

    /// <summary>Every label: <c>group_by: ['...']</c>.</summary>
    public bool GroupByAll { get; init; }
    public TimeSpan? GroupWait { get; init; }
    public TimeSpan? GroupInterval { get; init; }
    public TimeSpan? RepeatInterval { get; init; }

    /// <summary>Null: as the parent.</summary>
    public bool? ResolveImmediately { get; init; }

    /// <summary>Of all three ways to write them.</summary>
    public MatcherSet Matchers { get; init; } = MatcherSet.Empty;

    /// <summary>Later siblings are asked too after this one matched.</summary>
    public bool Continue { get; init; }
    public IReadOnlyList<string> MuteTimeIntervals { get; init; } = [];
    public IReadOnlyList<string> ActiveTimeIntervals { get; init; } = [];

    /// <summary>Templated labels for templates and the groups API.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = RouteOptions.NoLabels;
    public IReadOnlyList<RouteSpec> Routes { get; init; } = [];

    /// <summary>Where it stands in its file, for messages: a line from 1, or 0, and the dotted path of the key.</summary>
    public int Line { get; init; }
    public string Path { get; init; } = "";
}

/// <summary>What holds for alerts of a route, with everything inherited filled in.</summary>
public sealed record RouteOptions
{
    internal static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    /// <summary>What the root starts from: 30 s, 5 min, 4 h, one group.</summary>
    public static readonly RouteOptions Default = new();

    public string Receiver { get; init; } = "";

    /// <summary>Sorted, each once.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [];
    public bool GroupByAll { get; init; }
    public TimeSpan GroupWait { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan GroupInterval { get; init; } = TimeSpan.FromMinutes(5);
    public TimeSpan RepeatInterval { get; init; } = TimeSpan.FromHours(4);

    /// <summary>An alert that is reported as resolved is told at once and not after group_interval.</summary>
    public bool ResolveImmediately { get; init; }

    /// <summary>Of this route alone: time intervals are not inherited.</summary>
    public IReadOnlyList<string> MuteTimeIntervals { get; init; } = [];
    public IReadOnlyList<string> ActiveTimeIntervals { get; init; } = [];

    /// <summary>Of the route and all above it; the nearest wins.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels;

    internal RouteOptions Narrowed(RouteSpec spec) => this with
    {
        Receiver = spec.Receiver.Length > 0 ? spec.Receiver : Receiver,
        GroupBy = spec.GroupBy is { } by && !spec.GroupByAll ? [.. by.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : GroupBy,
        // As the original: a list, even an empty one, ends the parent's "all labels".
        GroupByAll = spec.GroupByAll || (spec.GroupBy is null && GroupByAll),
        GroupWait = spec.GroupWait ?? GroupWait,
        GroupInterval = spec.GroupInterval ?? GroupInterval,
        RepeatInterval = spec.RepeatInterval ?? RepeatInterval,
        ResolveImmediately = spec.ResolveImmediately ?? ResolveImmediately,
        MuteTimeIntervals = spec.MuteTimeIntervals,
        ActiveTimeIntervals = spec.ActiveTimeIntervals,
        Labels = spec.Labels.Count == 0 ? Labels : Merged(Labels, spec.Labels),
    };

    private static SortedDictionary<string, string> Merged(IReadOnlyDictionary<string, string> above, IReadOnlyDictionary<string, string> own)
    {
        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in above)
            merged[name] = value;
        foreach (var (name, value) in own)
            merged[name] = value;
        return merged;
    }
}
