using ActorMon.Api.Ports;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;

namespace ActorMon.Api.Tests.Queries;

public sealed class QueryControlTests
{
    private readonly ApiWorld _world = new(settings => settings with { PerStepStats = true });

    public QueryControlTests()
    {
        for (var i = 0; i <= 30; i++)
            _world.Storage.Add(LabelSet.Of("__name__", "up", "job", "a"), ApiWorld.Now - i * 10_000, 1);
    }

    [Fact]
    public async Task Explain_shows_the_plan_as_json_and_text()
    {
        var reply = await _world.Get("/api/v1/query_explain?query=sum(up)&time=1700000000");
        Assert.Equal("aggregate Sum by []", reply.Data.GetProperty("plan").GetProperty("operation").GetString());
        Assert.StartsWith("aggregate Sum by []\n  select {__name__=\"up\"}", reply.Data.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.False(reply.Data.TryGetProperty("totals", out _));
    }

    [Fact]
    public async Task Analyze_adds_what_each_part_cost()
    {
        var reply = await _world.Get("/api/v1/query_explain?query=sum(up)&start=1699999900&end=1700000000&step=10&analyze=true");
        var select = reply.Data.GetProperty("plan").GetProperty("children")[0].GetProperty("cost");
        Assert.Equal((1, 11), (select.GetProperty("series").GetInt64(), select.GetProperty("samples").GetInt64()));
        Assert.Equal(11, reply.Data.GetProperty("totals").GetProperty("samples").GetInt64());
    }

    [Fact]
    public async Task Explain_as_plain_text_is_text_alone()
    {
        var reply = await _world.Get("/api/v1/query_explain?query=up&time=1700000000&format=text");
        Assert.StartsWith("select {__name__=\"up\"}", reply.Text, StringComparison.Ordinal);
        Assert.StartsWith("text/plain", reply.ContentType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_does_not_parse_is_refused_with_the_parsers_text() =>
        Assert.StartsWith("400 bad_data: invalid parameter \"query\": 1:4: parse error", (await _world.Get("/api/v1/query_explain?query=up)")).Failure, StringComparison.Ordinal);

    [Theory]
    [InlineData("format=xml", "invalid parameter \"format\": \"xml\" is neither \"json\" nor \"text\"")]
    [InlineData("analyze=perhaps", "invalid analyze \"perhaps\": must be boolean")]
    public async Task Parameters_of_a_plan_that_mean_nothing_are_refused(string parameter, string error) =>
        Assert.Equal("400 bad_data: " + error, (await _world.Get("/api/v1/query_explain?query=up&" + parameter)).Failure);

    [Fact]
    public async Task Running_queries_are_listed_with_their_node_and_killed_by_id()
    {
        var id = new QueryId(0xc0ffee12345678, 7);
        _world.Running.Add(new ClusterQuery(
            id, "node-a", "up", true, DateTimeOffset.FromUnixTimeMilliseconds(ApiWorld.Now), TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(2), ApiWorld.Now, ApiWorld.Now, 0, "10.0.0.9",
            "/api/v1/query"));

        var list = (await _world.Get("/api/v1/status/queries")).Data.GetProperty("queries");
        Assert.Equal(
            """{"id":"00c0ffee12345678-7","node":"node-a","query":"up","state":"running","started":"2023-11-14T22:13:20.000Z","ageSeconds":3,"timeoutSeconds":120,"start":1700000000,"end":1700000000,"stepSeconds":0,"client":"10.0.0.9","path":"/api/v1/query"}""",
            list[0].GetRawText());

        Assert.Equal(204, (await _world.Send("DELETE", $"/api/v1/status/queries/{id}")).Status);
        Assert.Equal($"404 not_found: no query {id} runs or waits", (await _world.Send("DELETE", $"/api/v1/status/queries/{id}")).Failure);
        Assert.StartsWith("400 bad_data", (await _world.Send("DELETE", "/api/v1/status/queries/7")).Failure, StringComparison.Ordinal);
        _world.Silent = ["a node did not answer"];
        Assert.Equal(
            $"500 unavailable: no query {id} runs or waits at the nodes that answered; a node did not answer", (await _world.Send("DELETE", $"/api/v1/status/queries/{id}")).Failure);
    }

    [Fact]
    public async Task With_per_step_statistics_switched_on_stats_all_counts_samples_by_step()
    {
        var reply = await _world.Get("/api/v1/query_range?query=up&start=1699999980&end=1700000000&step=10&stats=all");
        var samples = reply.Data.GetProperty("stats").GetProperty("samples");
        Assert.Equal("[[1699999980,1],[1699999990,1],[1700000000,1]]", samples.GetProperty("totalQueryableSamplesPerStep").GetRawText());
        Assert.Equal("[[1699999980,1],[1699999990,1],[1700000000,1]]", samples.GetProperty("samplesReadPerStep").GetRawText());
        Assert.False((await _world.Get("/api/v1/query?query=up&stats=true")).Data.GetProperty("stats").GetProperty("samples").TryGetProperty("samplesReadPerStep", out _));
    }
}
