using ActorMon.Host.CommandLine;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;
using ActorMon.Templates.Functions;

namespace ActorMon.Host.Node;

/// <summary>
/// What /api/v1/features tells clients. Names are the original's, all of them; on is only what this node really does, so a client that asks first is never misled.
/// </summary>
public static class FeatureList
{
    private static readonly string[] Discovery =
    [
        "aws", "azure", "consul", "digitalocean", "dns", "docker", "dockerswarm", "ec2", "ecs", "elasticache", "eureka", "file", "gce", "hetzner", "http", "ionos", "kubernetes", "kuma",
        "lightsail", "linode", "marathon", "msk", "nerve", "nomad", "oci", "openstack", "outscale", "ovhcloud", "puppetdb", "rds", "scaleway", "serverset", "stackit", "static", "triton",
        "uyuni", "vultr",
    ];

    /// <summary>By category and name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> Of(FlagValues flags, IReadOnlySet<string> features, bool autoReload)
    {
        bool On(string feature) => features.Contains(feature) && FeatureTable.All[feature].Length == 0;
        bool Switch(string flag) => FlagTable.Find(flag)!.Effect == FlagEffect.Works && flags.Switch(flag);
        var experimental = On("promql-experimental-functions");
        return new Dictionary<string, IReadOnlyDictionary<string, bool>>(StringComparer.Ordinal)
        {
            ["api"] = Map(
                ("admin", Switch("web.enable-admin-api")), ("exclude_alerts", true), ("label_values_match", true), ("lifecycle", Switch("web.enable-lifecycle")), ("openapi_3.1", true),
                ("openapi_3.2", true), ("otlp_write_receiver", Switch("web.enable-otlp-receiver")), ("query_stats", true), ("query_warnings", true),
                ("remote_write_receiver", Switch("web.enable-remote-write-receiver")), ("search", On("search-api")), ("search_fuzz_alg_jarowinkler", true),
                ("search_fuzz_alg_subsequence", true), ("time_range_labels", true), ("time_range_series", true)),
            ["otlp_receiver"] = Map(("delta_conversion", On("otlp-deltatocumulative")), ("native_delta_ingestion", On("otlp-native-delta-ingestion"))),
            ["prometheus"] = Map(("agent_mode", false), ("auto_reload_config", autoReload), ("server_mode", true), ("stringlabels", true)),
            ["promql"] = Map(
                ("anchored", On("promql-extended-range-selectors")), ("at_modifier", true), ("bool", true), ("by", true), ("delayed_name_removal", On("promql-delayed-name-removal")),
                ("duration_expr", true), ("fill", On("promql-binop-fill-modifiers")), ("fill_left", On("promql-binop-fill-modifiers")), ("fill_right", On("promql-binop-fill-modifiers")),
                ("group_left", true), ("group_right", true), ("ignoring", true), ("negative_offset", true), ("offset", true), ("on", true), ("per_query_lookback_delta", true),
                ("per_step_stats", On("promql-per-step-stats")), ("smoothed", On("promql-extended-range-selectors")), ("subqueries", true),
                ("type_and_unit_labels", On("type-and-unit-labels")), ("without", true)),
            ["promql_functions"] = FunctionTable.All.ToDictionary(f => f.Name, f => !f.Experimental || experimental, StringComparer.Ordinal),
            ["promql_operators"] = Operators(),
            ["rules"] = Map(("concurrent_rule_eval", On("concurrent-rule-eval")), ("keep_firing_for", true), ("query_offset", true)),
            ["scrape"] = Map(
                ("extra_scrape_metrics", true), ("start_timestamp_zero_ingestion", On("created-timestamp-zero-ingestion")), ("type_and_unit_labels", On("type-and-unit-labels"))),
            ["service_discovery_providers"] = Discovery.ToDictionary(name => name, name => name is "static" or "file", StringComparer.Ordinal),
            ["templating_functions"] = PrometheusFunctions.Alerts.Names.ToDictionary(name => name, _ => true, StringComparer.Ordinal),
            ["tsdb"] = Map(
                ("delayed_compaction", false), ("exemplar_storage", On("exemplar-storage")), ("histograms_st_encoding", false), ("isolation", true), ("native_histograms", true),
                ("st_storage", false), ("use_uncached_io", false), ("xor2_encoding", false)),
            ["ui"] = Map(("ui_v2", false), ("ui_v3", false)),
        };
    }

    private static Dictionary<string, bool> Operators()
    {
        var operators = new Dictionary<string, bool>(StringComparer.Ordinal) { ["=~"] = true, ["!~"] = true, ["@"] = true };
        foreach (var op in Enum.GetValues<BinaryOp>())
            operators[op.Symbol()] = true;
        // The original tells of experimental aggregators as off even when they are switched on.
        foreach (var op in Enum.GetValues<AggregateOp>())
            operators[op.Symbol()] = !op.IsExperimental();
        return operators;
    }

    private static Dictionary<string, bool> Map(params (string Name, bool On)[] features) => features.ToDictionary(f => f.Name, f => f.On, StringComparer.Ordinal);
}
