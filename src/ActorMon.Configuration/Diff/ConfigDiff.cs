using ActorMon.Configuration.Model;

namespace ActorMon.Configuration.Diff;

/// <summary>What a reload changes, by content: unchanged jobs keep their pools, and everything else is told only where it changed.</summary>
public sealed record ConfigDiff
{
    public required IReadOnlyList<ConfiguredJob> Added { get; init; }

    /// <summary>As they were.</summary>
    public required IReadOnlyList<ConfiguredJob> Removed { get; init; }

    /// <summary>Jobs of the same name with any other setting.</summary>
    public required IReadOnlyList<JobChange> Changed { get; init; }
    public required IReadOnlyList<ConfiguredJob> Unchanged { get; init; }
    public required bool GlobalChanged { get; init; }
    public required bool RuleFilesChanged { get; init; }
    public required bool AlertingChanged { get; init; }
    public required bool RemoteWriteChanged { get; init; }
    public required bool RemoteReadChanged { get; init; }
    public required bool OtlpChanged { get; init; }
    public required bool StorageChanged { get; init; }
    public required bool TracingChanged { get; init; }

    public bool JobsChanged => Added.Count + Removed.Count + Changed.Count > 0;

    public bool IsEmpty => !JobsChanged && !GlobalChanged && !RuleFilesChanged && !AlertingChanged && !RemoteWriteChanged && !RemoteReadChanged && !OtlpChanged
        && !StorageChanged && !TracingChanged;

    /// <param name="old">Null at start: everything is new.</param>
    public static ConfigDiff Between(PrometheusConfig? old, PrometheusConfig next)
    {
        var before = (old?.Jobs ?? []).ToDictionary(j => j.Job.Name, StringComparer.Ordinal);
        var after = next.Jobs.ToDictionary(j => j.Job.Name, StringComparer.Ordinal);
        var same = next.Jobs.ToLookup(j => before.TryGetValue(j.Job.Name, out var was) ? Same(was.Job, j.Job) && Same(was.Discovery, j.Discovery) : (bool?)null);
        return new ConfigDiff
        {
            Added = [.. same[null]],
            Removed = [.. before.Values.Where(j => !after.ContainsKey(j.Job.Name))],
            Changed = [.. same[false].Select(j => Change(before[j.Job.Name], j))],
            Unchanged = [.. same[true]],
            GlobalChanged = !Same(old?.Global, next.Global),
            RuleFilesChanged = !Same(old?.RuleFiles, next.RuleFiles),
            AlertingChanged = !Same(old?.Alerting, next.Alerting),
            RemoteWriteChanged = !Same(old?.RemoteWrite, next.RemoteWrite),
            RemoteReadChanged = !Same(old?.RemoteRead, next.RemoteRead),
            OtlpChanged = !Same(old?.Otlp, next.Otlp),
            StorageChanged = !Same(old?.Storage, next.Storage),
            TracingChanged = !Same(old?.Tracing, next.Tracing),
        };
    }

    private static JobChange Change(ConfiguredJob old, ConfiguredJob next) =>
        new(old, next, ScrapingChanged: !Same(old.Job, next.Job), DiscoveryChanged: !Same(old.Discovery, next.Discovery));

    private static bool Same(object? x, object? y) => ContentComparer.Instance.Equals(x, y);
}

/// <summary>A job whose settings changed; discovery and scraping change apart, so that a new interval does not restart a watch.</summary>
public sealed record JobChange(ConfiguredJob Old, ConfiguredJob New, bool ScrapingChanged, bool DiscoveryChanged);
