using ActorMon.Actors.Scraping;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Telemetry;

namespace ActorMon.Host.SelfMetrics;

/// <summary>What this node's target board says, as metrics.</summary>
public static class TargetMetrics
{
    public static void Register(MetricRegistry registry, TargetBoard board) => registry.Add(
        "prometheus_target_metadata_cache_entries", "Total number of metric metadata entries in the cache", MetricType.Gauge,
        () => board.Active.GroupBy(target => target.Job, StringComparer.Ordinal).OrderBy(job => job.Key, StringComparer.Ordinal)
            .Select(job => new SelfMetric(LabelSet.Of("scrape_job", job.Key), job.Sum(target => (double)target.FamilyCount))));
}
