using ActorMon.Discovery;
using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Discovery;

/// <summary>Service discovery metrics under the original's names, of those who use what is found: scrape and notify.</summary>
public sealed class DiscoveryMetrics
{
    private readonly string _consumer;
    private readonly DiscoveryInstruments _of;

    public DiscoveryMetrics(MetricRegistry registry, TimeProvider time) => (_consumer, _of) = ("scrape", new DiscoveryInstruments(registry, time));

    private DiscoveryMetrics(string consumer, DiscoveryInstruments instruments) => (_consumer, _of) = (consumer, instruments);

    /// <summary>The same families for the discovery of Alertmanagers.</summary>
    public DiscoveryMetrics ForAlertmanagers() => new("notify", _of);

    public void Discovered(string job, int targets) => _of.Discovered.With(_consumer, job).Set(targets);

    public void Forget(string job) => _of.Discovered.Remove(_consumer, job);

    public void Received() => _of.Received.With(_consumer).Add();

    public void Updated() => _of.Updates.With(_consumer).Add();

    public void NotRun(int configurations) => _of.Failed.With(_consumer).Set(configurations);

    public void Failed(DiscoveryFailed failure, string mechanism, string job)
    {
        switch (failure.Kind)
        {
            case DiscoveryFailure.FileRead: _of.ReadErrors.Add(); break;
            case DiscoveryFailure.FileWatch: _of.WatchErrors.Add(); break;
            default: _of.RefreshFailures.With(mechanism, job).Add(); break;
        }
    }

    public void Scanned(FilesScanned scan)
    {
        _of.Scans.Observe(scan.Duration.TotalSeconds);
        foreach (var (file, modified) in scan.Modified)
            _of.Modified.With(file).Set(modified.ToUnixTimeMilliseconds() / 1000.0);
    }

    private sealed class DiscoveryInstruments(MetricRegistry registry, TimeProvider time)
    {
        public Labelled<Gauge> Discovered { get; } = registry.Gauges("prometheus_sd_discovered_targets", "Current number of discovered targets.", "name", "config");
        public Labelled<Counter> Received { get; } = registry.Counters(
            "prometheus_sd_received_updates_total", "Total number of update events received from the SD providers.", "name");
        public Labelled<Counter> Updates { get; } = registry.Counters("prometheus_sd_updates_total", "Total number of update events sent to the SD consumers.", "name");
        public Labelled<Gauge> Failed { get; } = registry.Gauges(
            "prometheus_sd_failed_configs", "Current number of service discovery configurations that failed to load.", "name");
        public Counter ReadErrors { get; } = registry.Counter("prometheus_sd_file_read_errors_total", "The number of File-SD read errors.");
        public Counter WatchErrors { get; } = registry.Counter("prometheus_sd_file_watcher_errors_total", "The number of File-SD errors caused by filesystem watch failures.");
        public Labelled<Counter> RefreshFailures { get; } = registry.Counters(
            "prometheus_sd_refresh_failures_total", "Number of refresh failures for the given SD mechanism.", "mechanism", "config");
        public QuantileSummary Scans { get; } = registry.Summary("prometheus_sd_file_scan_duration_seconds", "The duration of the File-SD scan in seconds.", time, 0.5, 0.9, 0.99);
        public Labelled<Gauge> Modified { get; } = registry.Gauges("prometheus_sd_file_mtime_seconds", "Timestamp (mtime) of files read by FileSD.", "filename");
    }
}
