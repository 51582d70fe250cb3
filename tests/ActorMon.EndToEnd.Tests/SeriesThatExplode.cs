using System.Net;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

public class SeriesThatExplode
{
    /// <summary>Of the target's 100 series five are about its scrapes.</summary>
    private const int Limit = 100;

    [Fact]
    public async Task Known_series_go_on_and_the_API_names_the_limit_that_keeps_the_others_out()
    {
        using var folder = new TestFolder();
        await using var bad = new GrowingTarget { Series = 50 };
        await using var good = new GrowingTarget { Series = 50 };
        var settings = folder["node.conf"];
        await File.WriteAllTextAsync(settings, $"actormon.limits.series-per-target = {Limit}\n");
        await using var node = new Node(folder["node"], $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: bad
                static_configs: [{targets: ["{{bad.Address}}"]}]
              - job_name: good
                static_configs: [{targets: ["{{good.Address}}"]}]

            """, "--node.config=" + settings, "--web.enable-remote-write-receiver");
        await node.StartAsync();
        await Eventually.Async("both targets are scraped", async () => await node.ValueAsync("count(growing)") == 100, Scene.Patience);

        bad.Series = 5000;
        await Eventually.Async("series are refused", async () => await RefusedAsync(node) is not null, Scene.Patience);
        var from = bad.Scrapes;
        await Eventually.Async("three more scrapes are stored", async () => await node.ValueAsync("max(growing{job='bad'})") >= from + 3, Scene.Patience);

        // As many as fit, each of them as fresh as the others; the first fifty among them.
        Assert.Equal(Limit - 5, await node.ValueAsync("count(growing{job='bad'})"));
        Assert.Equal(0, await node.ValueAsync("max(growing{job='bad'}) - min(growing{job='bad'})"));
        Assert.Equal(50, await node.ValueAsync("count(growing{job='bad',s=~'[0-9]|[1-4][0-9]'})"));
        Assert.Equal(50, await node.ValueAsync("count(growing{job='good'})"));
        Assert.Equal(1, await node.ValueAsync("min(up)"));
        Assert.Equal(5000, await node.ValueAsync("scrape_samples_post_metric_relabeling{job='bad'}"));

        var refused = (await RefusedAsync(node)).GetValueOrDefault();
        Assert.Equal(("actormon.limits.series-per-target", Limit, Limit), (refused.GetProperty("setting").GetString(), refused.GetProperty("limit").GetInt32(), refused.GetProperty("series").GetInt32()));
        Assert.Equal(bad.Address, refused.GetProperty("of").GetProperty("instance").GetString());
        Assert.True(refused.GetProperty("refusing").GetBoolean());
        Assert.Equal("growing", refused.GetProperty("examples")[0].GetProperty("__name__").GetString());
        // Refused once, not at each scrape.
        Assert.Equal(5000 - (Limit - 5), refused.GetProperty("refused").GetInt32());
        Assert.Contains("actormon_series_refused_total{scope=\"target\"} 4905", await node.TextAsync("/metrics"), StringComparison.Ordinal);

        var jobs = (await node.ApiAsync("cardinality/jobs")).GetProperty("jobs");
        Assert.Equal(("bad", Limit), (jobs[0].GetProperty("job").GetString(), jobs[0].GetProperty("series").GetInt32()));
        Assert.Equal(Limit, jobs[0].GetProperty("samplesPerSecond").GetDouble());
        Assert.Equal(Limit + 55, (await node.ApiAsync("status/tsdb")).GetProperty("headStats").GetProperty("numSeries").GetInt32());
        var top = (await node.ApiAsync("cardinality/metrics?match[]={job='bad'}&limit=1")).GetProperty("metrics")[0];
        Assert.Equal(("growing", Limit - 5), (top.GetProperty("name").GetString(), top.GetProperty("series").GetInt32()));
        var hours = (await node.ApiAsync("cardinality/churn?job=bad")).GetProperty("hours").EnumerateArray().Sum(h => h.GetProperty("created").GetInt32());
        Assert.Equal(Limit, hours);

        // A write of the same job and instance meets the same limit; what is known of it is stored.
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        (string, string)[] Labels(string s) => [("__name__", "growing"), ("instance", bad.Address), ("job", "bad"), ("s", s)];
        var writer = new RemoteWriter(node);
        Assert.Equal(HttpStatusCode.BadRequest, await writer.SendAsync([(Labels("pushed"), now, 1), ([("__name__", "other")], now, 7)]));
        Assert.Equal(7, await node.ValueAsync("other"));
        Assert.Empty(await node.QueryAsync("growing{s='pushed'}"));
    }

    private static async Task<System.Text.Json.JsonElement?> RefusedAsync(Node node)
    {
        foreach (var refused in (await node.ApiAsync("cardinality/limits")).GetProperty("refused").EnumerateArray())
            if (refused.GetProperty("scope").GetString() == "target")
                return refused;
        return null;
    }
}
