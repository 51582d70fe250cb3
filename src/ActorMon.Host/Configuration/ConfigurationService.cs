using ActorMon.Actors.Control;
using ActorMon.Configuration.Diff;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Model;
using ActorMon.Configuration.Printing;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Configuration;

/// <summary>
/// Loads the node's configuration and installs it: all or nothing. A version that does not load leaves the one before in effect and is reported in the log, the
/// metrics and the answer of the reload. Jobs that did not change keep their objects, so their targets go on undisturbed.
/// </summary>
public sealed class ConfigurationService
{
    private readonly string _path;
    private readonly ConfigurationStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private PrometheusConfig? _current;
    private bool _lastSuccessful;
    private DateTimeOffset _lastSuccess;

    public ConfigurationService(string path, ConfigurationStore store, MetricRegistry registry, TimeProvider time, ILogger<ConfigurationService> log)
    {
        _path = path;
        _store = store;
        _time = time;
        _log = log;
        registry.Gauge("prometheus_config_last_reload_successful", "Whether the last configuration reload attempt was successful.", () => _lastSuccessful ? 1 : 0);
        registry.Gauge(
            "prometheus_config_last_reload_success_timestamp_seconds", "Timestamp of the last successful configuration reload.",
            () => _lastSuccess.ToUnixTimeMilliseconds() / 1000.0);
    }

    /// <summary>The configuration in effect.</summary>
    public PrometheusConfig Current => _current ?? throw new InvalidOperationException("no configuration has been loaded");

    public bool LastReloadSuccessful => _lastSuccessful;

    public DateTimeOffset LastSuccess => _lastSuccess;

    /// <summary>The configuration as it is in effect, secrets hidden.</summary>
    public string Yaml => ConfigPrinter.Print(Current);

    /// <summary>The part of the configuration in effect that concerns one scrape pool, or null when there is no such pool.</summary>
    public string? PoolYaml(string pool) => ConfigPrinter.PrintJob(Current, pool);

    /// <summary>Hash over the contents of every file the configuration consists of; changes when one of them does.</summary>
    public string ContentHash() => ConfigBundle.Collect(_path, new DiskConfigFiles()).Hash;

    /// <summary>The hash when <see cref="Load"/> last read the files, whether they loaded or not; "" before.</summary>
    public string LoadedHash { get; private set; } = "";

    /// <summary>Told after every attempt to load: whether it succeeded.</summary>
    public event Action<bool>? Attempted;

    /// <summary>Told after a version was installed.</summary>
    public event Action<long>? Installed;

    /// <returns>Null when the new version is in effect, else every error, one a line.</returns>
    public string? Load()
    {
        var error = TryLoad();
        Attempted?.Invoke(error is null);
        return error;
    }

    private string? TryLoad()
    {
        lock (_lock)
        {
            // Taken before the files are read: a change in between is then seen as one.
            LoadedHash = ContentHash();
            var result = PrometheusConfigLoader.Load(_path, new DiskConfigFiles(), Environment.GetEnvironmentVariable);
            foreach (var warning in result.Warnings)
                _log.LogWarning("Configuration: {Warning:l}", warning);
            if (result.Config is not { } config)
            {
                _lastSuccessful = false;
                foreach (var error in result.Errors)
                    _log.LogError("Configuration: {Error:l}", error);
                return result.ErrorText;
            }
            if (_current is { } before)
                WarnOfFixedValues(before, config);
            var version = _store.Current.Version + 1;
            _store.Install(new NodeConfiguration(version, JobsOf(config), SeedOf(config)));
            _current = config;
            _lastSuccessful = true;
            _lastSuccess = _time.GetUtcNow();
            _log.LogInformation("Configuration {Path:l} version {Version} with {Jobs} scrape jobs is in effect", _path, version, config.Jobs.Count);
            Installed?.Invoke(version);
            return null;
        }
    }

    /// <summary>What the storage took over when it started stays until the next start.</summary>
    private void WarnOfFixedValues(PrometheusConfig before, PrometheusConfig now)
    {
        void Compare(string key, bool same)
        {
            if (!same)
                _log.LogWarning("Configuration: {Key:l} has changed; the new value takes effect at the next start", key);
        }
        Compare("storage.tsdb.out_of_order_time_window", before.Storage.OutOfOrderTimeWindow == now.Storage.OutOfOrderTimeWindow);
        Compare("storage.exemplars.max_exemplars", before.Storage.MaxExemplars == now.Storage.MaxExemplars);
    }

    private List<JobConfiguration> JobsOf(PrometheusConfig config)
    {
        var jobs = new List<JobConfiguration>(config.Jobs.Count);
        foreach (var job in config.Jobs)
        {
            var known = _store.Current.Find(job.Job.Name);
            var same = known is not null && ContentComparer.Instance.Equals(known.Job, job.Job) && ContentComparer.Instance.Equals(known.Discovery, job.Discovery);
            jobs.Add(same ? known! : new JobConfiguration(job.Job, job.Discovery));
        }
        return jobs;
    }

    /// <summary>From host name and external labels, so that two servers with the same targets do not scrape them in step.</summary>
    private static ulong SeedOf(PrometheusConfig config) =>
        StableHash.Of(new Model.Labels.LabelSetBuilder(config.Global.ExternalLabels).Set("__host__", Environment.MachineName).Build());
}
