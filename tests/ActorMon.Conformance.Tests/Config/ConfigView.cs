using ActorMon.Configuration.Model;
using ActorMon.Discovery;
using ActorMon.Http.Options;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;
using ActorMon.RemoteWrite.Options;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Conformance.Tests.Config;

/// <summary>Loaded options under the field names of the kit's expectations.</summary>
internal static class ConfigView
{
    public static Dictionary<string, object?> Job(ConfiguredJob configured)
    {
        var j = configured.Job;
        return new()
        {
            ["AlwaysScrapeClassicHistograms"] = j.AlwaysScrapeClassicHistograms,
            ["BodySizeLimit"] = j.BodySizeLimit,
            ["ConvertClassicHistogramsToNHCB"] = j.ConvertClassicHistograms,
            ["ConvertClassicHistToNHCB"] = j.ConvertClassicHistograms,
            ["EnableCompression"] = j.EnableCompression,
            ["ExtraScrapeMetrics"] = j.ExtraScrapeMetrics,
            ["HTTPClientConfig"] = Http(j.Http),
            ["HonorLabels"] = j.HonorLabels,
            ["HonorTimestamps"] = j.HonorTimestamps,
            ["JobName"] = j.Name,
            ["LabelLimit"] = j.LabelLimit,
            ["LabelNameLengthLimit"] = j.LabelNameLengthLimit,
            ["LabelValueLengthLimit"] = j.LabelValueLengthLimit,
            ["MetricNameEscapingScheme"] = NameEscaping.NameOf(j.NameEscaping),
            ["MetricNameValidationScheme"] = j.NameValidation.ToString().ToLowerInvariant(),
            ["MetricsPath"] = j.MetricsPath,
            ["MetricRelabelConfigs"] = Rules(j.MetricRelabelRules),
            ["RelabelConfigs"] = Rules(j.RelabelRules),
            ["SampleLimit"] = j.SampleLimit,
            ["Scheme"] = j.Scheme,
            ["ScrapeFailureLogFile"] = j.FailureLogFile,
            ["ScrapeFallbackProtocol"] = j.FallbackProtocol is { } p ? Protocol(p) : "",
            ["ScrapeInterval"] = j.Interval,
            ["ScrapeNativeHistograms"] = j.ScrapeNativeHistograms,
            ["ScrapeProtocols"] = j.Protocols.Select(Protocol).ToList(),
            ["ScrapeTimeout"] = j.Timeout,
            ["ServiceDiscoveryConfigs"] = configured.Discovery.Select(Discovery).ToList(),
            ["TargetLimit"] = j.TargetLimit,
        };
    }

    public static Dictionary<string, object?> Config(PrometheusConfig c) => new()
    {
        ["AlertingConfig"] = new Dictionary<string, object?>
        {
            ["AlertmanagerConfigs"] = c.Alerting.Alertmanagers.Select(a => new Dictionary<string, object?>
            {
                ["APIVersion"] = "v2",
                ["HTTPClientConfig"] = Http(a.Http),
                ["Scheme"] = a.Options.Scheme,
                ["Timeout"] = a.Options.Timeout,
                ["ServiceDiscoveryConfigs"] = a.Discovery.Select(Discovery).ToList(),
            }).ToList(),
        },
        ["GlobalConfig"] = Global(c),
        ["OTLPConfig"] = new Dictionary<string, object?>
        {
            ["LabelNamePreserveMultipleUnderscores"] = c.Otlp.LabelNamePreserveMultipleUnderscores,
            ["LabelNameUnderscoreSanitization"] = c.Otlp.LabelNameUnderscoreSanitization,
            ["PromoteResourceAttributes"] = c.Otlp.PromoteResourceAttributes,
            ["TranslationStrategy"] = c.Otlp.Translation.ToString(),
        },
        ["RemoteReadConfigs"] = c.RemoteRead.Select(Read).ToList(),
        ["RemoteWriteConfigs"] = c.RemoteWrite.Select(Write).ToList(),
        ["RuleFiles"] = c.RuleFiles,
        ["Runtime"] = new Dictionary<string, object?> { ["GoGC"] = c.GoGc },
        ["ScrapeConfigs"] = c.Jobs.Select(Job).ToList(),
        ["StorageConfig"] = new Dictionary<string, object?>
        {
            ["TSDBConfig"] = new Dictionary<string, object?>
            {
                ["OutOfOrderTimeWindow"] = (long)c.Storage.OutOfOrderTimeWindow.TotalMilliseconds,
                ["OutOfOrderTimeWindowFlag"] = c.Storage.OutOfOrderTimeWindow,
                ["StaleSeriesCompactionThreshold"] = c.Storage.StaleSeriesCompactionThreshold,
                ["Retention"] = new Dictionary<string, object?>
                {
                    ["Percentage"] = c.Storage.RetentionPercentage,
                    ["Size"] = c.Storage.RetentionSize,
                    ["Time"] = c.Storage.RetentionTime ?? TimeSpan.Zero,
                },
            },
        },
        ["TracingConfig"] = c.Tracing is not { } t ? null : new Dictionary<string, object?>
        {
            ["ClientType"] = t.Http ? "http" : "grpc",
            ["Compression"] = t.Gzip ? "gzip" : "",
            ["Endpoint"] = t.Endpoint,
            ["Headers"] = Map(t.Headers),
            ["Insecure"] = t.Insecure,
            ["TLSConfig"] = Tls(t.Tls),
            ["Timeout"] = t.Timeout,
        },
        ["loaded"] = true,
    };

    // Limits of the global section show in a job that sets none of its own.
    private static Dictionary<string, object?> Global(PrometheusConfig c)
    {
        var j = c.Jobs.Select(x => x.Job).First(x => x.Name == "service-y");
        return new()
        {
            ["EvaluationInterval"] = c.Global.EvaluationInterval,
            ["ScrapeInterval"] = c.Global.ScrapeInterval,
            ["ScrapeTimeout"] = c.Global.ScrapeTimeout,
            ["QueryLogFile"] = c.Global.QueryLogFile,
            ["RuleQueryOffset"] = c.Global.RuleQueryOffset,
            ["ExternalLabels"] = c.Global.ExternalLabels.AsSpan().ToArray().ToDictionary(l => l.Name, l => (object?)l.Value),
            ["MetricNameValidationScheme"] = c.Global.NameValidation.ToString().ToLowerInvariant(),
            ["MetricNameEscapingScheme"] = j.NameEscaping == EscapingScheme.None ? "allow-utf-8" : "",
            ["ScrapeProtocols"] = null,
            ["AlwaysScrapeClassicHistograms"] = j.AlwaysScrapeClassicHistograms,
            ["BodySizeLimit"] = j.BodySizeLimit,
            ["ConvertClassicHistogramsToNHCB"] = j.ConvertClassicHistograms,
            ["ExtraScrapeMetrics"] = j.ExtraScrapeMetrics,
            ["LabelLimit"] = j.LabelLimit,
            ["LabelNameLengthLimit"] = j.LabelNameLengthLimit,
            ["LabelValueLengthLimit"] = j.LabelValueLengthLimit,
            ["SampleLimit"] = j.SampleLimit,
            ["ScrapeFailureLogFile"] = j.FailureLogFile,
            ["ScrapeNativeHistograms"] = j.ScrapeNativeHistograms,
            ["TargetLimit"] = j.TargetLimit,
        };
    }

    public static Dictionary<string, object?> Write(RemoteWriteOptions w) => new()
    {
        ["HTTPClientConfig"] = Http(w.Http),
        ["Headers"] = Map(w.Headers),
        ["Name"] = w.Name,
        ["RemoteTimeout"] = w.Timeout,
        ["URL"] = w.Url.OriginalString,
        ["ProtobufMessage"] = w.Message == RemoteWriteMessage.WriteRequest ? "prometheus.WriteRequest" : "io.prometheus.write.v2.Request",
        ["WriteRelabelConfigs"] = Rules(w.RelabelRules),
        ["MetadataConfig"] = Metadata(w.Metadata),
        ["QueueConfig"] = Queue(w.Queue),
    };

    public static Dictionary<string, object?> Read(RemoteReadOptions r) => new()
    {
        ["ChunkedReadLimit"] = r.ChunkedReadLimit,
        ["FilterExternalLabels"] = r.FilterExternalLabels,
        ["HTTPClientConfig"] = Http(r.Http),
        ["Name"] = r.Name,
        ["ReadRecent"] = r.ReadRecent,
        ["RemoteTimeout"] = r.Timeout,
        ["RequiredMatchers"] = Map(r.RequiredMatchers),
        ["URL"] = r.Url.OriginalString,
    };

    public static Dictionary<string, object?> Queue(RemoteQueueOptions q) => new()
    {
        ["BatchSendDeadline"] = q.BatchSendDeadline,
        ["Capacity"] = q.Capacity,
        ["MaxBackoff"] = q.MaxBackoff,
        ["MaxSamplesPerSend"] = q.MaxSamplesPerSend,
        ["MaxShards"] = q.MaxShards,
        ["MinBackoff"] = q.MinBackoff,
        ["MinShards"] = q.MinShards,
    };

    public static Dictionary<string, object?> Metadata(RemoteMetadataOptions m) => new()
    {
        ["MaxSamplesPerSend"] = m.MaxSamplesPerSend,
        ["Send"] = m.Send,
        ["SendInterval"] = m.SendInterval,
    };

    public static Dictionary<string, object?> Http(HttpClientOptions h) => new()
    {
        ["FollowRedirects"] = h.FollowRedirects,
        ["EnableHTTP2"] = h.EnableHttp2,
        ["TLSConfig"] = Tls(h.Tls),
        ["Authorization"] = h.Authorization is not { } a ? null : new Dictionary<string, object?>
        {
            ["Type"] = a.Type,
            ["Credentials"] = a.Credentials.Inline,
            ["CredentialsFile"] = a.Credentials.File,
        },
        ["BasicAuth"] = h.BasicAuth is not { } b ? null : new Dictionary<string, object?>
        {
            ["Username"] = b.Username.Inline,
            ["UsernameFile"] = b.Username.File,
            ["Password"] = b.Password.Inline,
            ["PasswordFile"] = b.Password.File,
        },
        ["OAuth2"] = h.OAuth2 is not { } o ? null : new Dictionary<string, object?>
        {
            ["ClientID"] = o.ClientId,
            ["ClientSecret"] = o.ClientSecret.Inline,
            ["TokenURL"] = o.TokenUrl,
            ["TLSConfig"] = Tls(o.Tls),
        },
        ["HTTPHeaders"] = new Dictionary<string, object?>
        {
            ["Headers"] = h.Headers.ToDictionary(x => x.Name, x => (object?)new Dictionary<string, object?> { ["Values"] = x.Values, ["Secrets"] = x.Secrets, ["Files"] = x.Files }),
        },
    };

    private static Dictionary<string, object?> Tls(TlsOptions t) => new()
    {
        ["CAFile"] = t.Ca.File,
        ["CertFile"] = t.Certificate.File,
        ["KeyFile"] = t.Key.File,
        ["InsecureSkipVerify"] = t.InsecureSkipVerify,
        ["MinVersion"] = t.MinVersion is { } v ? "TLS" + v.ToString()[3..] : null,
    };

    private static object Rules(IReadOnlyList<RelabelRule> rules) => rules.Select(r => new Dictionary<string, object?>
    {
        ["Action"] = r.Action.ToString().ToLowerInvariant(),
        ["NameValidationScheme"] = "utf8",
        ["Regex"] = r.Regex.Pattern,
        ["Replacement"] = r.Replacement,
        ["Separator"] = r.Separator,
        ["SourceLabels"] = r.SourceLabels,
        ["TargetLabel"] = r.TargetLabel,
        ["Modulus"] = r.Modulus,
    }).ToList();

    private static object Discovery(SdConfig config) => config switch
    {
        StaticSdConfig s => s.Groups.Select(g => new Dictionary<string, object?>
        {
            ["Source"] = g.Source,
            ["Labels"] = g.Labels.AsSpan().ToArray().ToDictionary(l => l.Name, l => (object?)l.Value),
            ["Targets"] = g.Targets.Select(t => new Dictionary<string, object?> { ["model.AddressLabel"] = t.Get(LabelNames.Address) }).ToList(),
        }).ToList(),
        FileSdConfig f => new Dictionary<string, object?> { ["mechanism"] = "file", ["files"] = f.Files, ["refresh_interval"] = f.RefreshInterval },
        DeclaredSdConfig d => new Dictionary<string, object?>(d.Options)
        {
            ["mechanism"] = d.Name,
            ["HTTPClientConfig"] = d.Http is null ? null : Http(d.Http),
            ["TLSConfig"] = d.Http is null ? null : Tls(d.Http.Tls),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(config), config.Mechanism, "unknown kind of discovery"),
    };

    private static Dictionary<string, object?> Map(IReadOnlyDictionary<string, string> map) => map.ToDictionary(m => m.Key, m => (object?)m.Value);

    private static string Protocol(ScrapeProtocol protocol)
    {
        var name = protocol.ToString();
        var digit = name.AsSpan().IndexOfAnyInRange('0', '9');
        return digit < 0 ? name : name[..digit] + name[digit..].Replace('_', '.');
    }
}
