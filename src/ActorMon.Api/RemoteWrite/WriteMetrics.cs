using ActorMon.Model.Telemetry;

namespace ActorMon.Api.RemoteWrite;

/// <summary>Metrics of the remote-write receiver; the first has the original's name.</summary>
public sealed class WriteMetrics(MetricRegistry registry)
{
    public Counter InvalidLabels { get; } = registry.Counter(
        "prometheus_api_remote_write_invalid_labels_samples_total",
        "The total number of received remote write samples and histogram samples which contain invalid labels.");

    public Counter Samples { get; } = registry.Counter("actormon_remote_write_samples_total", "Samples that remote write brought and that were stored.");

    public Counter SamplesLeftOut { get; } = registry.Counter(
        "actormon_remote_write_samples_left_out_total", "Samples of new series that a limit of active series kept out while the rest of their request was stored.");

    public Labelled<Counter> Refused { get; } = registry.Counters("actormon_remote_write_refused_total", "Remote-write requests refused, by reason.", "reason");
}
