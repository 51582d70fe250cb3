using ActorMon.Api.Tests.Support;

namespace ActorMon.Api.Tests.Status;

/// <summary>Every answer that several nodes give together, when one of them does not.</summary>
public sealed class ClusterAnswerTests
{
    private const string Missing = "results are incomplete: a node did not answer";

    public static TheoryData<string> Paths =>
    [
        "targets", "targets/metadata", "status/tsdb", "status/tsdb/blocks", "status/queries", "cardinality/metrics", "cardinality/labels", "cardinality/pairs", "cardinality/jobs",
        "cardinality/targets", "cardinality/churn", "cardinality/limits", "metadata", "labels", "label/job/values", "series?match[]=up", "query_exemplars?query=up",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task What_is_missing_is_a_warning_or_an_error_as_the_request_wants(string path)
    {
        var world = World(false);
        Assert.Equal(Missing, (await world.Get($"/api/v1/{path}")).Json.GetProperty("warnings")[0].GetString());
        Assert.Equal(Missing, (await world.Get(With(path, "warn"))).Json.GetProperty("warnings")[0].GetString());
        Assert.Equal($"500 unavailable: {Missing}", (await world.Get(With(path, "deny"))).Failure);
        Assert.Equal("400 bad_data: invalid parameter \"partial_response\": \"x\" is neither \"deny\" nor \"warn\"", (await world.Get(With(path, "x"))).Failure);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_node_may_refuse_such_answers_unless_the_request_wants_them(string path)
    {
        var world = World(true);
        Assert.Equal(500, (await world.Get($"/api/v1/{path}")).Status);
        Assert.Equal(200, (await world.Get(With(path, "warn"))).Status);
    }

    private static string With(string path, string value) => $"/api/v1/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}partial_response={value}";

    private static ApiWorld World(bool denies)
    {
        var world = new ApiWorld(settings => settings with { DenyPartial = denies }) { Silent = [Missing] };
        world.Storage.Missing = world.Node.Missing = world.Cardinality.Missing = [Missing];
        return world;
    }
}
