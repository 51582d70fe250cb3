using ActorMon.Actors.Control;
using ActorMon.Actors.Scraping;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster;
using ActorMon.Model.Reading;
using ActorMon.Model.Relabelling;

namespace ActorMon.Host.Ports;

/// <summary>The API's view of the target boards of all nodes: each target is on one of them.</summary>
public sealed class TargetsPort : ITargetsPort
{
    private readonly TargetBoard _board;
    private readonly ConfigurationStore _configuration;
    private readonly FactTopic<bool, KnownTargets> _targets;
    private readonly FactTopic<bool, IReadOnlyList<FamiliesOfTarget>> _families;

    public TargetsPort(TargetBoard board, ConfigurationStore configuration, ClusterFacts facts)
    {
        (_board, _configuration) = (board, configuration);
        _targets = facts.Add<bool, KnownTargets>("targets", (_, _) => ValueTask.FromResult(Here()));
        _families = facts.Add<bool, IReadOnlyList<FamiliesOfTarget>>("target-families", (_, _) => ValueTask.FromResult(FamiliesHere()));
    }

    public IReadOnlyList<string> Pools => [.. _configuration.Current.Jobs.Select(j => j.Job.Name).Order(StringComparer.Ordinal)];

    public async ValueTask<Partial<KnownTargets>> TargetsAsync(CancellationToken cancellation)
    {
        var (answers, missing) = await _targets.AskAsync(true, cancellation);
        if (answers.Count == 1)
            return new(answers[0], missing);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (job, count) in answers.SelectMany(answer => answer.DroppedCounts))
            counts[job] = counts.GetValueOrDefault(job) + count;
        return new(
            new KnownTargets(
                [.. answers.SelectMany(answer => answer.Active).OrderBy(t => t.Job, StringComparer.Ordinal).ThenBy(t => t.Labels)],
                [.. answers.SelectMany(answer => answer.Dropped).OrderBy(t => t.Job, StringComparer.Ordinal).ThenBy(t => t.Discovered)],
                counts),
            missing);
    }

    public async ValueTask<Partial<IReadOnlyList<TargetFamilies>>> FamiliesAsync(CancellationToken cancellation)
    {
        var (answers, missing) = await _families.AskAsync(true, cancellation);
        return new(
            [
                .. answers.SelectMany(answer => answer).OrderBy(t => t.Job, StringComparer.Ordinal).ThenBy(t => t.Families.Labels).Select(t => t.Families),
            ],
            missing);
    }

    public IReadOnlyList<RelabelRule>? RelabelRules(string pool) => _configuration.Current.Find(pool)?.Job.RelabelRules;

    private KnownTargets Here()
    {
        var active = new List<ActiveTarget>();
        foreach (var status in _board.Active)
            active.Add(new ActiveTarget(
                status.Job, status.Target.DiscoveredLabels, status.Target.Labels, status.Target.UrlText, status.LastError, status.LastScrape, status.LastDuration,
                status.Up switch { true => TargetHealth.Up, false => TargetHealth.Down, null => TargetHealth.Unknown },
                status.Target.Interval, status.Target.Timeout));
        active.Sort(static (a, b) => string.CompareOrdinal(a.Job, b.Job) is var order && order != 0 ? order : a.Labels.CompareTo(b.Labels));
        var counts = _configuration.Current.Jobs.ToDictionary(j => j.Job.Name, _ => 0, StringComparer.Ordinal);
        foreach (var (job, dropped) in _board.Dropped)
            counts[job] = dropped.Count;
        var remembered = _board.Dropped.OrderBy(d => d.Key, StringComparer.Ordinal).SelectMany(d => d.Value.Remembered.Select(labels => new DroppedTarget(d.Key, labels)));
        return new KnownTargets(active, [.. remembered], counts);
    }

    private IReadOnlyList<FamiliesOfTarget> FamiliesHere() =>
    [
        .. _board.Active.Select(t => new FamiliesOfTarget(
            t.Job, new TargetFamilies(t.Target.Labels, [.. t.Families().OrderBy(f => f.Family, StringComparer.Ordinal)]))),
    ];

    /// <summary>Targets are sorted by job first, which their labels may not have.</summary>
    private sealed record FamiliesOfTarget(string Job, TargetFamilies Families);
}
