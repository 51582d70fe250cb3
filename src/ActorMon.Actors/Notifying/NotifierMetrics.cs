using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Notifying;

/// <summary>The notifier's metrics under the original's names, by URL of the Alertmanager.</summary>
public sealed class NotifierMetrics
{
    private const string Label = "alertmanager";

    private readonly Labelled<Counter> _sent;
    private readonly Labelled<Counter> _errors;
    private readonly Labelled<Counter> _dropped;
    private readonly Labelled<Gauge> _waiting;
    private readonly Labelled<QuantileSummary> _latency;
    private readonly Labelled<BucketHistogram> _latencies;

    public NotifierMetrics(MetricRegistry registry, int queueCapacity, NotifierBoard board, TimeProvider time)
    {
        const string prefix = "prometheus_notifications_";
        _sent = registry.Counters(prefix + "sent_total", "Total number of alerts sent.", Label);
        _errors = registry.Counters(prefix + "errors_total", "Total number of sent alerts affected by errors.", Label);
        _dropped = registry.Counters(prefix + "dropped_total", "Total number of alerts dropped due to errors when sending to Alertmanager.", Label);
        _waiting = registry.Gauges(prefix + "queue_length", "The number of alert notifications in the queue.", Label);
        _latency = registry.Summaries(prefix + "latency_seconds", "Latency quantiles for sending alert notifications.", time, [0.5, 0.9, 0.99], Label);
        _latencies = registry.Histograms(prefix + "latency_histogram_seconds", "Latency histogram for sending alert notifications.", [0.01, 0.1, 1, 10], Label);
        registry.Gauge(prefix + "queue_capacity", "The capacity of the alert notifications queue.", () => queueCapacity);
        registry.Gauge(prefix + "alertmanagers_discovered", "The number of alertmanagers discovered and active.", () => board.Current.Active.Count);
    }

    /// <summary>A new Alertmanager's counters begin at zero.</summary>
    public void Known(string url)
    {
        _sent.With(url);
        _errors.With(url);
        _dropped.With(url);
        _waiting.With(url);
    }

    public void Forget(string url)
    {
        _sent.Remove(url);
        _errors.Remove(url);
        _dropped.Remove(url);
        _waiting.Remove(url);
        _latency.Remove(url);
        _latencies.Remove(url);
    }

    public void Waiting(string url, int alerts) => _waiting.With(url).Set(alerts);

    public void Dropped(string url, int alerts) => _dropped.With(url).Add(alerts);

    public void Sent(string url, int alerts, TimeSpan took)
    {
        _sent.With(url).Add(alerts);
        _latency.With(url).Observe(took.TotalSeconds);
        _latencies.With(url).Observe(took.TotalSeconds);
    }

    /// <summary>They are not sent again: the next time they are due is soon enough.</summary>
    public void Failed(string url, int alerts)
    {
        _errors.With(url).Add(alerts);
        _dropped.With(url).Add(alerts);
    }
}
