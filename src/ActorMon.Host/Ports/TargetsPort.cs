using ActorMon.Actors.Control;
using ActorMon.Actors.Scraping;
using ActorMon.Api.Ports;
using ActorMon.Model.Relabelling;

namespace ActorMon.Host.Ports;

/// <summary>The API's view of the node's target board.</summary>
public sealed class TargetsPort(TargetBoard board, ConfigurationStore configuration) : ITargetsPort
{
    public IReadOnlyList<string> Pools => [.. configuration.Current.Jobs.Select(j => j.Job.Name).Order(StringComparer.Ordinal)];

    public IReadOnlyList<ActiveTarget> Active()
    {
        var targets = new List<ActiveTarget>();
        foreach (var status in board.Active)
            targets.Add(new ActiveTarget(
                status.Job, status.Target.DiscoveredLabels, status.Target.Labels, status.Target.UrlText, status.LastError, status.LastScrape, status.LastDuration,
                status.Up switch { true => TargetHealth.Up, false => TargetHealth.Down, null => TargetHealth.Unknown },
                status.Target.Interval, status.Target.Timeout));
        targets.Sort(static (a, b) => string.CompareOrdinal(a.Job, b.Job) is var order && order != 0 ? order : a.Labels.CompareTo(b.Labels));
        return targets;
    }

    public IReadOnlyList<DroppedTarget> Dropped() =>
        [.. board.Dropped.OrderBy(d => d.Key, StringComparer.Ordinal).SelectMany(d => d.Value.Remembered.Select(labels => new DroppedTarget(d.Key, labels)))];

    public IReadOnlyDictionary<string, int> DroppedCounts()
    {
        var counts = configuration.Current.Jobs.ToDictionary(j => j.Job.Name, _ => 0, StringComparer.Ordinal);
        foreach (var (job, dropped) in board.Dropped)
            counts[job] = dropped.Count;
        return counts;
    }

    public IReadOnlyList<TargetFamilies> Families() =>
    [
        .. board.Active.OrderBy(t => t.Job, StringComparer.Ordinal).ThenBy(t => t.Target.Labels)
            .Select(t => new TargetFamilies(t.Target.Labels, [.. t.Families().OrderBy(f => f.Family, StringComparer.Ordinal)])),
    ];

    public IReadOnlyList<RelabelRule>? RelabelRules(string pool) => configuration.Current.Find(pool)?.Job.RelabelRules;
}
