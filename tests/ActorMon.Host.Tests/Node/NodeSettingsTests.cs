using ActorMon.Host.CommandLine;
using ActorMon.Host.Links;
using ActorMon.Host.Node;
using ActorMon.Testing.IO;
using Akka.Configuration;

namespace ActorMon.Host.Tests.Node;

public sealed class NodeSettingsTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "hocon");

    [Fact]
    public void The_files_in_hocon_hold_a_valid_value_for_every_setting()
    {
        var settings = NodeSettings.From(With(""));
        Assert.Equal(32, settings.Partitions);
        Assert.Equal(TimeSpan.FromSeconds(1), settings.WalSyncInterval);
        Assert.Equal(256L << 20, settings.MaxBodyBytes);
    }

    [Fact]
    public void Every_key_in_hocon_is_read_and_every_property_has_a_key()
    {
        var (links, keys) = (HoconLoader.Keys(With("")).Where(IsOfLinks).ToList(), HoconLoader.Keys(With("")).Where(key => !IsOfLinks(key)).ToList());
        foreach (var key in keys)
            Assert.Contains(key, Error($"{key} = bananas"), StringComparison.Ordinal);
        // The two times of reads make one property.
        Assert.Equal(typeof(NodeSettings).GetProperties().Length, keys.Count - 1);
        foreach (var key in links.Where(key => !key.Contains(".tls.", StringComparison.Ordinal)))
            Assert.Contains(key, Assert.Throws<ConfigurationException>(() => LinkSettings.From(With($"{key} = bananas"))).Message, StringComparison.Ordinal);
        // The three files make two options and the scheme.
        Assert.Equal(typeof(LinkSettings).GetProperties().Length, links.Count);

        static bool IsOfLinks(string key) => key.StartsWith("actormon.cluster.tls.", StringComparison.Ordinal) || key.StartsWith("actormon.cluster.link.", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("actormon.partitions = 33", "actormon.partitions = 33 is not a power of two in 1..16384")]
    [InlineData("actormon.partitions = 0", "actormon.partitions = 0 is not a whole number in 1..16384")]
    [InlineData("actormon.scrape-shards = 1e3", "actormon.scrape-shards = 1e3 is not a whole number in 1..4096")]
    [InlineData("actormon.ingest.retouch-interval = 0s", "actormon.ingest.retouch-interval = 0s is not a duration in 1ms..1h")]
    [InlineData("actormon.wal.sync-interval = 2h", "actormon.wal.sync-interval = 2h is not a duration in 1ms..1h or \"always\"")]
    [InlineData("actormon.partition.max-backoff = 100ms", "actormon.partition.max-backoff = 100ms is not a duration in 500ms (actormon.partition.min-backoff)..1h")]
    [InlineData("actormon.limits.series = 0", "actormon.limits.series = 0 is not a whole number in 1..1000000000, \"off\" or \"auto\"")]
    [InlineData("actormon.limits.series-per-job = auto", "actormon.limits.series-per-job = auto is not a whole number in 1..1000000000, \"off\"")]
    [InlineData("actormon.test.clock-offset = 1h", "actormon.test.clock-offset = 1h is refused: actormon.test.enabled is off")]
    [InlineData("actormon.test.clock-rate = 30", "actormon.test.clock-rate = 30 is refused: actormon.test.enabled is off")]
    [InlineData("actormon.test { enabled = on, clock-rate = 1001 }", "actormon.test.clock-rate = 1001 is not a whole number in 1..1000")]
    [InlineData("actormon.test { enabled = on, clock-origin = noon }", "actormon.test.clock-origin = noon is not a time as RFC 3339 writes it")]
    [InlineData("actormon.test { enabled = on, clock-offset = -25h }", "actormon.test.clock-offset = -25h is not a duration in -24h..24h")]
    [InlineData("actormon.scraping.max-body-size = 12", "actormon.scraping.max-body-size = 12 is not a size in 1KiB..")]
    public void A_value_out_of_range_is_named_with_key_value_and_range(string overlay, string error) => Assert.StartsWith(error, Error(overlay), StringComparison.Ordinal);

    [Fact]
    public void Limits_of_series_are_off_but_for_the_nodes_own_which_follows_its_memory()
    {
        var settings = NodeSettings.From(With("")).LimitsOfSeries();
        Assert.Equal((0, 0, 0), (settings.Job, settings.Target, settings.Metric));
        Assert.InRange(settings.Node, 100_000, 1_000_000_000);
        var changed = NodeSettings.From(With("actormon.limits { series = off, series-per-job = 5, series-per-target = 6, series-per-metric = 7 }")).LimitsOfSeries();
        Assert.Equal((0, 5, 6, 7), (changed.Node, changed.Job, changed.Target, changed.Metric));
    }

    [Fact]
    public void The_memory_budget_is_a_size_or_a_share_of_what_the_process_may_use()
    {
        Assert.InRange(NodeSettings.From(With("")).MemoryBudget, 64L << 20, long.MaxValue);
        Assert.Equal(3L << 30, NodeSettings.From(With("actormon.memory.budget = 3GiB")).MemoryBudget);
        Assert.StartsWith("actormon.memory.budget = 3 is not a size in 1MiB..", Error("actormon.memory.budget = 3"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_may_be_synced_always() => Assert.Null(NodeSettings.From(With("actormon.wal.sync-interval = always")).WalSyncInterval);

    [Theory]
    [InlineData("actormon.partitons = 64", "actormon.partitons is not a setting of a node")]
    [InlineData("actormon { query { queued = 1 } }", "actormon.query.queued is not a setting of a node")]
    public void A_key_that_there_is_not_is_named(string overlay, string error) => Assert.Equal(error, Error(overlay));

    [Fact]
    public void Dispatchers_and_akka_may_have_any_key() =>
        Assert.Equal(4, With("actormon.dispatchers.samples.dedicated-thread-pool.thread-count = 4\nakka.some.key = 1").GetInt("actormon.dispatchers.samples.dedicated-thread-pool.thread-count"));

    [Fact]
    public void The_overlay_beats_the_files_and_flags_beat_the_overlay()
    {
        using var folder = new TempFolder();
        var path = folder.Write("node.conf", "actormon.scrape-shards = 7\nakka.remote.dot-netty.tcp { hostname = \"10.0.0.1\", port = 1 }\n");
        var config = HoconLoader.Load(Options("--node.config=" + path, "--cluster.listen-address=127.0.0.9:7946", "--cluster.zone=east"));
        Assert.Equal(7, NodeSettings.From(config).ScrapeShards);
        Assert.Equal("127.0.0.9", config.GetString("akka.remote.dot-netty.tcp.hostname"));
        Assert.Equal(7946, config.GetInt("akka.remote.dot-netty.tcp.port"));
        Assert.Equal(["data", "zone-east"], config.GetStringList("akka.cluster.roles"));
    }

    [Fact]
    public void The_log_is_synced_always_when_the_flag_says_so_whatever_the_overlay_says()
    {
        using var folder = new TempFolder();
        var path = folder.Write("node.conf", "actormon.wal.sync-interval = 5s\n");
        Assert.Null(NodeSettings.From(HoconLoader.Load(Options("--node.config=" + path, "--storage.tsdb.wal-sync=always"))).WalSyncInterval);
        Assert.Equal(TimeSpan.FromSeconds(5), NodeSettings.From(HoconLoader.Load(Options("--node.config=" + path, "--storage.tsdb.wal-sync=interval"))).WalSyncInterval);
    }

    [Fact]
    public void An_overlay_that_cannot_be_read_or_parsed_is_an_expected_error()
    {
        using var folder = new TempFolder();
        Assert.ThrowsAny<IOException>(() => HoconLoader.Load(Options("--node.config=" + folder.File("absent.conf"))));
        var broken = folder.Write("broken.conf", "actormon.partitions = ${nope}");
        Assert.Contains(broken, Assert.Throws<ConfigurationException>(() => HoconLoader.Load(Options("--node.config=" + broken))).Message, StringComparison.Ordinal);
    }

    private static Config With(string overlay) => HoconLoader.Combine(Config.Empty, overlay.Length > 0 ? ConfigurationFactory.ParseString(overlay) : null, Folder);

    private static string Error(string overlay) => Assert.Throws<ConfigurationException>(() => NodeSettings.From(With(overlay))).Message;

    private static NodeOptions Options(params string[] arguments) => NodeOptions.From(((CommandLineResult.Run)CommandLineParser.Parse(arguments)).Flags).Options!;
}
