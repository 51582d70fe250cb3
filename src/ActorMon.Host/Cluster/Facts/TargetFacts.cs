using ActorMon.Actors.Scraping;
using ActorMon.Api.Ports;
using ActorMon.Model.Ingest;
using ActorMon.Model.Metadata;
using ActorMon.Protocol.Facts;

namespace ActorMon.Host.Cluster.Facts;

/// <summary>Targets and what they say of their families: a node's part, and all parts as one.</summary>
public static class TargetFacts
{
    /// <param name="jobs">All jobs, so that those without targets are counted too.</param>
    /// <param name="globalUrl">How this node's targets are seen from outside.</param>
    public static TargetsOfNode Of(TargetBoard board, IEnumerable<string> jobs, Func<string, string> globalUrl)
    {
        var told = new TargetsOfNode();
        foreach (var status in board.Active)
            told.Active.Add(new ScrapedTarget
            {
                Job = FactTexts.Bytes(status.Job),
                Discovered = status.Target.DiscoveredLabels.ToWire(),
                Labels = status.Target.Labels.ToWire(),
                Url = FactTexts.Bytes(status.Target.UrlText),
                GlobalUrl = FactTexts.Bytes(globalUrl(status.Target.UrlText)),
                LastError = FactTexts.Bytes(status.LastError),
                LastScrape = status.LastScrape?.UtcTicks ?? 0,
                LastDuration = status.LastDuration.Ticks,
                Health = (int)(status.Up switch { true => TargetHealth.Up, false => TargetHealth.Down, null => TargetHealth.Unknown }),
                Interval = status.Target.Interval.Ticks,
                Timeout = status.Target.Timeout.Ticks,
            });
        foreach (var (job, dropped) in board.Dropped)
            foreach (var labels in dropped.Remembered)
                told.Dropped.Add(new DroppedRow { Job = FactTexts.Bytes(job), Discovered = labels.ToWire() });
        foreach (var job in jobs)
            told.DroppedCounts.Add(new DroppedCount { Job = FactTexts.Bytes(job), Count = board.Dropped.GetValueOrDefault(job, DroppedTargets.None).Count });
        return told;
    }

    public static KnownTargets Merge(IReadOnlyList<TargetsOfNode> nodes)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in nodes.SelectMany(node => node.DroppedCounts))
            counts[row.Job.Text()] = counts.GetValueOrDefault(row.Job.Text()) + row.Count;
        return new KnownTargets(
            [.. nodes.SelectMany(node => node.Active).Select(Active).OrderBy(t => t.Job, StringComparer.Ordinal).ThenBy(t => t.Labels).ThenBy(t => t.Url, StringComparer.Ordinal)],
            [
                .. nodes.SelectMany(node => node.Dropped).Select(row => new DroppedTarget(row.Job.Text(), row.Discovered.FromWire()))
                    .OrderBy(t => t.Job, StringComparer.Ordinal).ThenBy(t => t.Discovered),
            ],
            counts);
    }

    public static FamiliesOfNode FamiliesOf(TargetBoard board)
    {
        var told = new FamiliesOfNode();
        foreach (var status in board.Active)
        {
            var target = new FamiliesOfTarget { Job = FactTexts.Bytes(status.Job), Labels = status.Target.Labels.ToWire() };
            foreach (var (family, metadata) in status.Families().OrderBy(f => f.Family, StringComparer.Ordinal))
                target.Families.Add(new FamilyRow
                {
                    Family = FactTexts.Bytes(family),
                    Type = (int)metadata.Type,
                    Help = FactTexts.Bytes(metadata.Help),
                    Unit = FactTexts.Bytes(metadata.Unit),
                });
            told.Targets.Add(target);
        }
        return told;
    }

    /// <summary>Sorted by job, which labels need not have, then by labels.</summary>
    public static IReadOnlyList<TargetFamilies> Merge(IReadOnlyList<FamiliesOfNode> nodes) =>
    [
        .. nodes.SelectMany(node => node.Targets)
            .Select(target => (Job: target.Job.Text(), Families: new TargetFamilies(target.Labels.FromWire(), [.. target.Families.Select(Family)])))
            .OrderBy(target => target.Job, StringComparer.Ordinal).ThenBy(target => target.Families.Labels).Select(target => target.Families),
    ];

    private static FamilyMetadata Family(FamilyRow row) =>
        new(row.Family.Text(), new MetricMetadata((MetricType)Math.Clamp(row.Type, 0, (int)MetricType.StateSet), row.Help.Text(), row.Unit.Text()));

    private static ActiveTarget Active(ScrapedTarget row) => new(
        row.Job.Text(), row.Discovered.FromWire(), row.Labels.FromWire(), row.Url.Text(), row.LastError.Text(),
        row.LastScrape == 0 ? null : new DateTimeOffset(row.LastScrape, TimeSpan.Zero), new TimeSpan(row.LastDuration),
        (TargetHealth)Math.Clamp(row.Health, 0, (int)TargetHealth.Down), new TimeSpan(row.Interval), new TimeSpan(row.Timeout))
    {
        GlobalUrl = row.GlobalUrl.Text(),
    };
}
