using ActorMon.Configuration.Schema;
using ActorMon.RemoteWrite.Options;

namespace ActorMon.Configuration.Model;

/// <summary>
/// A whole configuration: validated, every default filled in, every relative path joined to the folder of the file that holds it (absolute, when the path given
/// to the loader was). Immutable.
/// </summary>
public sealed class PrometheusConfig
{
    internal PrometheusConfig(ConfigSection resolved) => Resolved = resolved;

    /// <summary>The main file.</summary>
    public required string Path { get; init; }
    public required GlobalOptions Global { get; init; }

    /// <summary>Patterns of rule files.</summary>
    public required IReadOnlyList<string> RuleFiles { get; init; }

    /// <summary>Patterns of files that hold more scrape_configs; already loaded into <see cref="Jobs"/>.</summary>
    public required IReadOnlyList<string> ScrapeConfigFiles { get; init; }

    /// <summary>Those of the main file, then those of scrape_config_files; names are unique.</summary>
    public required IReadOnlyList<ConfiguredJob> Jobs { get; init; }
    public required AlertingOptions Alerting { get; init; }
    public required IReadOnlyList<RemoteWriteOptions> RemoteWrite { get; init; }
    public required IReadOnlyList<RemoteReadOptions> RemoteRead { get; init; }
    public required OtlpOptions Otlp { get; init; }
    public required StorageOptions Storage { get; init; }

    /// <summary>Null: off.</summary>
    public TracingOptions? Tracing { get; init; }

    /// <summary>runtime.gogc: kept so that it can be shown; this server has no Go garbage collector to tune.</summary>
    public required long GoGc { get; init; }

    /// <summary>Resolved values of the main file, for printing.</summary>
    internal ConfigSection Resolved { get; }
}
