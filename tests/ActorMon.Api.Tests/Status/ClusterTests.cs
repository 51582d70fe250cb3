using ActorMon.Api.Ports;
using ActorMon.Api.Tests.Support;

namespace ActorMon.Api.Tests.Status;

public class ClusterTests
{
    private static readonly Guid Node = new("00010203-0405-0607-0809-0a0b0c0d0e0f");
    private readonly ApiWorld _world = new(s => s with { EnableAdmin = true });

    public static TheoryData<string, ClusterChange> Changes => new()
    {
        { "drain", new ClusterChange.Drain(null, true) },
        { $"drain?node={Node}", new ClusterChange.Drain(Node, true) },
        { $"undrain?node={Node}", new ClusterChange.Drain(Node, false) },
        { $"forget?node={Node}", new ClusterChange.Forget(Node) },
        { "give_up?partition=3", new ClusterChange.GiveUp(3) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task An_operator_changes_the_cluster(string path, ClusterChange change)
    {
        Assert.Equal(204, (await _world.Send("POST", "/api/v1/admin/cluster/" + path)).Status);
        Assert.Equal([change], _world.Cluster.Changes);
    }

    [Theory]
    [InlineData("forget")]
    [InlineData("drain?node=me")]
    [InlineData("give_up?partition=-1")]
    [InlineData("give_up")]
    public async Task Nothing_is_changed_without_saying_what(string path)
    {
        Assert.Equal(400, (await _world.Send("POST", "/api/v1/admin/cluster/" + path)).Status);
        Assert.Empty(_world.Cluster.Changes);
    }

    [Fact]
    public async Task A_refusal_says_why()
    {
        _world.Cluster.Refusal = "node is up";
        var answer = await _world.Send("POST", $"/api/v1/admin/cluster/forget?node={Node}");
        Assert.Equal((500, "node is up"), (answer.Status, answer.Json.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Without_the_flag_nothing_is_changed()
    {
        var closed = new ApiWorld();
        Assert.Equal(500, (await closed.Send("POST", "/api/v1/admin/cluster/drain")).Status);
        Assert.Empty(closed.Cluster.Changes);
    }

    [Fact]
    public async Task A_node_that_goes_shows_how_much_it_still_has_to_hand_over()
    {
        var node = (await _world.Get("/api/v1/status/cluster")).Json.GetProperty("data").GetProperty("nodes")[0];
        Assert.Equal(("stopping", 1), (node.GetProperty("state").GetString(), node.GetProperty("toHandOver").GetInt32()));
    }
}
