using ActorMon.Host.CommandLine;

namespace ActorMon.Host.Tests.CommandLine;

/// <summary>The flags of Prometheus 3.14 with their defaults, written down a second time from its documentation.</summary>
public sealed class FlagTableTests
{
    public static TheoryData<string, string> Original => new()
    {
        { "config.file", "prometheus.yml" }, { "config.auto-reload", "false" }, { "config.auto-reload-interval", "30s" },
        { "web.config.file", "" }, { "web.read-timeout", "5m" }, { "web.max-connections", "512" }, { "web.max-notifications-subscribers", "16" },
        { "web.external-url", "" }, { "web.route-prefix", "" }, { "web.user-assets", "" }, { "web.cors.origin", ".*" },
        { "web.console.templates", "consoles" }, { "web.console.libraries", "console_libraries" },
        { "web.enable-lifecycle", "false" }, { "web.enable-admin-api", "false" }, { "web.enable-remote-write-receiver", "false" },
        { "web.remote-write-receiver.accepted-protobuf-messages", "prometheus.WriteRequest" }, { "web.enable-otlp-receiver", "false" }, { "web.search.max-limit", "10000" },
        { "storage.tsdb.path", "data/" }, { "storage.tsdb.retention.time", "" }, { "storage.tsdb.retention.size", "" }, { "storage.tsdb.no-lockfile", "false" },
        { "storage.tsdb.head-chunks-write-queue-size", "0" }, { "storage.tsdb.delay-compact-file.path", "" },
        { "storage.tsdb.min-block-duration", "2h" }, { "storage.tsdb.max-block-duration", "" }, { "storage.tsdb.max-block-chunk-segment-size", "" },
        { "storage.tsdb.wal-segment-size", "" }, { "storage.tsdb.wal-compression", "true" }, { "storage.tsdb.wal-compression-type", "snappy" },
        { "storage.tsdb.samples-per-chunk", "120" }, { "storage.tsdb.allow-overlapping-compaction", "true" }, { "storage.tsdb.block-reload-interval", "1m" },
        { "storage.tsdb.delayed-compaction.max-percent", "10" },
        { "storage.agent.path", "data-agent/" }, { "storage.agent.wal-compression", "true" }, { "storage.agent.retention.min-time", "5m" },
        { "storage.agent.retention.max-time", "4h" }, { "storage.agent.no-lockfile", "false" }, { "storage.agent.checkpoint-from-in-memory-series", "false" },
        { "storage.agent.checkpoint-batch-size", "1000" },
        { "storage.remote.flush-deadline", "1m" }, { "storage.remote.read-sample-limit", "50000000" }, { "storage.remote.read-concurrent-limit", "10" },
        { "storage.remote.read-max-bytes-in-frame", "1048576" },
        { "rules.alert.for-outage-tolerance", "1h" }, { "rules.alert.for-grace-period", "10m" }, { "rules.alert.resend-delay", "1m" }, { "rules.max-concurrent-evals", "4" },
        { "alertmanager.notification-queue-capacity", "10000" }, { "alertmanager.notification-batch-size", "256" },
        { "alertmanager.drain-notification-queue-on-shutdown", "true" },
        { "query.lookback-delta", "5m" }, { "query.timeout", "2m" }, { "query.max-concurrency", "20" }, { "query.max-samples", "50000000" },
        { "scrape.adjust-timestamps", "true" }, { "scrape.timestamp-tolerance", "2ms" }, { "scrape.discovery-reload-interval", "5s" },
        { "auto-gomaxprocs", "true" }, { "auto-gomemlimit", "true" }, { "auto-gomemlimit.ratio", "0.9" }, { "auto-gomemlimit.refresh-interval", "0s" },
        { "agent", "false" }, { "enable-feature", "" }, { "log.level", "info" }, { "log.format", "logfmt" },
    };

    [Theory]
    [MemberData(nameof(Original))]
    public void A_flag_of_the_original_is_known_with_its_default(string name, string value)
    {
        var flag = FlagTable.Find(name);
        Assert.NotNull(flag);
        Assert.Equal(value, flag.Default);
    }

    [Theory]
    [InlineData("web.listen-address", "127.0.0.1:9090")]
    [InlineData("web.page-title", "ActorMon")]
    public void Two_defaults_are_our_own(string name, string value) => Assert.Equal(value, FlagTable.Find(name)!.Default);

    [Theory]
    [InlineData("storage.path")]
    [InlineData("node.config")]
    [InlineData("storage.tsdb.wal-sync")]
    [InlineData("alertmanager.config.file")]
    [InlineData("push.listen-address")]
    [InlineData("cluster.listen-address")]
    [InlineData("cluster.seed-nodes")]
    [InlineData("cluster.zone")]
    [InlineData("cluster.bootstrap")]
    public void Flags_of_our_own_are_known(string name) => Assert.NotNull(FlagTable.Find(name));

    [Fact]
    public void Every_default_passes_the_check_of_its_own_flag()
    {
        foreach (var flag in FlagTable.All)
            Assert.True(CommandLineParser.Parse([$"--{flag.Name}={flag.Default}"]) is CommandLineResult.Run, flag.Name);
    }

    [Fact]
    public void A_flag_without_effect_says_why_and_one_with_effect_has_nothing_to_say() =>
        Assert.All(FlagTable.All, flag => Assert.Equal(flag.Effect == FlagEffect.None, flag.Reason.Length > 0));

    [Fact]
    public void Help_shows_every_flag_that_is_not_hidden()
    {
        var help = HelpText.Of(FlagTable.All);
        Assert.All(FlagTable.All, flag => Assert.Equal(!flag.Hidden, help.Contains($"--{flag.Name}{(flag.Kind == FlagKind.Switch ? "\n" : "=")}", StringComparison.Ordinal)
            || help.Contains($"--{flag.Name} ...", StringComparison.Ordinal)));
        Assert.DoesNotContain("samples-per-chunk", help, StringComparison.Ordinal);
    }

    [Fact]
    public void All_feature_names_of_the_original_are_known()
    {
        const string names = "auto-reload-config, concurrent-rule-eval, created-timestamp-zero-ingestion, delayed-compaction, exemplar-storage, extra-scrape-metrics, fast-startup, "
            + "histograms-st-encoding, memory-snapshot-on-shutdown, metadata-wal-records, old-ui, otlp-deltatocumulative, otlp-native-delta-ingestion, promql-binop-fill-modifiers, "
            + "promql-delayed-name-removal, promql-experimental-functions, promql-extended-range-selectors, promql-per-step-stats, search-api, st-storage, st-synthesis, "
            + "type-and-unit-labels, use-start-timestamps, use-uncached-io, xor2-encoding, native-histograms, ooo-native-histograms, promql-duration-expr";
        Assert.Equal(names.Split(", ").Order(StringComparer.Ordinal), FeatureTable.All.Keys.Order(StringComparer.Ordinal));
    }
}
