using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Alerting;

/// <summary>What the built-in Alertmanager on this node did; names of the original where it has them.</summary>
public sealed class AlertingMetrics
{
    public AlertingMetrics(MetricRegistry registry)
    {
        Received = registry.Counters("alertmanager_alerts_received_total", "The total number of received alerts.", "status");
        Notifications = registry.Counters("alertmanager_notifications_total", "The total number of attempted notifications.", "integration");
        Failed = registry.Counters("alertmanager_notifications_failed_total", "The total number of failed notifications.", "integration", "reason");
        Requests = registry.Counters("alertmanager_notification_requests_total", "The total number of attempted notification requests.", "integration");
        RequestsFailed = registry.Counters("alertmanager_notification_requests_failed_total", "The total number of failed notification requests.", "integration");
        Repeated = registry.Counter("actormon_alertmanager_notifications_repeated_total", "Notifications sent again under the same key because the owner before ended while it sent them.");
        FlushedWithoutViews = registry.Counter(
            "actormon_alertmanager_flushes_without_views_total", "Flushes that have waited in vain for the silences and inhibitions of the whole cluster and went on without.");
        Waiting = registry.Gauges("actormon_alertmanager_shard_waiting", "1: the groups of the shard wait for a majority of the cluster or for whole views.", "shard");
        Groups = registry.Gauges("actormon_alertmanager_shard_groups", "Groups of alerts by shard, of those on this node.", "shard");
    }

    public Labelled<Counter> Received { get; }
    public Labelled<Counter> Notifications { get; }
    public Labelled<Counter> Failed { get; }
    public Labelled<Counter> Requests { get; }
    public Labelled<Counter> RequestsFailed { get; }
    public Counter Repeated { get; }
    public Counter FlushedWithoutViews { get; }
    public Labelled<Gauge> Waiting { get; }
    public Labelled<Gauge> Groups { get; }
}
