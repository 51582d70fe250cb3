using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Times;

namespace ActorMon.Alerting.Configuration;

/// <summary>One integration of a receiver: its type, such as "webhook", its place among those of the type, and its keys with defaults and global values filled in.</summary>
/// <param name="Settings">By key: null, bool, long, double, string, TimeSpan, or lists and dictionaries of these.</param>
public sealed record IntegrationSettings(string Type, int Index, bool SendResolved, IReadOnlyDictionary<string, object?> Settings)
{
    public string Text(string key) => Settings.GetValueOrDefault(key) as string ?? "";
}

/// <summary>A receiver; its labels hold at least its name.</summary>
public sealed record ReceiverSettings(string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<IntegrationSettings> Integrations)
{
    public int Line { get; init; }
    public string Path { get; init; } = "";
}

/// <summary>What alertmanager.yml says, checked.</summary>
public sealed record AlertingConfig
{
    public TimeSpan ResolveTimeout { get; init; } = TimeSpan.FromMinutes(5);
    public required RouteSpec Route { get; init; }
    public required IReadOnlyList<ReceiverSettings> Receivers { get; init; }
    public IReadOnlyList<InhibitRule> InhibitRules { get; init; } = [];

    /// <summary>Patterns of template files; their last part may hold wildcards.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];
    public IReadOnlyList<NamedTimeInterval> TimeIntervals { get; init; } = [];
}
