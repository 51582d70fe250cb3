using ActorMon.Actors.Control;
using ActorMon.Actors.Control.Configurations;
using ActorMon.Api.Ports;
using ActorMon.Configuration.Diff;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Model;
using ActorMon.Configuration.Printing;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;
using ActorMon.Replication.Configurations;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Configuration;

/// <summary>
/// The configuration of this node: loads its own files, proposes them to the cluster, and installs the version that the cluster has agreed on, all or nothing. What does not
/// load leaves the version before in effect and is reported in the log, the metrics and the answer of the reload. Jobs that did not change keep their objects, so their targets
/// go on undisturbed.
/// </summary>
public sealed class ConfigurationService : INodeConfiguration
{
    private readonly string _path;
    private readonly string? _alertmanagerPath;
    private readonly RuleConfigurations _rules;
    private readonly AlertmanagerConfigurations _alertmanagers;
    private readonly ConfigurationStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _reloading = new(1, 1);
    private PrometheusConfig? _current;
    private (string Hash, Loaded Configuration)? _prepared;
    private (string Hash, ReadOnlyMemory<byte> Bundle)? _own;
    private LoadedAlertmanager? _alertmanager;
    private AlertmanagerSetup? _alertmanagerSetup;
    private bool _lastSuccessful;
    private DateTimeOffset _lastSuccess;

    /// <param name="alertmanagerPath">Null: this node has no file of the built-in Alertmanager; it runs all the same when the cluster's configuration has one.</param>
    public ConfigurationService(
        string path, string? alertmanagerPath, RuleConfigurations rules, AlertmanagerConfigurations alertmanagers, ConfigurationStore store, MetricRegistry registry, TimeProvider time,
        ILogger<ConfigurationService> log)
    {
        _path = path;
        _alertmanagerPath = alertmanagerPath;
        _rules = rules;
        _alertmanagers = alertmanagers;
        _store = store;
        _time = time;
        _log = log;
        registry.Gauge("prometheus_config_last_reload_successful", "Whether the last configuration reload attempt was successful.", () => _lastSuccessful ? 1 : 0);
        registry.Gauge(
            "prometheus_config_last_reload_success_timestamp_seconds", "Timestamp of the last successful configuration reload.",
            () => _lastSuccess.ToUnixTimeMilliseconds() / 1000.0);
        registry.Gauge("alertmanager_config_last_reload_successful", "Whether the last configuration reload attempt was successful.", () => _lastSuccessful ? 1 : 0);
        registry.Gauge(
            "alertmanager_config_last_reload_success_timestamp_seconds", "Timestamp of the last successful configuration reload.",
            () => _lastSuccess.ToUnixTimeMilliseconds() / 1000.0);
    }

    /// <summary>The built-in Alertmanager's receivers in effect; null: it is off.</summary>
    public LoadedAlertmanager? LoadedAlertmanager => Volatile.Read(ref _alertmanager);

    /// <summary>The configuration of the built-in Alertmanager in effect; null: it is off.</summary>
    public AlertmanagerSetup? Alertmanager => Volatile.Read(ref _alertmanagerSetup);

    /// <summary>Moves the phases of all scrapes: set once, before a version is installed.</summary>
    public Guid Cluster { get; set; }

    /// <summary>The configuration in effect; the node's own files before one is.</summary>
    public PrometheusConfig Current => _current ?? throw new InvalidOperationException("no configuration has been loaded");

    public bool LastReloadSuccessful => _lastSuccessful;

    public DateTimeOffset LastSuccess => _lastSuccess;

    /// <summary>The configuration as it is in effect, secrets hidden.</summary>
    public string Yaml => ConfigPrinter.Print(Current);

    /// <summary>The part of the configuration in effect that concerns one scrape pool, or null when there is no such pool.</summary>
    public string? PoolYaml(string pool) => ConfigPrinter.PrintJob(Current, pool);

    /// <summary>The hash when the files were last read to be loaded, whether they loaded or not; "" before.</summary>
    public string LoadedHash { get; private set; } = "";

    /// <summary>Told after every attempt to load: whether it succeeded.</summary>
    public event Action<bool>? Attempted;

    /// <summary>Told after a version was installed, and after a reload that changed nothing.</summary>
    public event Action<long>? Installed;

    public string OwnHash() => Collect().Hash;

    /// <summary>Loads the node's own files without putting them into effect.</summary>
    /// <returns>Null, or every error, one a line.</returns>
    public string? LoadOwn() => Attempt(ReadOwn().Error);

    /// <summary>As they were when they last loaded.</summary>
    public (string Hash, ReadOnlyMemory<byte> Bundle)? Own()
    {
        lock (_lock)
            return _own;
    }

    /// <summary>The node's own files become the cluster's next version, or nothing changes anywhere.</summary>
    /// <param name="propose">Hands them to the cluster; the answer is null or why they are in effect nowhere.</param>
    /// <returns>Null when they are in effect, else every error.</returns>
    public async Task<string?> ReloadAsync(Func<string, ReadOnlyMemory<byte>, Task<string?>> propose, CancellationToken cancellation)
    {
        await _reloading.WaitAsync(cancellation);
        try
        {
            var before = _store.Current.Version;
            var own = ReadOwn();
            var error = own.Error ?? await propose(own.Hash, own.Bundle).WaitAsync(cancellation);
            if (own.Error is null && error is not null)
                _log.LogError("Configuration: {Error:l}", error);
            if (error is null && _store.Current.Version == before)
                // The files are those in effect; what a reload opens anew is opened anew.
                Installed?.Invoke(before);
            return Attempt(error);
        }
        finally
        {
            _reloading.Release();
        }
    }

    public string? Prepare(string hash, ReadOnlyMemory<byte> bundle, bool strict)
    {
        var (config, error) = LoadBundle(hash, bundle);
        if (config is null || !strict)
            return error;
        var files = new DiskConfigFiles();
        var unreadable = SecretFiles.Unreadable(config.Config, files).Concat(config.Alertmanager is { } alertmanager ? SecretFiles.Unreadable(alertmanager.Config, files) : []).ToList();
        return unreadable.Count > 0 ? string.Join('\n', unreadable) : error;
    }

    public string? Install(ConfigurationVersion version)
    {
        var (loaded, error) = LoadBundle(version.Hash, version.Bundle);
        if (loaded is not { Config: var config })
        {
            _log.LogError("Configuration: version {Version} of the cluster cannot be used here: {Error:l}", version.Number, error);
            return Attempt(error);
        }
        lock (_lock)
        {
            if (_store.Current.Version > 0)
                WarnOfFixedValues(Current, config);
            var alertmanager = loaded.Alertmanager?.At(version.Number);
            _store.Install(new NodeConfiguration(version.Number, JobsOf(config), SeedOf(config))
            {
                Alerting = AlertingConfigurations.Of(config, _store.Current.Alerting),
                Rules = loaded.Rules,
                Alertmanager = alertmanager,
            });
            _current = config;
            Volatile.Write(ref _alertmanagerSetup, alertmanager is null ? null : loaded.Alertmanager!.SetupOf(alertmanager));
            if (!ReferenceEquals(_alertmanager, loaded.Alertmanager))
                // What is being sent goes on.
                _alertmanager?.Receivers.Dispose();
            _alertmanager = loaded.Alertmanager;
            _log.LogInformation(
                "Configuration {Path:l} version {Version} with {Jobs} scrape jobs and {Groups} rule groups is in effect, the built-in Alertmanager is {State:l}", _path, version.Number,
                config.Jobs.Count, loaded.Rules.Groups.Count, loaded.Alertmanager is null ? "off (--alertmanager.config.file)" : "on");
        }
        Installed?.Invoke(version.Number);
        return Attempt(null);
    }

    private string? Attempt(string? error)
    {
        _lastSuccessful = error is null;
        if (error is null)
            _lastSuccess = _time.GetUtcNow();
        Attempted?.Invoke(error is null);
        return error;
    }

    private ConfigBundle Collect() => ConfigBundle.Collect(_path, new DiskConfigFiles(), _alertmanagerPath);

    /// <summary>Where the Alertmanager's file is, or would be on a node that has none of its own.</summary>
    private string AlertmanagerPath => _alertmanagerPath ?? ConfigPaths.Join(ConfigPaths.DirectoryOf(_path), "alertmanager.yml");

    private (string Hash, ReadOnlyMemory<byte> Bundle, string? Error) ReadOwn()
    {
        // What was collected is what is loaded, so a file that changes meanwhile is a change.
        var own = Collect();
        LoadedHash = own.Hash;
        var (loaded, errors, warnings) = own.Files.Any(f => f.Content is null)
            ? Load(new DiskConfigFiles(), _alertmanagerPath is null ? null : new DiskConfigFiles())
            : Load(own);
        foreach (var warning in warnings)
            _log.LogWarning("Configuration: {Warning:l}", warning);
        foreach (var error in errors)
            _log.LogError("Configuration: {Error:l}", error);
        if (loaded is null)
            return (own.Hash, default, string.Join('\n', errors));
        var (packed, tooLarge) = BundleFormat.Encode(own);
        if (packed is null)
            return (own.Hash, default, tooLarge);
        lock (_lock)
        {
            _prepared = (own.Hash, loaded);
            _own = (own.Hash, packed);
            _current ??= loaded.Config;
        }
        return (own.Hash, packed, null);
    }

    /// <summary>As if the files lay in this node's folder. The last one that loaded is kept: it is prepared first and installed then.</summary>
    private (Loaded? Configuration, string? Error) LoadBundle(string hash, ReadOnlyMemory<byte> packed)
    {
        lock (_lock)
            if (_prepared is { } prepared && prepared.Hash == hash)
                return (prepared.Configuration, null);
        var (bundle, damaged) = BundleFormat.Decode(packed.Span);
        if (bundle is null)
            return (null, damaged);
        if (bundle.Hash != hash)
            return (null, "the bundle of the configuration is not the one that was announced");
        var (loaded, errors, _) = Load(bundle);
        if (loaded is null)
            return (null, string.Join('\n', errors));
        lock (_lock)
            _prepared = (hash, loaded);
        return (loaded, null);
    }

    private (Loaded? Configuration, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings) Load(ConfigBundle bundle) =>
        Load(bundle.AsFiles(_path), bundle.HasAlertmanager ? bundle.AlertmanagerAsFiles(AlertmanagerPath) : null);

    /// <summary>The main file and that of the Alertmanager with all that they name.</summary>
    /// <param name="alertmanagerFiles">Null: it is off.</param>
    private (Loaded? Configuration, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings) Load(IConfigFiles files, IConfigFiles? alertmanagerFiles)
    {
        var (alertmanager, alertmanagerErrors, alertmanagerWarnings) = alertmanagerFiles is null ? (null, [], []) : _alertmanagers.Load(AlertmanagerPath, alertmanagerFiles);
        var result = PrometheusConfigLoader.Load(_path, files, Environment.GetEnvironmentVariable);
        var warnings = result.Warnings.Select(w => w.ToString()).Concat(alertmanagerWarnings);
        if (result.Config is not { } config)
            return (null, [.. result.Errors.Select(e => e.ToString()), .. alertmanagerErrors], [.. warnings]);
        var rules = _rules.Load(config, files);
        var isWhole = rules.Rules is not null && alertmanagerErrors.Count == 0;
        return (isWhole ? new Loaded(config, rules.Rules!, alertmanager) : null, [.. rules.Errors, .. alertmanagerErrors], [.. warnings, .. rules.Warnings]);
    }

    private sealed record Loaded(PrometheusConfig Config, RuleConfiguration Rules, LoadedAlertmanager? Alertmanager);

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

    /// <summary>The same on every node, so that a target is scraped at the same place in its interval whichever node scrapes it; another cluster's targets are not in step.</summary>
    private ulong SeedOf(PrometheusConfig config) =>
        StableHash.Of(new Model.Labels.LabelSetBuilder(config.Global.ExternalLabels).Set("__cluster__", Cluster.ToString()).Build());
}
