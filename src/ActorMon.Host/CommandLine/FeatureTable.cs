namespace ActorMon.Host.CommandLine;

/// <summary>The names that Prometheus 3.14 knows for --enable-feature, and what each does here. Other names get a warning, as there.</summary>
public static class FeatureTable
{
    private const string Later = "the feature behind it is not in this version";
    private const string Storage = "belongs to Prometheus' own storage";
    private const string AlwaysOn = "it is always on";

    /// <summary>By name: why the feature changes nothing; "" when it takes effect.</summary>
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["auto-reload-config"] = "",
        ["created-timestamp-zero-ingestion"] = "",
        ["exemplar-storage"] = "",
        ["extra-scrape-metrics"] = "",
        ["promql-binop-fill-modifiers"] = "",
        ["promql-delayed-name-removal"] = "",
        ["promql-experimental-functions"] = "",
        ["promql-extended-range-selectors"] = "",
        ["promql-per-step-stats"] = "",
        ["search-api"] = "",
        ["type-and-unit-labels"] = "",
        ["native-histograms"] = AlwaysOn,
        ["ooo-native-histograms"] = AlwaysOn,
        ["promql-duration-expr"] = AlwaysOn,
        ["concurrent-rule-eval"] = "rules that do not depend on each other are always asked together",
        ["otlp-deltatocumulative"] = Later,
        ["otlp-native-delta-ingestion"] = Later,
        ["st-storage"] = Later,
        ["st-synthesis"] = Later,
        ["use-start-timestamps"] = Later,
        ["old-ui"] = "there is one UI",
        ["delayed-compaction"] = Storage,
        ["fast-startup"] = Storage,
        ["histograms-st-encoding"] = Storage,
        ["memory-snapshot-on-shutdown"] = Storage,
        ["metadata-wal-records"] = Storage,
        ["use-uncached-io"] = Storage,
        ["xor2-encoding"] = Storage,
    };
}
