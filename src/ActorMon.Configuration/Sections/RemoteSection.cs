using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Names;
using ActorMon.Model.Text;
using ActorMon.RemoteWrite.Options;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Configuration.Sections;

/// <summary>remote_write and remote_read entries.</summary>
internal static class RemoteSection
{
    private const string Version1 = "prometheus.WriteRequest";
    private const string Version2 = "io.prometheus.write.v2.Request";

    private static readonly SectionSchema Queue = new("config.QueueConfig",
        Key.Integer("capacity", 10_000), Key.Integer("max_shards", 50), Key.Integer("min_shards", 1), Key.Integer("max_samples_per_send", 2_000),
        Key.Duration("batch_send_deadline", 5), Key.Duration("min_backoff", 0.03), Key.Duration("max_backoff", 5), Key.Bool("retry_on_http_429"),
        Key.Duration("sample_age_limit"))
    {
        Check = CheckQueue,
    };

    private static readonly SectionSchema Metadata = new("config.MetadataConfig",
        Key.Bool("send", true, always: true), Key.Duration("send_interval", 60, always: true), Key.Integer("max_samples_per_send", 2_000));

    public static readonly SectionSchema Write = new("config.plain",
    [
        Key.Url("url", always: true), Key.Duration("remote_timeout", 30), Key.TextMap("headers"),
        RelabelSection.ListKey("write_relabel_configs", "empty or null relabeling rule in remote write config"), Key.Text("name"), Key.Bool("send_exemplars"),
        Key.Bool("send_native_histograms"), Key.Bool("round_robin_dns"), Key.Text("protobuf_message", Version1), Key.Bool("failed_request_logging"),
        .. HttpClientSchema.KeysWith(http2: false), Key.Section("queue_config", Queue), Key.Section("metadata_config", Metadata),
        Key.Section("sigv4", CloudAuthSection.SigV4), Key.Section("azuread", CloudAuthSection.Azure), Key.Section("google_iam", CloudAuthSection.GoogleIam),
    ])
    {
        Check = CheckWrite,
    };

    public static readonly SectionSchema Read = new("config.plain",
    [
        Key.Url("url", always: true), Key.Duration("remote_timeout", 60), new KeySpec("chunked_read_limit", KeyKind.Unsigned) { Default = 50_000_000L, TypeName = "uint64" },
        Key.TextMap("headers"), Key.Bool("read_recent"), Key.Text("name"), .. HttpClientSchema.Keys, Key.LabelMap("required_matchers"),
        Key.Bool("filter_external_labels", true),
    ])
    {
        Check = CheckRead,
    };

    /// <summary>Names must be unique among the entries that have one.</summary>
    public static void Resolve(ConfigSection top, NameValidation scheme, ReadContext context)
    {
        Unique(top.Sections("remote_write"), "remote write", context);
        Unique(top.Sections("remote_read"), "remote read", context);
        foreach (var write in top.Sections("remote_write"))
            RelabelSection.CheckAll(write, "write_relabel_configs", scheme, context);
    }

    public static RemoteWriteOptions BuildWrite(ConfigSection s)
    {
        var queue = s.SectionOrDefault("queue_config");
        var metadata = s.SectionOrDefault("metadata_config");
        return new RemoteWriteOptions
        {
            Url = new Uri(s.Text("url"), UriKind.RelativeOrAbsolute),
            Name = s.Text("name"),
            Message = s.Text("protobuf_message") == Version2 ? RemoteWriteMessage.Request2 : RemoteWriteMessage.WriteRequest,
            Timeout = s.Duration("remote_timeout"),
            Headers = s.Map("headers"),
            RelabelRules = RelabelSection.Build(s, "write_relabel_configs"),
            SendExemplars = s.Bool("send_exemplars"),
            SendNativeHistograms = s.Bool("send_native_histograms"),
            RoundRobinDns = s.Bool("round_robin_dns"),
            LogFailedRequests = s.Bool("failed_request_logging"),
            Http = HttpClientBuilder.Build(s),
            Queue = new RemoteQueueOptions
            {
                Capacity = Int(queue, "capacity"),
                MaxShards = Int(queue, "max_shards"),
                MinShards = Int(queue, "min_shards"),
                MaxSamplesPerSend = Int(queue, "max_samples_per_send"),
                BatchSendDeadline = queue.Duration("batch_send_deadline"),
                MinBackoff = queue.Duration("min_backoff"),
                MaxBackoff = queue.Duration("max_backoff"),
                RetryOnRateLimit = queue.Bool("retry_on_http_429"),
                SampleAgeLimit = queue.Duration("sample_age_limit"),
            },
            Metadata = new RemoteMetadataOptions
            {
                Send = metadata.Bool("send"),
                SendInterval = metadata.Duration("send_interval"),
                MaxSamplesPerSend = Int(metadata, "max_samples_per_send"),
            },
            CloudAuth = CloudAuthSection.Build(s),
        };
    }

    public static RemoteReadOptions BuildRead(ConfigSection s) => new()
    {
        Url = new Uri(s.Text("url"), UriKind.RelativeOrAbsolute),
        Name = s.Text("name"),
        Timeout = s.Duration("remote_timeout"),
        ChunkedReadLimit = s.Integer("chunked_read_limit"),
        Headers = s.Map("headers"),
        ReadRecent = s.Bool("read_recent"),
        RequiredMatchers = s.Map("required_matchers"),
        FilterExternalLabels = s.Bool("filter_external_labels"),
        Http = HttpClientBuilder.Build(s),
    };

    private static int Int(ConfigSection s, string key) => (int)Math.Clamp(s.Integer(key), int.MinValue, int.MaxValue);

    private static void CheckWrite(ConfigSection s, ReadContext context)
    {
        s["queue_config"] ??= new ConfigSection(Queue, s.Child("queue_config"), null);
        s["metadata_config"] ??= new ConfigSection(Metadata, s.Child("metadata_config"), null);
        Url(s, "url for remote_write is empty", context);
        RequestHeaders.Check(s, context, RequestHeaders.RemoteAuthorization);
        if (s.Text("protobuf_message") is not (Version1 or Version2))
            context.Error(s, "protobuf_message", $"invalid protobuf_message value: unknown type for remote write protobuf message {s.Text("protobuf_message")},"
                + $" supported: {Version1}, {Version2}");
        HttpClientChecks.Check(s, context);
        string[] authentications = ["basic_auth", "authorization", "oauth2", "sigv4", "azuread", "google_iam"];
        var configured = authentications.Where(a => s.Section(a) is not null).ToList();
        if (configured.Count > 1)
            context.Error(s, configured[1], "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured."
                + $" Currently configured: {GoText.List(configured)}");
        foreach (var cloud in configured.Where(c => c is "sigv4" or "azuread" or "google_iam"))
            context.Warn(s, cloud, $"{cloud} is validated, but this version does not authenticate with it");
    }

    private static void CheckRead(ConfigSection s, ReadContext context)
    {
        Url(s, "url for remote_read is empty", context);
        RequestHeaders.Check(s, context, RequestHeaders.RemoteAuthorization);
        HttpClientChecks.Check(s, context);
    }

    private static void Url(ConfigSection s, string missing, ReadContext context)
    {
        if (!s.Has("url"))
            context.Error(s, "url", missing);
        else if (!Uri.TryCreate(s.Text("url"), UriKind.RelativeOrAbsolute, out _))
            context.Error(s, "url", $"parse {GoQuote.Quote(s.Text("url"))}: not a URL");
    }

    private static void CheckQueue(ConfigSection s, ReadContext context)
    {
        foreach (var key in new[] { "max_shards", "min_shards", "max_samples_per_send", "capacity" })
            if (s.Integer(key) <= 0)
                context.Error(s, key, $"remote write queue {key} must be positive");
        if (s.Integer("min_shards") > s.Integer("max_shards"))
            context.Error(s, "min_shards", "remote write queue min_shards must not be greater than max_shards");
        if (s.Duration("max_backoff") < s.Duration("min_backoff"))
            context.Error(s, "max_backoff", "remote write queue max_backoff must not be less than min_backoff");
    }

    private static void Unique(List<ConfigSection> entries, string what, ReadContext context)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
            if (entry.Has("name") && !names.Add(entry.Text("name")))
                context.Error(entry, "name", $"found multiple {what} configs with job name {GoQuote.Quote(entry.Text("name"))}");
    }
}
