using System.Net;

namespace ActorMon.Host.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class ReloadTests
{
    private const string Successful = "prometheus_config_last_reload_successful";

    [Fact]
    public async Task A_reload_takes_all_of_a_good_configuration_and_nothing_of_a_bad_one()
    {
        await using var node = await new HostNode(Jobs("a")).StartAsync("--web.enable-lifecycle");
        await node.UntilAsync("target a", async () => await node.JobsAsync() == "a");
        Assert.Equal("1", await node.MetricAsync(Successful));

        node.Configure(Jobs("a", "b"));
        Assert.Equal(HttpStatusCode.OK, await node.StatusAsync(HttpMethod.Post, "/-/reload"));
        await node.UntilAsync("targets a and b", async () => await node.JobsAsync() == "a,b");

        node.Configure(Jobs("c") + "bogus: 1\n");
        Assert.Equal(HttpStatusCode.InternalServerError, await node.StatusAsync(HttpMethod.Post, "/-/reload"));
        Assert.Equal("0", await node.MetricAsync(Successful));
        Assert.Equal("a,b", await node.JobsAsync());
        Assert.DoesNotContain("job_name: c", await node.GetAsync("/api/v1/status/config"), StringComparison.Ordinal);

        node.Configure(Jobs("c"));
        await node.SignalAsync("HUP");
        await node.UntilAsync("target c", async () => await node.JobsAsync() == "c");
        Assert.Equal("1", await node.MetricAsync(Successful));

        node.Configure("[");
        await node.SignalAsync("HUP");
        await node.UntilAsync("the failure shows", async () => await node.MetricAsync(Successful) == "0");
        Assert.Equal("c", await node.JobsAsync());
        Assert.Equal(0, await node.StopAsync());
    }

    [Theory]
    [InlineData("/-/reload")]
    [InlineData("/-/quit")]
    public async Task Without_the_flag_nobody_reloads_or_quits_over_http(string path)
    {
        await using var node = await new HostNode(Jobs("a")).StartAsync();
        node.Configure(Jobs("b"));
        Assert.Equal(HttpStatusCode.Forbidden, await node.StatusAsync(HttpMethod.Post, path));
        await node.UntilAsync("target a", async () => await node.JobsAsync() == "a");
    }

    [Fact]
    public async Task Auto_reload_follows_the_file()
    {
        await using var node = await new HostNode(Jobs("a")).StartAsync("--config.auto-reload", "--config.auto-reload-interval=200ms");
        await node.UntilAsync("target a", async () => await node.JobsAsync() == "a");
        node.Configure(Jobs("b"));
        await node.UntilAsync("target b", async () => await node.JobsAsync() == "b");
        File.Delete(node.ConfigFile);
        await node.UntilAsync("the failure shows", async () => await node.MetricAsync(Successful) == "0");
        Assert.Equal("b", await node.JobsAsync());
        node.Configure(Jobs("c"));
        await node.UntilAsync("target c", async () => await node.JobsAsync() == "c");
        Assert.Equal("1", await node.MetricAsync(Successful));
    }

    private static string Jobs(params string[] names) =>
        "scrape_configs:\n" + string.Concat(names.Select(name => $"  - job_name: {name}\n    static_configs: [{{targets: ['127.0.0.1:1']}}]\n"));
}
