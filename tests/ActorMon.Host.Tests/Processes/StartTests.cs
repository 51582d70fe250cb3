using System.Diagnostics;
using System.Text.Json;

namespace ActorMon.Host.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class StartTests
{
    [Theory]
    [InlineData("unknown long flag '--no.such.flag'", "--no.such.flag=1")]
    [InlineData("flag '--web.listen-address': \"nonsense\" is not host:port", "--web.listen-address=nonsense")]
    public async Task Wrong_flags_end_with_code_2_and_one_line(string error, string flag)
    {
        await using var node = new HostNode();
        Assert.Equal(2, await node.Launch(flag).ExitAsync());
        Assert.StartsWith("actormon: error: " + error, Assert.Single(node.Output), StringComparison.Ordinal);
        Assert.False(Directory.Exists(node.Data));
    }

    [Theory]
    [InlineData("--version", "actormon, version 0.1.0")]
    [InlineData("--help", "usage: actormon [<flags>]")]
    public async Task Version_and_help_end_with_code_0(string flag, string text)
    {
        await using var node = new HostNode();
        Assert.Equal(0, await node.Launch(flag).ExitAsync());
        Assert.StartsWith(text, node.Output.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_configuration_ends_with_code_2_and_every_error_with_file_line_and_key()
    {
        await using var node = new HostNode("""
            global:
              scrape_interval: soon
            scrape_configs:
              - job_name: a
                scrape_timeout: 1h
                bogus: 1
                relabel_configs:
                  - action: fly
            """);
        Assert.Equal(2, await node.Launch().ExitAsync());
        foreach (var place in (string[])[":2: global.scrape_interval: ", ":6: scrape_configs[0].bogus: ", ":8: scrape_configs[0].relabel_configs[0].action: "])
            Assert.Contains(node.Output, line => line.Contains(node.ConfigFile + place, StringComparison.Ordinal));
        NoStackTrace(node);
        Assert.False(Directory.Exists(node.Data));
    }

    [Fact]
    public async Task A_configuration_that_is_not_there_ends_with_code_2()
    {
        await using var node = new HostNode();
        File.Delete(node.ConfigFile);
        Assert.Equal(2, await node.Launch().ExitAsync());
        Assert.Contains(node.ConfigFile + ": open ", node.Text, StringComparison.Ordinal);
        NoStackTrace(node);
    }

    [Fact]
    public async Task Settings_out_of_range_end_with_code_2()
    {
        await using var node = new HostNode();
        var overlay = Path.Combine(node.Folder, "node.conf");
        await File.WriteAllTextAsync(overlay, "actormon.partitions = 3");
        Assert.Equal(2, await node.Launch("--node.config=" + overlay).ExitAsync());
        Assert.Contains("actormon.partitions = 3 is not a power of two in 1..16384", node.Text, StringComparison.Ordinal);
        NoStackTrace(node);
    }

    [Fact]
    public async Task A_second_node_on_a_data_directory_ends_with_code_1_and_names_it_and_its_holder()
    {
        await using var first = await new HostNode().StartAsync();
        await using var second = new HostNode();
        Assert.Equal(1, await second.Launch("--storage.path=" + first.Data).ExitAsync());
        var line = second.Output.Last();
        Assert.Contains(first.Data, line, StringComparison.Ordinal);
        Assert.Matches(@"pid \d+ on ", line);
        NoStackTrace(second);
        Assert.Equal(0, await first.StopAsync());
    }

    [Fact]
    public async Task A_port_in_use_ends_with_code_1_and_one_line()
    {
        await using var first = await new HostNode().StartAsync();
        await using var second = new HostNode();
        Assert.Equal(1, await second.Launch($"--web.listen-address=127.0.0.1:{first.Port}").ExitAsync());
        Assert.Contains($"cannot listen on 127.0.0.1:{first.Port} (--web.listen-address): ", second.Output.Last(), StringComparison.Ordinal);
        NoStackTrace(second);
    }

    [Fact]
    public async Task A_directory_that_Prometheus_wrote_is_refused_and_stays_as_it_is()
    {
        await using var node = new HostNode();
        await WriteAsPrometheusAsync(node);
        var before = Snapshot(node.Data);
        Assert.Equal(1, await node.Launch().ExitAsync());
        Assert.Contains($"actormon-tool tsdb import prometheus {node.Data} {node.Data}-actormon", node.Output.Last(), StringComparison.Ordinal);
        NoStackTrace(node);
        Assert.Equal(before, Snapshot(node.Data));
    }

    [Fact]
    public async Task A_normal_start_and_stop_are_a_few_lines_and_no_warning()
    {
        await using var node = await new HostNode().StartAsync();
        Assert.Equal(0, await node.StopAsync());
        Assert.InRange(node.Output.Count, 2, 8);
        Assert.All(node.Output, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INF \S+: ", line));
    }

    [Fact]
    public async Task Json_logs_are_one_object_a_line()
    {
        await using var node = await new HostNode().StartAsync("--log.format=json", "--web.enable-otlp-receiver");
        Assert.Equal(0, await node.StopAsync());
        var events = node.Output.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(events, e => Assert.True(e.TryGetProperty("@t", out _) && e.TryGetProperty("@m", out _)));
        Assert.Contains(events, e => e.TryGetProperty("@l", out var level) && level.GetString() == "Warning");
    }

    [Fact]
    public async Task What_has_no_effect_is_told_in_one_line_each()
    {
        await using var node = await new HostNode("""
            storage: {tsdb: {stale_series_compaction_threshold: 0.5}}
            rule_files: [none.yml]
            remote_write: [{url: http://127.0.0.1:1/}]
            """).StartAsync("--web.enable-otlp-receiver", "--enable-feature=st-storage,no-such,exemplar-storage", "--agent");
        string[] lines =
        [
            "--web.enable-otlp-receiver has no effect: ", "--agent has no effect: ", "--enable-feature=st-storage has no effect: ",
            "Unknown option for --enable-feature: no-such", ":1: storage.tsdb.stale_series_compaction_threshold: no effect: ", "none.yml: no such file: there are no rules in it", ":3: remote_write: no effect: ",
        ];
        foreach (var line in lines)
            Assert.Single(node.Output, written => written.Contains(line, StringComparison.Ordinal) && written.Contains(" WRN ", StringComparison.Ordinal));
        Assert.DoesNotContain("exemplar-storage", node.Text, StringComparison.Ordinal);
    }

    private static void NoStackTrace(HostNode node) => Assert.DoesNotContain(node.Output, line => line.StartsWith("   at ", StringComparison.Ordinal));

    /// <summary>By the original itself where it is installed; else the same names by hand.</summary>
    private static async Task WriteAsPrometheusAsync(HostNode node)
    {
        if (File.Exists("/usr/bin/prometheus"))
        {
            var start = new ProcessStartInfo("/usr/bin/prometheus") { RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var argument in (string[])["--config.file=" + node.ConfigFile, "--storage.tsdb.path=" + node.Data, $"--web.listen-address=127.0.0.1:{node.Port}"])
                start.ArgumentList.Add(argument);
            using var prometheus = Process.Start(start)!;
            prometheus.OutputDataReceived += (_, _) => { };
            prometheus.ErrorDataReceived += (_, _) => { };
            prometheus.BeginErrorReadLine();
            prometheus.BeginOutputReadLine();
            await node.UntilAsync("Prometheus has written", async () => await node.StatusAsync(HttpMethod.Get, "/-/ready") == System.Net.HttpStatusCode.OK);
            using var kill = Process.Start("kill", [prometheus.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await prometheus.WaitForExitAsync();
        }
        var block = Path.Combine(node.Data, "01KACGBYT5ZJ3N1Z6YV3W6RM5S");
        foreach (var folder in (string[])[Path.Combine(node.Data, "wal"), Path.Combine(node.Data, "chunks_head"), Path.Combine(block, "chunks")])
            Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(node.Data, "wal", "00000000"), "segment");
        await File.WriteAllTextAsync(Path.Combine(block, "meta.json"), "{\"version\":1}");
    }

    private static List<string> Snapshot(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Append(new DirectoryInfo(folder))
            .Select(e => $"{e.FullName} {e.LastWriteTimeUtc.Ticks} {(e is FileInfo file ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file.FullName))) : "")}")
            .Order(StringComparer.Ordinal)];
}
