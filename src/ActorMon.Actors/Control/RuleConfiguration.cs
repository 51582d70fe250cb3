using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Groups;

namespace ActorMon.Actors.Control;

/// <summary>One rule group of the configuration.</summary>
/// <param name="Id">16 hex digits: a hash of file and name that is the same on every node, wherever a node keeps its files.</param>
/// <param name="Source">The group's file as the configuration names it: what decides the group's place in its interval.</param>
public sealed record ConfiguredGroup(string Id, string Source, RuleGroup Group)
{
    public GroupSchedule Schedule { get; } = new(Source, Group.Name, Group.Interval);
}

/// <summary>The rules of one version of the configuration; immutable.</summary>
/// <param name="Groups">By file and name.</param>
/// <param name="Silence">How long after a pause of the whole cluster data may take to come back: the longest scrape interval.</param>
public sealed record RuleConfiguration(RuleSettings Settings, IReadOnlyList<ConfiguredGroup> Groups, TimeSpan Silence)
{
    public static readonly RuleConfiguration None = new(RuleSettings.Default, [], TimeSpan.Zero);

    private readonly Dictionary<string, ConfiguredGroup> _byId = Groups.ToDictionary(g => g.Id, StringComparer.Ordinal);

    public ConfiguredGroup? Find(string id) => _byId.GetValueOrDefault(id);
}
