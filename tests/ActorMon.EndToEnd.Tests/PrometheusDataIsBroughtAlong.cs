using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

/// <summary>
/// Debian's Prometheus is filled in every way it can be: scraped targets, a native histogram, remote-written hours that it cuts into blocks, samples out of order,
/// deletions, a backfill. It is stopped, and its directory becomes a node's with one command.
/// </summary>
[Trait("Category", "Peers")]
public sealed class PrometheusDataIsBroughtAlong
{
    private const int Series = 40;
    private const int Steps = 300;
    private const long StepMs = 100_000;

    private static readonly double[] Odd = [0, -0.0, double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 0.1, 1e-300];

    [Fact]
    public async Task Every_sample_is_the_same_and_the_source_is_untouched()
    {
        using var folder = new TestFolder();
        var source = await FillAsync(folder);
        await Programs.RunAsync("promtool", "tsdb", "create-blocks-from", "openmetrics", Backfill(folder["backfill"]), source);
        var theirs = await Programs.RunAsync("promtool", "tsdb", "dump", source);
        Assert.True(theirs.Length > Series * Steps, $"Prometheus holds {theirs.Length} samples only");
        Assert.True(Directory.GetDirectories(source).Count(d => Path.GetFileName(d).Length == 26) > 3, "Prometheus cut no blocks");
        var before = Fingerprints(source);

        // Read where it lies, then brought over, twice: nothing changes by that.
        Assert.Equal("", Differences(theirs, await Programs.RunAsync(Programs.Tool, "tsdb", "dump", source)));
        var data = Path.Combine(folder["node"], "data");
        await Programs.RunAsync(Programs.Tool, "tsdb", "import", "prometheus", source, data);
        Assert.Equal("", Differences(theirs, await Programs.RunAsync(Programs.Tool, "tsdb", "dump", data)));
        await Programs.RunAsync(Programs.Tool, "tsdb", "import", "prometheus", source, data);
        Assert.Equal("", Differences(theirs, await Programs.RunAsync(Programs.Tool, "tsdb", "dump", data)));
        await Programs.RunAsync(Programs.Tool, "tsdb", "verify", data);
        Assert.Equal(before, Fingerprints(source));

        await NodeAnswersAsync(folder, theirs);
    }

    [Fact]
    public async Task A_node_pointed_at_the_directory_names_the_command_that_brings_it_over()
    {
        using var folder = new TestFolder();
        var source = folder["prometheus"];
        // promtool reads no directory without a log.
        Directory.CreateDirectory(Path.Combine(source, "wal"));
        await Programs.RunAsync("promtool", "tsdb", "create-blocks-from", "openmetrics", Backfill(folder["backfill"]), source);
        var config = Path.Combine(folder.Path, "prometheus.yml");
        await File.WriteAllTextAsync(config, "");
        await using var node = new RunningProcess(Node.Program, ["--config.file=" + config, "--storage.path=" + source, $"--web.listen-address=127.0.0.1:{FreePorts.Next()}"]);
        Assert.Equal(1, await node.WaitForExitAsync(Scene.Patience));
        var command = node.Output[node.Output.IndexOf("actormon-tool tsdb import", StringComparison.Ordinal)..].Split('\n', '"')[0].Split(' ');
        await Programs.RunAsync(Programs.Tool, command[1..]);
        Assert.Equal(
            (await Programs.RunAsync("promtool", "tsdb", "dump", source)).Order(StringComparer.Ordinal),
            (await Programs.RunAsync(Programs.Tool, "tsdb", "dump", command[^1])).Order(StringComparer.Ordinal));
    }

    /// <summary>A filled directory in which samples out of order are in their log still: of blocks made of them promtool's dump takes the end for that of all blocks.</summary>
    private static async Task<string> FillAsync(TestFolder folder)
    {
        for (var attempt = 0; ; attempt++)
        {
            var source = await FillAsync(folder[$"prometheus{attempt}"]);
            if (!Directory.GetFiles(source, "meta.json", SearchOption.AllDirectories).Any(m => File.ReadAllText(m).Contains("out-of-order", StringComparison.Ordinal)))
                return source;
            Assert.True(attempt < 3, "Prometheus made blocks of samples out of order each time");
        }
    }

    private static async Task<string> FillAsync(string home)
    {
        await using var shop = Target.Shop();
        await using var native = Target.Native();
        await Task.WhenAll(shop.StartAsync(), native.StartAsync());
        const string Quiet = "global: {scrape_interval: 1s}\nstorage: {tsdb: {out_of_order_time_window: 30m}}\n";
        await using var prometheus = new DebianPrometheus(
            home, Quiet, "--web.enable-remote-write-receiver", "--web.enable-admin-api", "--web.enable-lifecycle", "--enable-feature=native-histograms");
        await prometheus.StartAsync();
        await WriteHoursAsync(prometheus);
        prometheus.WriteConfiguration(Quiet + $$"""
            scrape_configs:
              - job_name: shop
                static_configs: [{targets: ["{{shop.Metrics}}", "127.0.0.1:{{FreePorts.Next()}}"]}]
              - job_name: native
                static_configs: [{targets: ["{{native.Metrics}}"]}]
            """);
        await prometheus.PostAsync("/-/reload");
        foreach (var seconds in new[] { 0.01, 0.02, 0.3, 1.5 })
            await native.GetAsync("/observe/" + seconds.ToString(CultureInfo.InvariantCulture));
        await Eventually.Async("what is older is cut into blocks", async () => await HeadLengthAsync(prometheus) < 3 * 3_600_000, Scene.Patience);
        await WriteLateAsync(prometheus);
        await Eventually.Async("targets are scraped for a while", async () => (await prometheus.SamplesAsync("up{job='native'}[5m]")).Values.Any(s => s.Count > 5), Scene.Patience);
        Assert.Equal(HttpStatusCode.NoContent, await prometheus.PostAsync("/api/v1/admin/tsdb/delete_series?match[]=hours%7Bi%3D%223%22%7D"));
        Assert.Equal(HttpStatusCode.NoContent, await prometheus.PostAsync("/api/v1/admin/tsdb/delete_series?match[]=scrape_samples_scraped%7Bjob%3D%22shop%22%7D"));
        Assert.Equal(0, await prometheus.StopAsync());
        return Path.Combine(home, "data");
    }

    private static async Task<double> HeadLengthAsync(DebianPrometheus prometheus)
    {
        var lines = (await prometheus.TextAsync("/metrics")).Split('\n');
        double Value(string name) => double.Parse(lines.First(l => l.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);
        return Value("prometheus_tsdb_head_max_time") - Value("prometheus_tsdb_head_min_time");
    }

    /// <summary>Samples from before the newest ones of their series.</summary>
    private static Task WriteLateAsync(DebianPrometheus prometheus)
    {
        var late = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 3 * StepMs;
        return WriteAsync(new RemoteWriter(prometheus), Enumerable.Range(10, 5).SelectMany(i => Enumerable.Range(1, 20).Select(n => (i, late - n * 1013L, n + 0.5))));
    }

    /// <summary>Eight hours up to now.</summary>
    private static async Task WriteHoursAsync(DebianPrometheus prometheus)
    {
        var writer = new RemoteWriter(prometheus);
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - Steps * StepMs;
        for (var step = 0; step < Steps; step++)
        {
            var time = start + step * StepMs;
            await WriteAsync(writer, Enumerable.Range(0, Series).Select(i => (i, time, i == 0 ? Odd[step % Odd.Length] : Math.Sin(step) * i)));
        }
    }

    private static async Task WriteAsync(RemoteWriter writer, IEnumerable<(int Series, long Time, double Value)> samples)
    {
        var status = await writer.SendAsync(samples.Select(s => ((IReadOnlyList<(string, string)>)
            [("__name__", "hours"), ("i", s.Series.ToString(CultureInfo.InvariantCulture)), ("instance", $"h{s.Series % 7}"), ("job", "writer")], s.Time, s.Value)));
        Assert.Equal(HttpStatusCode.NoContent, status);
    }

    private static string Backfill(string path)
    {
        using var text = new StreamWriter(path);
        text.Write("# TYPE old counter\n");
        for (var i = 0; i < 3; i++)
            for (var n = 0; n < 200; n++)
                text.Write(string.Create(CultureInfo.InvariantCulture, $"old_total{{s=\"{i}\",text=\"a \\\"b\\\" \u00fc\"}} {n * 1.5} {1_700_000_000 + n * 97}\n"));
        text.Write("# EOF\n");
        return path;
    }

    private static async Task NodeAnswersAsync(TestFolder folder, string[] theirs)
    {
        await using var node = new Node(folder["node"], "", "--storage.tsdb.retention.time=100y");
        await node.StartAsync();
        // The old samples are asked for at their own time, the newer ones at the last of theirs.
        var old = await node.SamplesAsync("old_total[10h]", 1_700_020_000);
        Assert.Equal(3 * 200, old.Values.Sum(s => s.Count));
        Assert.Equal(theirs.Count(l => l.StartsWith("{__name__=\"old_total\"", StringComparison.Ordinal)), old.Values.Sum(s => s.Count));
        var hours = await node.SamplesAsync("hours[10h]");
        var expected = theirs.Where(l => l.StartsWith("{__name__=\"hours\"", StringComparison.Ordinal)).ToList();
        Assert.Equal(expected.Count, hours.Values.Sum(s => s.Count));
        Assert.DoesNotContain("__name__=hours,i=3,instance=h3,job=writer", hours.Keys);
        Assert.NotNull(await node.ValueAsync("histogram_count(last_over_time(latency_seconds{path='/'}[1h]))"));
        Assert.Equal(0, await node.StopAsync());
    }

    private static string Differences(string[] theirs, string[] ours)
    {
        // Debian's promtool prints no native histograms.
        ours = [.. ours.Where(l => !l.Contains("} {count:", StringComparison.Ordinal))];
        var (mine, other) = (ours.ToHashSet(StringComparer.Ordinal), theirs.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(theirs.Length, other.Count);
        var different = other.Except(mine).Select(l => "only Prometheus: " + l).Concat(mine.Except(other).Select(l => "only ActorMon: " + l)).Take(20).ToList();
        return different.Count > 0 ? string.Join('\n', different) : ours.Length == theirs.Length ? "" : $"{ours.Length} lines instead of {theirs.Length}";
    }

    private static List<string> Fingerprints(string directory) =>
        [.. Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{f} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}")];
}
