using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

[Trait("Category", "Peers")]
public class BadTargetsCostTheirScrapeOnly
{
    private static readonly (string Path, string Error)[] Oddities =
    [
        ("hang", "deadline exceeded"),
        ("lie", "deadline exceeded"),
        ("garbage", ""),
        ("html", "unsupported Content-Type"),
        ("flood", "body size limit exceeded"),
        ("bomb", "body size limit exceeded"),
        ("error", "server returned HTTP status 500 Internal Server Error"),
    ];

    [Fact]
    public async Task Each_is_down_and_says_why_while_its_neighbour_misses_no_scrape()
    {
        using var folder = new TestFolder();
        await using var odd = Target.Oddities();
        await using var shop = Target.Shop();
        await using var node = new Node(folder["node"], $$"""
            global: {scrape_interval: 2s, scrape_timeout: 2s}
            scrape_configs:
              - job_name: shop
                static_configs: [{targets: ["{{shop.Metrics}}"]}]

            """ + string.Concat(Oddities.Select(o => $$"""
              - job_name: {{o.Path}}
                metrics_path: /{{o.Path}}
                body_size_limit: 10MB
                static_configs: [{targets: ["{{odd.Metrics}}"]}]

            """)));
        // Before the node: a target that still starts is rightly down at the first scrape.
        await Task.WhenAll(odd.StartAsync(), shop.StartAsync());
        await node.StartAsync();
        foreach (var (path, error) in Oddities)
            await Eventually.Async($"{path} is down because of '{error}'", async () =>
            {
                var (health, lastError) = await node.TargetAsync(path);
                return health == "down" && lastError.Length > 0 && lastError.Contains(error, StringComparison.Ordinal);
            }, Scene.Patience);

        await Eventually.Async("every bad target has been tried three times", async () =>
            (await node.QueryAsync("count_over_time(up{job!='shop'}[5m]) >= 3")).Count == Oddities.Length, Scene.Patience);
        Assert.Equal(Oddities.Length, (await node.QueryAsync("up == 0")).Count);
        Assert.True(await node.ValueAsync("count_over_time(up{job='shop'}[5m])") >= 2);
        Assert.True(await node.ValueAsync("min_over_time(up{job='shop'}[5m])") == 1, "the neighbour was down: " + (await node.TargetAsync("shop")).LastError);
        Assert.Empty(await node.QueryAsync("{job!='shop',__name__=~'.+',__name__!~'up|scrape_.*'}"));
        Assert.True(ResidentBytes(node.Process.Id) < 600L << 20, "the node grew with what its targets sent");
    }

    private static long ResidentBytes(int process)
    {
        using var running = System.Diagnostics.Process.GetProcessById(process);
        return running.WorkingSet64;
    }
}
