using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;

namespace ActorMon.Api.Tests.Queries;

public sealed class PartialResponseTests
{
    private const string Missing = "results are incomplete: partitions 3, 7";

    public static readonly TheoryData<string> Reads =
    [
        "/api/v1/query?query=up&time=1",
        "/api/v1/query_range?query=up%2Bup&start=1&end=2&step=1",
        "/api/v1/series?match[]=up",
        "/api/v1/labels?limit=5",
        "/api/v1/label/job/values?limit=5",
        "/api/v1/metadata?limit=5",
        "/api/v1/query_exemplars?query=up",
    ];

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task What_is_missing_is_a_warning_or_an_error_as_the_request_or_the_node_says(string read)
    {
        var warns = World(deny: false);
        var denies = World(deny: true);
        foreach (var reply in new[] { await warns.Get(read), await warns.Get(read + "&partial_response=warn"), await denies.Get(read + "&partial_response=warn") })
            Assert.Equal(Missing, Assert.Single(reply.Json.GetProperty("warnings").EnumerateArray()).GetString());
        foreach (var reply in new[] { await denies.Get(read), await denies.Get(read + "&partial_response=deny"), await warns.Get(read + "&partial_response=deny") })
            Assert.Equal("500 unavailable: " + Missing, reply.Failure);
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_complete_answer_is_never_refused(string read)
    {
        var world = World(deny: true);
        world.Storage.Missing = [];
        var reply = await world.Get(read + "&partial_response=deny");
        Assert.Equal(200, reply.Status);
        Assert.False(reply.Json.TryGetProperty("warnings", out _));
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Other_values_are_refused(string read) =>
        Assert.Equal(
            "400 bad_data: invalid parameter \"partial_response\": \"maybe\" is neither \"deny\" nor \"warn\"",
            (await World(deny: false).Get(read + "&partial_response=maybe")).Failure);

    [Fact]
    public async Task Federation_answers_without_what_is_missing_only_when_it_was_asked_to()
    {
        var world = World(deny: false);
        var refused = await world.Get("/federate?match[]=up");
        Assert.Equal((503, Missing + "\n"), (refused.Status, refused.Text));
        Assert.Equal(200, (await world.Get("/federate?match[]=up&partial_response=warn")).Status);
    }

    private static ApiWorld World(bool deny)
    {
        var world = new ApiWorld(settings => settings with { DenyPartial = deny });
        world.Storage.Add(LabelSet.Of("__name__", "up", "job", "a"), 1000, 1);
        world.Storage.Missing = [Missing];
        return world;
    }
}
