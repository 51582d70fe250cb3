using ActorMon.Configuration.Model;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Sections;

/// <summary>The storage and tracing sections.</summary>
internal static class StorageSection
{
    private static readonly SectionSchema Retention = new("config.plain", Key.Duration("time"), Key.Size("size"), Key.Float("percentage"))
    {
        PrintEmpty = true,
        Check = (s, context) =>
        {
            if (s.Integer("size") < 0)
                context.Error(s, "size", $"'storage.tsdb.retention.size' must be greater than or equal to 0, got {ByteSize.Format(s.Integer("size"))}");
            if (s.Float("percentage") is not (>= 0 and <= 100))
                context.Error(s, "percentage", FormattableString.Invariant($"'storage.tsdb.retention.percentage' must be in the range [0, 100], got {s.Float("percentage")}"));
        },
    };

    private static readonly SectionSchema ChunkEncoding = new("config.ChunkEncodingConfig",
        new KeySpec("floats", KeyKind.Text)
        {
            Default = "",
            Check = name => name is "xor" or "xor2" ? null
                : $"'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be omitted entirely, got {GoQuote.Quote(name)}",
        });

    // The peers' own printing adds outofordertimewindow (milliseconds), so it has to be readable again.
    private static readonly SectionSchema Tsdb = new("config.plain",
        Key.Integer("outofordertimewindow", always: true), Key.Duration("out_of_order_time_window"), Key.Float("stale_series_compaction_threshold"),
        Key.Section("chunk_encoding", ChunkEncoding), Key.Section("retention", Retention))
    {
        PrintEmpty = true,
        Check = (s, context) =>
        {
            s["outofordertimewindow"] = (long)s.Duration("out_of_order_time_window").TotalMilliseconds;
            s["retention"] ??= new ConfigSection(Retention, s.Child("retention"), null);
            if (s.Float("stale_series_compaction_threshold") is not (>= 0 and <= 1))
                context.Warn(s, "stale_series_compaction_threshold", "a share of series is between 0 and 1");
        },
    };

    private static readonly SectionSchema Exemplars = new("config.ExemplarsConfig", Key.Integer("max_exemplars", StorageOptions.DefaultMaxExemplars)) { PrintEmpty = true };

    public static readonly SectionSchema Schema = new("config.StorageConfig", Key.Section("tsdb", Tsdb), Key.Section("exemplars", Exemplars))
    {
        Check = (s, context) => s["tsdb"] ??= SectionReader.Read(Tsdb, null, s.Child("tsdb"), context),
    };

    public static readonly SectionSchema Tracing = new("config.plain",
        Key.Choice("client_type", "grpc", type => $"expected tracing client type to be to be http or grpc, but got {type}", false, "http", "grpc"),
        Key.Text("endpoint"), Key.Float("sampling_fraction"), Key.Bool("insecure"), Key.Section("tls_config", HttpClientSchema.Tls), Key.TextMap("headers"),
        Key.Text("compression"), Key.Duration("timeout"))
    {
        Check = (s, context) =>
        {
            RequestHeaders.Check(s, context, RequestHeaders.TracingAuthorization);
            if (!s.Has("endpoint"))
                context.Error(s, "endpoint", "tracing endpoint must be set");
            if (s.Text("compression") is not ("" or "gzip"))
                context.Error(s, "compression", $"invalid compression type {s.Text("compression")} provided, valid options: gzip");
        },
    };

    public static StorageOptions Build(ConfigSection s)
    {
        var tsdb = s.SectionOrDefault("tsdb");
        var retention = tsdb.SectionOrDefault("retention");
        return new StorageOptions
        {
            OutOfOrderTimeWindow = tsdb.Duration("out_of_order_time_window"),
            StaleSeriesCompactionThreshold = tsdb.Float("stale_series_compaction_threshold"),
            FloatChunkEncoding = tsdb.SectionOrDefault("chunk_encoding").Text("floats"),
            RetentionTime = retention.IsWritten("time") ? retention.Duration("time") : null,
            RetentionSize = retention.Integer("size"),
            RetentionPercentage = retention.Float("percentage"),
            MaxExemplars = s.SectionOrDefault("exemplars").Integer("max_exemplars"),
        };
    }

    public static TracingOptions BuildTracing(ConfigSection s) => new()
    {
        Endpoint = s.Text("endpoint"),
        Http = s.Text("client_type") == "http",
        SamplingFraction = s.Float("sampling_fraction"),
        Insecure = s.Bool("insecure"),
        Tls = HttpClientBuilder.Tls(s.Section("tls_config")),
        Headers = s.Map("headers"),
        Gzip = s.Text("compression") == "gzip",
        Timeout = s.Duration("timeout") == TimeSpan.Zero ? TracingOptions.DefaultTimeout : s.Duration("timeout"),
    };
}
