using System.Collections.Concurrent;
using ActorMon.Alerting.Shards;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Alerting;

/// <summary>What the built-in Alertmanager on this node did; names of the original where it has them.</summary>
public sealed class AlertingMetrics
{
    /// <summary>The original's buckets.</summary>
    private static readonly double[] LatencyBounds = [1, 5, 10, 15, 20];

    private readonly ConcurrentDictionary<int, AlertCounts> _alerts = new();

    public AlertingMetrics(MetricRegistry registry, TimeProvider time)
    {
        Latency = registry.Histograms("alertmanager_notification_latency_seconds", "The latency of notifications in seconds.", LatencyBounds, "integration");
        Processing = registry.Summary("alertmanager_dispatcher_alert_processing_duration_seconds", "Summary of latencies for the processing of alerts.", time);
        registry.Add("alertmanager_alerts", "How many alerts by state, of those whose shards are on this node.", MetricType.Gauge, CountAlerts);
        registry.Add("alertmanager_marked_alerts", "How many alerts by state are currently marked, of those whose shards are on this node.", MetricType.Gauge, CountAlerts);
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

    /// <summary>Of each attempt.</summary>
    public Labelled<BucketHistogram> Latency { get; }

    /// <summary>Of each batch that a shard took.</summary>
    public QuantileSummary Processing { get; }

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

    public void SetAlerts(int shard, AlertCounts counts) => _alerts[shard] = counts;

    public void RemoveAlerts(int shard) => _alerts.TryRemove(shard, out _);

    /// <summary>What is configured shows from the start, not only once it has told something.</summary>
    public void Show(string integration)
    {
        foreach (var counters in (Labelled<Counter>[])[Notifications, Requests, RequestsFailed])
            counters.With(integration);
        foreach (var reason in (string[])["clientError", "contextCanceled", "contextDeadlineExceeded", "other", "serverError"])
            Failed.With(integration, reason);
        Latency.With(integration);
    }

    private SelfMetric[] CountAlerts()
    {
        int unprocessed = 0, active = 0, suppressed = 0;
        foreach (var counts in _alerts.Values)
        {
            unprocessed += counts.Unprocessed;
            active += counts.Active;
            suppressed += counts.Suppressed;
        }
        return [Of("active", active), Of("suppressed", suppressed), Of("unprocessed", unprocessed)];

        static SelfMetric Of(string state, int count) => new(LabelSet.Of("state", state), count);
    }
}
