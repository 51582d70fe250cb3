using ActorMon.Configuration.Mechanisms;
using ActorMon.Configuration.Model;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Names;
using ActorMon.Model.Text;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Configuration.Sections;

/// <summary>One scrape_config: its keys, what it inherits from the global section, and the resulting job.</summary>
internal static class ScrapeSection
{
    private static readonly string[] InheritedNumbers =
    [
        "body_size_limit", "sample_limit", "target_limit", "label_limit", "label_name_length_limit", "label_value_length_limit", "keep_dropped_targets",
    ];

    public static readonly SectionSchema Schema = new("config.ScrapeConfig",
    [
        Key.Text("job_name", always: true), Key.Bool("honor_labels"), Key.Bool("honor_timestamps", true, always: true),
        Key.Bool("track_timestamps_staleness", always: true), new KeySpec("params", KeyKind.ListMap) { TypeName = "url.Values" },
        Key.Duration("scrape_interval"), Key.Duration("scrape_timeout"), ScrapeProtocols.Key, ScrapeProtocols.FallbackKey,
        Key.OptionalBool("scrape_native_histograms"), Key.OptionalBool("always_scrape_classic_histograms"), Key.OptionalBool("convert_classic_histograms_to_nhcb"),
        Key.Path("scrape_failure_log_file"), Key.Text("metrics_path", "/metrics"), Key.Text("scheme", "http"), Key.Bool("enable_compression", true, always: true),
        Key.Size("body_size_limit"), Key.Unsigned("sample_limit"), Key.Unsigned("target_limit"), Key.Unsigned("label_limit"),
        Key.Unsigned("label_name_length_limit"), Key.Unsigned("label_value_length_limit"), Key.Unsigned("native_histogram_bucket_limit"),
        Key.Float("native_histogram_min_bucket_factor"), Key.Unsigned("keep_dropped_targets"), NameSchemes.ValidationKey, NameSchemes.EscapingKey,
        Key.OptionalBool("extra_scrape_metrics"), .. HttpClientSchema.Keys,
        RelabelSection.ListKey("relabel_configs", "empty or null target relabeling rule in scrape config"),
        RelabelSection.ListKey("metric_relabel_configs", "empty or null metric relabeling rule in scrape config"), .. MechanismSchemas.Keys,
    ])
    {
        Check = Check,
    };

    public static readonly KeySpec ListKey = Key.SectionList("scrape_configs", Schema, "empty or null scrape config section");

    private static void Check(ConfigSection s, ReadContext context)
    {
        if (!s.Has("job_name"))
            context.Error(s, "job_name", "job_name is empty");
        HttpClientChecks.Check(s, context);
        if (s.Sections("relabel_configs").Count == 0)
            StaticTargets.Check(s, context);
    }

    /// <summary>Takes over the global values and checks what depends on them.</summary>
    public static void Resolve(ConfigSection s, ConfigSection global, ReadContext context)
    {
        var job = GoQuote.Quote(s.Text("job_name"));
        if (s.Duration("scrape_interval") == TimeSpan.Zero)
            s["scrape_interval"] = global["scrape_interval"];
        if (s.Duration("scrape_timeout") > s.Duration("scrape_interval"))
            context.Error(s, "scrape_timeout", $"scrape timeout greater than scrape interval for scrape config with job name {job}");
        if (s.Duration("scrape_timeout") == TimeSpan.Zero)
            s["scrape_timeout"] = GlobalSection.Min(global.Duration("scrape_timeout"), s.Duration("scrape_interval"));
        foreach (var key in InheritedNumbers)
            if (s.Integer(key) == 0)
                s[key] = global[key];
        if (!s.Has("scrape_failure_log_file"))
            s["scrape_failure_log_file"] = global["scrape_failure_log_file"];
        s["scrape_native_histograms"] ??= global["scrape_native_histograms"];
        s["extra_scrape_metrics"] ??= global["extra_scrape_metrics"];
        s["convert_classic_histograms_to_nhcb"] ??= global["convert_classic_histograms_to_nhcb"];
        s["always_scrape_classic_histograms"] ??= global["always_scrape_classic_histograms"];
        var ownProtocols = s["scrape_protocols"] is not null;
        s["scrape_protocols"] ??= global["scrape_protocols"] ?? ScrapeProtocols.Default(s.OptionalBool("scrape_native_histograms") == true);
        if (ownProtocols && ScrapeProtocols.Problem(s.List("scrape_protocols")) is { } problem)
            context.Error(s, "scrape_protocols", $"{problem} for scrape config with job name {job}");
        if (s.Has("fallback_scrape_protocol") && ScrapeProtocols.Unknown(s.Text("fallback_scrape_protocol")) is { } unknown)
            context.Error(s, "fallback_scrape_protocol", $"invalid fallback_scrape_protocol for scrape config with job name {job}: {unknown}");
        NameSchemes.ResolveJob(s, global, context);
        var scheme = NameSchemes.Validation(s.Text("metric_name_validation_scheme"));
        RelabelSection.CheckAll(s, "relabel_configs", scheme, context);
        RelabelSection.CheckAll(s, "metric_relabel_configs", scheme, context);
    }

    public static ConfiguredJob Build(ConfigSection s, string file) => new(Job(s), MechanismBuilder.Build(s), file, s.Node?.Line ?? 1);

    private static ScrapeJob Job(ConfigSection s) => new()
    {
        Name = s.Text("job_name"),
        Interval = s.Duration("scrape_interval"),
        Timeout = s.Duration("scrape_timeout"),
        Protocols = [.. s.List("scrape_protocols").Select(ScrapeProtocols.Parse)],
        FallbackProtocol = s.Has("fallback_scrape_protocol") ? ScrapeProtocols.Parse(s.Text("fallback_scrape_protocol")) : null,
        MetricsPath = s.Text("metrics_path"),
        Scheme = s.Text("scheme"),
        Params = s.ListMap("params").ToDictionary(p => p.Key, p => (IReadOnlyList<string>)p.Value),
        HonorLabels = s.Bool("honor_labels"),
        HonorTimestamps = s.Bool("honor_timestamps"),
        TrackTimestampsStaleness = s.Bool("track_timestamps_staleness"),
        EnableCompression = s.Bool("enable_compression"),
        Http = HttpClientBuilder.Build(s),
        RelabelRules = RelabelSection.Build(s, "relabel_configs"),
        MetricRelabelRules = RelabelSection.Build(s, "metric_relabel_configs"),
        BodySizeLimit = s.Integer("body_size_limit"),
        SampleLimit = s.Integer("sample_limit"),
        LabelLimit = Limit(s, "label_limit"),
        LabelNameLengthLimit = Limit(s, "label_name_length_limit"),
        LabelValueLengthLimit = Limit(s, "label_value_length_limit"),
        TargetLimit = Limit(s, "target_limit"),
        KeepDroppedTargets = Limit(s, "keep_dropped_targets"),
        NameValidation = NameSchemes.Validation(s.Text("metric_name_validation_scheme")),
        NameEscaping = NameSchemes.Escaping(s.Text("metric_name_escaping_scheme")),
        ScrapeNativeHistograms = s.OptionalBool("scrape_native_histograms") == true,
        ConvertClassicHistograms = Equals(s["convert_classic_histograms_to_nhcb"], true),
        AlwaysScrapeClassicHistograms = Equals(s["always_scrape_classic_histograms"], true),
        ExtraScrapeMetrics = s.OptionalBool("extra_scrape_metrics") == true,
        NativeHistogramBucketLimit = s.Integer("native_histogram_bucket_limit"),
        NativeHistogramMinBucketFactor = s.Float("native_histogram_min_bucket_factor"),
        FailureLogFile = s.Text("scrape_failure_log_file"),
    };

    private static int Limit(ConfigSection s, string key) => (int)Math.Min(s.Integer(key), int.MaxValue);
}
