using ActorMon.Http.Options;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;

namespace ActorMon.Scraping.Jobs;

/// <summary>Exposition formats a scrape may ask for, by their configuration names.</summary>
public enum ScrapeProtocol : byte
{
    PrometheusProto,
    PrometheusText0_0_4,
    PrometheusText1_0_0,
    OpenMetricsText0_0_1,
    OpenMetricsText1_0_0,
}

/// <summary>
/// One scrape_config with every default and global value resolved: what a scrape pool needs, nothing of YAML in it. Discovery is not part of it.
/// A limit of 0 is off.
/// </summary>
public sealed record ScrapeJob
{
    public required string Name { get; init; }
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Connect, headers and body; at most <see cref="Interval"/>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>In order of preference; never empty.</summary>
    public IReadOnlyList<ScrapeProtocol> Protocols { get; init; } = DefaultProtocols;

    /// <summary>Used when the Content-Type is blank or unknown; null: such a scrape fails.</summary>
    public ScrapeProtocol? FallbackProtocol { get; init; }
    public string MetricsPath { get; init; } = "/metrics";

    /// <summary>http or https.</summary>
    public string Scheme { get; init; } = "http";
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Params { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    public bool HonorLabels { get; init; }
    public bool HonorTimestamps { get; init; } = true;
    public bool TrackTimestampsStaleness { get; init; }
    public bool EnableCompression { get; init; } = true;
    public HttpClientOptions Http { get; init; } = HttpClientOptions.Default;
    public IReadOnlyList<RelabelRule> RelabelRules { get; init; } = [];
    public IReadOnlyList<RelabelRule> MetricRelabelRules { get; init; } = [];

    /// <summary>Bytes of the uncompressed body.</summary>
    public long BodySizeLimit { get; init; }

    /// <summary>Samples after metric relabelling.</summary>
    public long SampleLimit { get; init; }
    public int LabelLimit { get; init; }

    /// <summary>UTF-8 bytes.</summary>
    public int LabelNameLengthLimit { get; init; }

    /// <summary>UTF-8 bytes.</summary>
    public int LabelValueLengthLimit { get; init; }

    /// <summary>Targets of the job after relabelling.</summary>
    public int TargetLimit { get; init; }

    /// <summary>How many dropped targets the API remembers; 0: all.</summary>
    public int KeepDroppedTargets { get; init; }
    public NameValidation NameValidation { get; init; } = NameValidation.Utf8;
    public EscapingScheme NameEscaping { get; init; } = EscapingScheme.None;
    public bool ScrapeNativeHistograms { get; init; }
    public bool ConvertClassicHistograms { get; init; }
    public bool AlwaysScrapeClassicHistograms { get; init; }
    public bool ExtraScrapeMetrics { get; init; }
    public long NativeHistogramBucketLimit { get; init; }
    public double NativeHistogramMinBucketFactor { get; init; }

    /// <summary>Absolute path of the JSON-lines log of failed scrapes; "" is off.</summary>
    public string FailureLogFile { get; init; } = "";

    public static IReadOnlyList<ScrapeProtocol> DefaultProtocols { get; } =
    [
        ScrapeProtocol.OpenMetricsText1_0_0, ScrapeProtocol.OpenMetricsText0_0_1, ScrapeProtocol.PrometheusText1_0_0, ScrapeProtocol.PrometheusText0_0_4,
    ];
}
