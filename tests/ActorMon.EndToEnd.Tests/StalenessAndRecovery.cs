using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

[Trait("Category", "Peers")]
public class StalenessAndRecovery
{
    [Fact]
    public async Task A_program_that_stops_takes_its_series_along_and_its_return_is_a_counter_reset()
    {
        using var folder = new TestFolder();
        await using var shop = Target.Shop();
        await using var flask = Target.Flask();
        await using var node = new Node(folder["node"], $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: shop
                static_configs: [{targets: ["{{shop.Metrics}}"]}]
              - job_name: flask
                static_configs: [{targets: ["{{flask.Metrics}}"]}]
            """);
        await Task.WhenAll(shop.StartAsync(), flask.StartAsync());
        await node.StartAsync();
        await shop.OrderAsync("get", 40);
        await flask.GetAsync("/");
        await Eventually.Async("the order is scraped", async () => await node.ValueAsync("http_requests_total") == 40 && await node.ValueAsync("page_visits_total") == 1, Scene.Patience);

        await shop.Process.KillAsync();
        await Eventually.Async("up is 0", async () => await node.ValueAsync("up{job='shop'}") == 0, Scene.Patience);
        var stopped = (await node.ValueAsync("time()"))!.Value;
        Assert.Empty(await node.QueryAsync("http_requests_total", stopped));
        Assert.Empty(await node.QueryAsync("shop_latency_seconds_bucket", stopped));
        Assert.Equal(1, await node.ValueAsync("up{job='flask'}", stopped));
        Assert.Equal(1, await node.ValueAsync("page_visits_total", stopped));
        Assert.Equal("down", (await node.TargetAsync("shop")).Health);
        Assert.Contains("connection refused", (await node.TargetAsync("shop")).LastError, StringComparison.OrdinalIgnoreCase);

        await shop.StartAsync();
        await shop.OrderAsync("get", 3);
        await Eventually.Async("the new count is scraped", async () => await node.ValueAsync("http_requests_total") == 3, Scene.Patience);
        var now = (await node.ValueAsync("time()"))!.Value;
        Assert.Equal(1, await node.ValueAsync("up{job='shop'}", now));
        Assert.Equal(1, await node.ValueAsync("resets(http_requests_total[10m])", now));
        var samples = Assert.Single(await node.SamplesAsync("http_requests_total[10m]", now)).Value;
        Assert.Equal(["40", "3"], samples.Select(s => s.Value).Distinct());
        Assert.Equal(CounterArithmetic.Increase(samples, now, 600), (await node.ValueAsync("increase(http_requests_total[10m])", now))!.Value, 1e-9);
    }
}
