using ActorMon.Api.Tests.Support;
using ActorMon.Model.Samples;

namespace ActorMon.Api.Tests.Cardinality;

public sealed class CardinalityTests
{
    private readonly ApiWorld _world = new();

    [Theory]
    [InlineData("metrics", """{"series":9,"metrics":[{"name":"up","series":4},{"name":"down","series":1}]}""")]
    [InlineData("labels", """{"series":9,"labels":[{"name":"job","values":2,"series":9,"memoryInBytes":18}]}""")]
    [InlineData("pairs", """{"series":9,"pairs":[{"name":"job","value":"a\"b","series":5}]}""")]
    [InlineData("jobs", """{"jobs":[{"job":"a","series":7,"targets":2,"samplesPerSecond":1.5},{"job":"pushed","series":2,"targets":1,"samplesPerSecond":null}]}""")]
    [InlineData("targets", """{"targets":[{"job":"a","instance":"h:1","series":4,"samplesPerSecond":0.75}]}""")]
    [InlineData("churn", """{"hours":[{"start":"1970-01-01T01:00:00Z","created":4,"ended":2,"dropped":1,"jobs":[{"job":"a","created":3,"ended":2,"dropped":1},{"job":"b","created":1,"ended":0,"dropped":0}]}]}""")]
    [InlineData("limits", """{"limits":[{"scope":"node","setting":"actormon.limits.series","limit":10,"keys":1,"mostSeries":10,"refused":4},{"scope":"job","setting":"actormon.limits.series-per-job","limit":0,"keys":2,"mostSeries":7,"refused":0}],"refused":[{"scope":"node","of":{},"setting":"actormon.limits.series","limit":10,"series":10,"refusing":true,"refused":4,"since":"1970-01-01T00:00:00Z","last":"1970-01-01T00:00:01Z","examples":[{"__name__":"x"}]},{"scope":"target","of":{"instance":"h:1","job":"a"},"setting":"actormon.limits.series-per-target","limit":5,"series":3,"refusing":false,"refused":2,"since":"1970-01-01T00:00:00Z","last":"1970-01-01T00:00:00Z","examples":[]}]}""")]
    public async Task Every_route_answers_with_its_fields(string route, string data) => Assert.Equal(data, (await _world.Get("/api/v1/cardinality/" + route)).Data.GetRawText());

    [Fact]
    public async Task Matchers_times_and_the_length_of_the_ranking_are_passed_on()
    {
        await _world.Get("/api/v1/cardinality/metrics?match[]=up{job=\"a\"}&match[]=down&start=1&end=2.5&limit=7");

        var (sets, min, max, top) = _world.Cardinality.Asked;
        Assert.Equal((2, new TimestampMs(1000), new TimestampMs(2500), 7), (sets.Count, min, max, top));
        Assert.Equal(["__name__=\"up\"", "job=\"a\""], sets[0].Select(m => m.ToString()).Order(StringComparer.Ordinal));

        await _world.Get("/api/v1/cardinality/pairs");
        Assert.Equal((TimestampMs.Min, TimestampMs.Max, 10), (_world.Cardinality.Asked.Min, _world.Cardinality.Asked.Max, _world.Cardinality.Asked.Top));
    }

    [Theory]
    [InlineData("targets")]
    [InlineData("churn")]
    public async Task One_job_can_be_asked_for(string route)
    {
        await _world.Get($"/api/v1/cardinality/{route}?job=a%20b");
        Assert.Equal("a b", _world.Cardinality.AskedJob);
        await _world.Get($"/api/v1/cardinality/{route}");
        Assert.Null(_world.Cardinality.AskedJob);
    }

    [Fact]
    public async Task The_length_of_a_ranking_bounds_the_rows()
    {
        Assert.Equal(1, (await _world.Get("/api/v1/cardinality/metrics?limit=1")).Data.GetProperty("metrics").GetArrayLength());
        Assert.Equal(1, (await _world.Get("/api/v1/cardinality/jobs?limit=1")).Data.GetProperty("jobs").GetArrayLength());
        Assert.Equal(1, (await _world.Get("/api/v1/cardinality/limits?limit=1")).Data.GetProperty("refused").GetArrayLength());
        var hour = (await _world.Get("/api/v1/cardinality/churn?limit=1")).Data.GetProperty("hours")[0];
        Assert.Equal((1, 4), (hour.GetProperty("jobs").GetArrayLength(), hour.GetProperty("created").GetInt32()));
    }

    [Theory]
    [InlineData("metrics?limit=0", "limit must be a positive number")]
    [InlineData("jobs?limit=10001", "limit must not exceed 10000")]
    [InlineData("labels?match[]={", "invalid parameter \"match[]\": 1:2: parse error: unexpected end of input inside braces")]
    [InlineData("pairs?start=x", "invalid parameter \"start\": invalid time value for 'start': cannot parse \"x\" to a valid timestamp")]
    public async Task A_bad_parameter_is_refused(string target, string error) => Assert.Equal("400 bad_data: " + error, (await _world.Get("/api/v1/cardinality/" + target)).Failure);
}
