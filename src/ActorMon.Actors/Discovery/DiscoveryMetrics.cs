using ActorMon.Discovery;
using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Discovery;

/// <summary>Service discovery metrics under the original's names.</summary>
public sealed class DiscoveryMetrics(MetricRegistry registry, TimeProvider time)
{
    private readonly Labelled<Gauge> _discovered = registry.Gauges("prometheus_sd_discovered_targets", "Current number of discovered targets.", "name", "config");
    private readonly Labelled<Counter> _received = registry.Counters(
        "prometheus_sd_received_updates_total", "Total number of update events received from the SD providers.", "name");
    private readonly Labelled<Counter> _updates = registry.Counters("prometheus_sd_updates_total", "Total number of update events sent to the SD consumers.", "name");
    private readonly Labelled<Gauge> _failed = registry.Gauges(
        "prometheus_sd_failed_configs", "Current number of service discovery configurations that failed to load.", "name");
    private readonly Counter _readErrors = registry.Counter("prometheus_sd_file_read_errors_total", "The number of File-SD read errors.");
    private readonly Counter _watchErrors = registry.Counter("prometheus_sd_file_watcher_errors_total", "The number of File-SD errors caused by filesystem watch failures.");
    private readonly Labelled<Counter> _refreshFailures = registry.Counters(
        "prometheus_sd_refresh_failures_total", "Number of refresh failures for the given SD mechanism.", "mechanism", "config");
    private readonly QuantileSummary _scans = registry.Summary("prometheus_sd_file_scan_duration_seconds", "The duration of the File-SD scan in seconds.", time, 0.5, 0.9, 0.99);
    private readonly Labelled<Gauge> _modified = registry.Gauges("prometheus_sd_file_mtime_seconds", "Timestamp (mtime) of files read by FileSD.", "filename");

    public void Discovered(string job, int targets) => _discovered.With("scrape", job).Set(targets);

    public void Forget(string job) => _discovered.Remove("scrape", job);

    public void Received() => _received.With("scrape").Add();

    public void Updated() => _updates.With("scrape").Add();

    public void NotRun(int configurations) => _failed.With("scrape").Set(configurations);

    public void Failed(DiscoveryFailed failure, string mechanism, string job)
    {
        switch (failure.Kind)
        {
            case DiscoveryFailure.FileRead: _readErrors.Add(); break;
            case DiscoveryFailure.FileWatch: _watchErrors.Add(); break;
            default: _refreshFailures.With(mechanism, job).Add(); break;
        }
    }

    public void Scanned(FilesScanned scan)
    {
        _scans.Observe(scan.Duration.TotalSeconds);
        foreach (var (file, modified) in scan.Modified)
            _modified.With(file).Set(modified.ToUnixTimeMilliseconds() / 1000.0);
    }
}
