using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Alerting;

/// <summary>What the built-in Alertmanager on this node did; names of the original where it has them.</summary>
public sealed class AlertingMetrics
{
    public AlertingMetrics(MetricRegistry registry)
    {
        Received = registry.Counters("actormon_alertmanager_alerts_routed_total", "Alerts that this node handed to their shards, those of its own rules among them.", "status");
        Notifications = registry.Counters("alertmanager_notifications_total", "The total number of attempted notifications.", "integration");
        Failed = registry.Counters("alertmanager_notifications_failed_total", "The total number of failed notifications.", "integration", "reason");
        Requests = registry.Counters("alertmanager_notification_requests_total", "The total number of attempted notification requests.", "integration");
        RequestsFailed = registry.Counters("alertmanager_notification_requests_failed_total", "The total number of failed notification requests.", "integration");
        Suppressed = registry.Counters(
            "alertmanager_notifications_suppressed_total", "The total number of notifications suppressed for being silenced, inhibited, outside of active time intervals or within muted time intervals.", "reason");
        Repeated = registry.Counter("actormon_alertmanager_notifications_repeated_total", "Notifications sent again under the same key because the owner before ended while it sent them.");
        FlushedWithoutViews = registry.Counter(
            "actormon_alertmanager_flushes_without_views_total", "Flushes that have waited in vain for the silences and inhibitions of the whole cluster and went on without.");
        Waiting = registry.Gauges("actormon_alertmanager_shard_waiting", "1: the groups of the shard wait for a majority of the cluster or for whole views.", "shard");
        Groups = registry.Gauges("actormon_alertmanager_shard_groups", "Groups of alerts by shard, of those on this node.", "shard");
        registry.Gauge("alertmanager_dispatcher_aggregation_groups", "Number of active aggregation groups", () => Groups.All.Sum(shard => shard.Instrument.Value));
    }

    public Labelled<Counter> Received { get; }
    public Labelled<Counter> Notifications { get; }
    public Labelled<Counter> Failed { get; }
    public Labelled<Counter> Requests { get; }
    public Labelled<Counter> RequestsFailed { get; }
    public Labelled<Counter> Suppressed { get; }
    public Counter Repeated { get; }
    public Counter FlushedWithoutViews { get; }
    public Labelled<Gauge> Waiting { get; }
    public Labelled<Gauge> Groups { get; }
}
