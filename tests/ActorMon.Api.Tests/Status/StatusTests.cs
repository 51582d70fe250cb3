using ActorMon.Api.Ports;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;

namespace ActorMon.Api.Tests.Status;

public sealed class StatusTests
{
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task Targets_are_shown_with_all_their_fields()
    {
        _world.Node.ActiveTargets.Add(FakeNode.Target("a", "localhost:9100", TargetHealth.Down, "refused"));
        _world.Node.ActiveTargets.Add(FakeNode.Target("b", "10.0.0.1:80", TargetHealth.Unknown));
        _world.Node.DroppedTargets.Add(new DroppedTarget("b", LabelSet.Of("__address__", "x")));
        Assert.Equal(
            """{"activeTargets":[{"discoveredLabels":{"__address__":"localhost:9100","job":"a"},"labels":{"instance":"localhost:9100","job":"a"},"scrapePool":"a","""
            + """ "scrapeUrl":"http://localhost:9100/metrics","globalUrl":"http://outside/localhost:9100","lastError":"refused","lastScrape":"1970-01-01T00:00:01.5Z","lastScrapeDuration":0.025,"health":"down","scrapeInterval":"15s","scrapeTimeout":"10s"},""".TrimStart()
            + """{"discoveredLabels":{"__address__":"10.0.0.1:80","job":"b"},"labels":{"instance":"10.0.0.1:80","job":"b"},"scrapePool":"b","scrapeUrl":"http://10.0.0.1:80/metrics","globalUrl":"http://outside/10.0.0.1:80","lastError":"","""
            + """ "lastScrape":"0001-01-01T00:00:00Z","lastScrapeDuration":0.025,"health":"unknown","scrapeInterval":"15s","scrapeTimeout":"10s"}],""".TrimStart()
            + """ "droppedTargets":[{"discoveredLabels":{"__address__":"x"},"scrapePool":"b"}],"droppedTargetCounts":{"a":0,"b":1}}""".TrimStart(),
            (await _world.Get("/api/v1/targets")).Data.GetRawText());
    }

    [Theory]
    [InlineData("", 2, 1, true)]
    [InlineData("state=any", 2, 1, true)]
    [InlineData("state=ACTIVE", 2, 0, false)]
    [InlineData("state=dropped", 0, 1, true)]
    [InlineData("state=bogus", 0, 0, false)]
    [InlineData("scrapePool=a", 1, 0, true)]
    [InlineData("scrapePool=b&state=active", 1, 0, false)]
    public async Task Targets_are_chosen_by_state_and_pool(string parameters, int active, int dropped, bool counts)
    {
        _world.Node.ActiveTargets.AddRange([FakeNode.Target("a", "x:1"), FakeNode.Target("b", "x:2")]);
        _world.Node.DroppedTargets.Add(new DroppedTarget("b", LabelSet.Empty));
        var data = (await _world.Get("/api/v1/targets?" + parameters)).Data;
        Assert.Equal((active, dropped), (data.GetProperty("activeTargets").GetArrayLength(), data.GetProperty("droppedTargets").GetArrayLength()));
        Assert.Equal(counts ? """{"a":0,"b":1}""" : "null", data.GetProperty("droppedTargetCounts").GetRawText());
    }

    [Theory]
    [InlineData("/api/v1/scrape_pools", """{"scrapePools":["a","b"]}""")]
    [InlineData("/api/v1/scrape_pools/config?scrapePool=a", """{"yaml":"job_name: a\n"}""")]
    [InlineData("/api/v1/status/config", """{"yaml":"global:\n  scrape_interval: 15s\n"}""")]
    [InlineData("/api/v1/status/flags", """{"web.a":"1","web.b":"2"}""")]
    [InlineData("/api/v1/status/buildinfo", """{"version":"1.2.3","revision":"abc","branch":"main","buildUser":"me","buildDate":"today","goVersion":".NET"}""")]
    [InlineData("/api/v1/status/runtimeinfo", """{"startTime":"1970-01-01T00:00:00Z","CWD":"/data","hostname":"host","serverTime":"1970-01-01T00:01:30.5Z","reloadConfigSuccess":true,"lastConfigTime":"1970-01-01T00:00:01Z","corruptionCount":0,"goroutineCount":12,"GOMAXPROCS":4,"GOMEMLIMIT":1073741824,"GOGC":"","GODEBUG":"","storageRetention":"15d"}""")]
    [InlineData("/api/v1/status/tsdb", """{"headStats":{"numSeries":3,"numLabelPairs":5,"chunkCount":7,"minTime":1000,"maxTime":2000},"seriesCountByMetricName":[{"name":"up","value":2}],"labelValueCountByLabelName":[{"name":"job","value":1}],"memoryInBytesByLabelName":[{"name":"job","value":64}],"seriesCountByLabelValuePair":[{"name":"job=a","value":2}]}""")]
    public async Task Status_routes_have_the_originals_keys(string target, string data) => Assert.Equal(data, (await _world.Get(target)).Data.GetRawText());

    [Theory]
    [InlineData("/api/v1/scrape_pools/config", "no scrapePool parameter provided")]
    [InlineData("/api/v1/scrape_pools/config?scrapePool=c", "error retrieving scrape config: scrape pool \"c\" not found")]
    [InlineData("/api/v1/status/tsdb?limit=0", "limit must be a positive number")]
    [InlineData("/api/v1/status/tsdb?limit=x", "limit must be a positive number")]
    [InlineData("/api/v1/status/tsdb?limit=10001", "limit must not exceed 10000")]
    public async Task A_bad_parameter_is_refused(string target, string error) => Assert.Equal("400 bad_data: " + error, (await _world.Get(target)).Failure);

    [Fact]
    public async Task The_number_of_rows_reaches_the_storage()
    {
        await _world.Get("/api/v1/status/tsdb");
        Assert.Equal(10, _world.Storage.HeadRows);
        await _world.Get("/api/v1/status/tsdb?limit=10000");
        Assert.Equal(10_000, _world.Storage.HeadRows);
    }
}
