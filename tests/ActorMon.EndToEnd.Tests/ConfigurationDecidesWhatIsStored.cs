using System.Net;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

[Trait("Category", "Peers")]
public class ConfigurationDecidesWhatIsStored
{
    [Fact]
    public async Task Honor_labels_and_metric_relabelling_decide_over_labels_and_series()
    {
        using var folder = new TestFolder();
        await using var page = Target.Oddities();
        await using var node = new Node(folder["node"], $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: plain
                metrics_path: /labelled
                static_configs: [{targets: ["{{page.Metrics}}"]}]
              - job_name: honoring
                metrics_path: /labelled
                honor_labels: true
                static_configs: [{targets: ["{{page.Metrics}}"]}]
              - job_name: relabelled
                metrics_path: /labelled
                static_configs: [{targets: ["{{page.Metrics}}"]}]
                metric_relabel_configs:
                  - {source_labels: [__name__], regex: "noise.*", action: drop}
                  - {source_labels: [extra], regex: "(.)ept", target_label: initial, replacement: "${1}"}
                  - {regex: "exported_.*|extra", action: labeldrop}
            """);
        await page.StartAsync();
        await node.StartAsync();
        await Eventually.Async("three jobs are up", async () => (await node.QueryAsync("up == 1")).Count == 3, Scene.Patience);
        var at = page.Metrics;
        Assert.Equal(
            [
                $"__name__=clash,exported_instance=here,exported_job=mine,extra=kept,instance={at},job=plain",
                $"__name__=clash,extra=kept,instance=here,job=mine",
                $"__name__=clash,initial=k,instance={at},job=relabelled",
            ], (await node.QueryAsync("clash")).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["job=honoring", "job=plain"], (await node.QueryAsync("count by (job) (noise_total)")).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, await node.ValueAsync("scrape_samples_post_metric_relabeling{job='relabelled'}"));
    }

    [Fact]
    public async Task A_changed_target_file_is_picked_up_without_a_reload()
    {
        using var folder = new TestFolder();
        await using var first = Target.Oddities();
        await using var second = Target.Oddities();
        var file = folder["targets.json"];
        await File.WriteAllTextAsync(file, $$"""[{"targets": ["{{first.Metrics}}"], "labels": {"place": "a"} }]""");
        await using var node = new Node(folder["node"], $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: files
                file_sd_configs: [{files: ["{{file}}"]}]
            """);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        await node.StartAsync();
        await Eventually.Async("the first target is up", async () => await node.ValueAsync("up{place='a'}") == 1, Scene.Patience);

        await File.WriteAllTextAsync(file, $$"""[{"targets": ["{{second.Metrics}}"], "labels": {"place": "b"} }]""");
        await Eventually.Async("the second target took its place", async () =>
            (await node.QueryAsync("up")).Keys.SequenceEqual([$"__name__=up,instance={second.Metrics},job=files,place=b"]), Scene.Patience);

        await File.WriteAllTextAsync(file, "[{broken");
        await Eventually.Async("the mistake is counted", async () =>
            (await node.TextAsync("/metrics")).Split('\n').Any(l => l.StartsWith("prometheus_sd_file_read_errors_total ", StringComparison.Ordinal) && !l.EndsWith(" 0", StringComparison.Ordinal)),
            Scene.Patience);
        Assert.Equal(1, await node.ValueAsync("up{place='b'}"));
    }

    [Fact]
    public async Task A_reload_takes_the_new_configuration_whole_or_not_at_all()
    {
        using var folder = new TestFolder();
        await using var page = Target.Oddities();
        var configuration = (string job) => $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: {{job}}
                static_configs: [{targets: ["{{page.Metrics}}"]}]
            """;
        await using var node = new Node(folder["node"], configuration("one"));
        await page.StartAsync();
        await node.StartAsync();
        await Eventually.Async("job one is up", async () => await node.ValueAsync("up{job='one'}") == 1, Scene.Patience);

        node.WriteConfiguration(configuration("two"));
        Assert.Equal(HttpStatusCode.OK, await node.PostAsync("/-/reload"));
        await Eventually.Async("job two replaced job one", async () =>
            await node.ValueAsync("up{job='two'}") == 1 && (await node.QueryAsync("up{job='one'}")).Count == 0, Scene.Patience);

        node.WriteConfiguration(configuration("three") + "\n    scrape_intervall: 5s");
        Assert.Equal(HttpStatusCode.InternalServerError, await node.PostAsync("/-/reload"));
        Assert.Contains("prometheus_config_last_reload_successful 0", await node.TextAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal("up", (await node.TargetAsync("two")).Health);

        node.WriteConfiguration(configuration("four"));
        await node.Process.SignalAsync("HUP");
        await Eventually.Async("SIGHUP reloads too", async () => await node.ValueAsync("up{job='four'}") == 1, Scene.Patience);
        Assert.Contains("prometheus_config_last_reload_successful 1", await node.TextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--no-such-flag")]
    [InlineData("--config.file=/dev/null/absent.yml")]
    public async Task A_wrong_flag_or_configuration_ends_with_exit_code_2(string flag)
    {
        using var folder = new TestFolder();
        await using var node = new RunningProcess(Node.Program, [flag, "--storage.path=" + folder["data"]], folder.Path);
        Assert.Equal(2, await node.WaitForExitAsync(TimeSpan.FromSeconds(30)));
    }
}
