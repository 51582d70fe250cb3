using System.Net;
using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <summary>Three nodes, two copies of each partition: whichever node is asked, the answer is that of the cluster.</summary>
[Trait("Category", "Peers")]
public sealed class AnyNodeAnswersForAll : IAsyncLifetime
{
    private const int Series = 40;

    private readonly GrowingTarget[] _targets = [.. Enumerable.Range(0, 3).Select(_ => new GrowingTarget { Series = Series })];
    private ClusterScene _scene = null!;

    public async Task InitializeAsync()
    {
        _scene = new ClusterScene(new ClusterSetup($$"""
            global: {scrape_interval: 3s, scrape_timeout: 3s}
            scrape_configs:
              - job_name: growing
                static_configs: [{targets: [{{string.Join(", ", _targets.Select(target => $"'{target.Address}'"))}}]}]
              - job_name: dropped
                static_configs: [{targets: ['127.0.0.1:1', '127.0.0.1:2']}]
                relabel_configs: [{action: drop, source_labels: [__address__], regex: '.*:2'}]
            """) { Partitions = 8 });
        await _scene.StartAsync(3);
        await Eventually.Async(
            "all targets are scraped", async () => await _scene[0].ValueAsync("count(growing)") == _targets.Length * Series && await _scene[0].ValueAsync("count(up)") == 4, ClusterScene.Patience);
    }

    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        foreach (var target in _targets)
            await target.DisposeAsync();
    }

    [Fact]
    public async Task Every_endpoint_gives_one_answer_and_counts_a_series_once()
    {
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        foreach (var path in new[]
        {
            "query?query=count(up)", $"query?query=sum(growing)&time={time}", $"query_range?query=growing&start={time - 60}&end={time}&step=5", $"query_exemplars?query=growing&start=0&end={time}",
            "series?match[]=up", "labels", "label/job/values", "label/__name__/values", "metadata", "targets", "targets?state=dropped", "targets/metadata", "scrape_pools",
            "scrape_pools/config?scrapePool=growing", "status/config", "features", "status/tsdb", "status/tsdb?limit=100", "status/tsdb/blocks", "status/queries", "cardinality/metrics",
            "cardinality/labels", "cardinality/pairs", "cardinality/pairs?match[]={job=\"growing\"}&limit=1000", "cardinality/jobs", "cardinality/targets", "cardinality/churn", "cardinality/limits",
            "rules", "alerts", "admin/tsdb/deletions",
        })
            await AlikeAsync("/api/v1/" + path);
        await AlikeAsync("/federate?match[]=growing");

        var all = await _scene[1].ValueAsync("count({__name__=~\".+\"})");
        Assert.Equal(all, (await _scene[1].ApiAsync("status/tsdb")).GetProperty("headStats").GetProperty("numSeries").GetDouble());
        var jobs = (await _scene[2].ApiAsync("cardinality/jobs")).GetProperty("jobs").EnumerateArray().ToDictionary(j => j.GetProperty("job").GetString()!);
        Assert.Equal(all, jobs.Values.Sum(job => job.GetProperty("series").GetDouble()));
        Assert.Equal(_targets.Length, jobs["growing"].GetProperty("targets").GetInt32());
        Assert.Equal(all, (await _scene[2].ApiAsync("cardinality/churn")).GetProperty("hours").EnumerateArray().Sum(hour => hour.GetProperty("created").GetDouble()));
        var targets = await _scene[2].ApiAsync("targets");
        Assert.Equal(4, targets.GetProperty("activeTargets").GetArrayLength());
        Assert.Equal(1, targets.GetProperty("droppedTargetCounts").GetProperty("dropped").GetInt32());
    }

    [Fact]
    public async Task A_query_is_seen_and_killed_from_any_node_and_a_snapshot_is_taken_by_all()
    {
        // Minutes of work whatever is stored.
        const string Endless = "count_over_time(quantile_over_time(0.5, vector(time())[30d:1s])[30d:1s])";
        using var client = new HttpClient { Timeout = ClusterScene.Patience };
        var running = client.GetAsync(new Uri(_scene[0].Url, MetricsServer.QueryPath(Endless, null)));
        var listed = default(JsonElement);
        await Eventually.Async("another node lists the query", async () =>
        {
            listed = (await _scene[1].ApiAsync("status/queries")).GetProperty("queries").EnumerateArray().FirstOrDefault(q => q.GetProperty("query").GetString() == Endless);
            return listed.ValueKind == JsonValueKind.Object;
        }, ClusterScene.Patience);
        Assert.Equal((await _scene[0].ViewAsync())!.Self, listed.GetProperty("node").GetString());
        using (var killed = await client.DeleteAsync(new Uri(_scene[2].Url, "/api/v1/status/queries/" + listed.GetProperty("id").GetString())))
            Assert.Equal(HttpStatusCode.NoContent, killed.StatusCode);
        using (var answer = await running)
            Assert.Contains("killed through /api/v1/status/queries", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var taken = await client.PostAsync(new Uri(_scene[1].Url, "/api/v1/admin/tsdb/snapshot"), null);
        using var name = JsonDocument.Parse(await taken.Content.ReadAsStringAsync());
        foreach (var member in _scene.Members)
            Assert.True(File.Exists(Path.Combine(member.DataDirectory, "snapshots", name.RootElement.GetProperty("data").GetProperty("name").GetString()!, "actormon.json")), $"{member} has none");
    }

    [Fact]
    public async Task What_a_node_that_is_gone_does_not_tell_is_named_until_the_cluster_has_given_it_up()
    {
        await _scene[2].FreezeAsync();
        // It is still a member: it is asked and does not answer, or the cluster knows already that it is away.
        var warnings = new HashSet<string>(StringComparer.Ordinal);
        await Eventually.Async("the node is missed", async () =>
        {
            using var answer = JsonDocument.Parse(await _scene[0].TextAsync("/api/v1/targets"));
            if (answer.RootElement.TryGetProperty("warnings", out var told))
                warnings.UnionWith(told.EnumerateArray().Select(w => w.GetString()!));
            return warnings.Count > 0 || (await _scene[0].ViewAsync())?.Up.Count() == 2;
        }, ClusterScene.Patience);
        Assert.All(warnings, warning => Assert.StartsWith("results are incomplete: a node did not answer about its targets", warning, StringComparison.Ordinal));
        await _scene.SettledAsync();
        await Eventually.Async("the others scrape its targets", async () =>
        {
            using var answer = JsonDocument.Parse(await _scene[1].TextAsync("/api/v1/targets?partial_response=deny"));
            return answer.RootElement.GetProperty("data").GetProperty("activeTargets").GetArrayLength() == 4;
        }, ClusterScene.Patience);
        await _scene[2].CrashAsync();
    }

    /// <summary>Scrapes go on meanwhile: the answers are the same as soon as all nodes are asked between two of them.</summary>
    private async Task AlikeAsync(string path)
    {
        string[] answers = [];
        try
        {
            await Eventually.Async($"all nodes answer {path} alike", async () =>
            {
                answers = await Task.WhenAll(_scene.Members.Select(member => member.TextAsync(path)));
                return answers.Distinct(StringComparer.Ordinal).Count() == 1;
            }, TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{string.Join('\n', answers.Select(a => a[..Math.Min(2000, a.Length)]))}", e);
        }
        Assert.DoesNotContain("\"warnings\"", answers[0], StringComparison.Ordinal);
    }
}
