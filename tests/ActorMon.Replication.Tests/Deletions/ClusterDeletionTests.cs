using ActorMon.Model.Sharding;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Tests.Deletions;

public sealed class ClusterDeletionTests
{
    private static readonly NodeId A = new(Guid.NewGuid());
    private static readonly NodeId B = new(Guid.NewGuid());

    [Fact]
    public void A_deletion_that_is_sent_again_has_one_place_in_the_log_and_so_has_the_one_that_takes_it_back()
    {
        var request = new DeletionRequest(["up"], 0, 1) { Id = Guid.NewGuid() };
        var map = Map();
        foreach (var sent in new[] { request, request, request with { IsUndo = true }, request with { IsUndo = true } })
            map = map.Apply(MapDecider.Decide(map, new LogDeletion(sent)).Events.AsSpan());
        Assert.Equal([false, true], map.Deletions.Entries.Select(e => e.Request.IsUndo));
    }

    [Fact]
    public void The_log_forgets_what_every_copy_has_applied_also_those_of_nodes_that_are_away()
    {
        var map = Map();
        for (var i = 0; i < 3; i++)
            map = map.Apply(MapDecider.Decide(map, new LogDeletion(new DeletionRequest(["up"], i, i))).Events.AsSpan());
        Assert.Equal(0, DeletionPruning.Of(map, new Dictionary<NodeId, DeletionProgress> { [A] = new(3, 3) }));
        Assert.Equal(2, DeletionPruning.Of(map, new Dictionary<NodeId, DeletionProgress> { [A] = new(3, 3), [B] = new(3, 2) }));
        var away = map.Apply(MapDecider.Decide(map, new NodeRemoved(map.Nodes[B].Current)).Events.AsSpan());
        Assert.Equal(0, DeletionPruning.Of(away, new Dictionary<NodeId, DeletionProgress> { [A] = new(3, 3) }));
        var forgotten = away.Apply(MapDecider.Decide(away, new ForgetNode(B)).Events.AsSpan());
        Assert.Equal(3, DeletionPruning.Of(forgotten, new Dictionary<NodeId, DeletionProgress> { [A] = new(3, 3) }));
    }

    [Fact]
    public void A_copy_enters_with_all_deletions_and_not_before()
    {
        var map = Map();
        map = map.Apply(MapDecider.Decide(map, new NodeRemoved(map.Nodes[B].Current)).Events.AsSpan());
        map = map.Apply(MapDecider.Decide(map, new NodeUp(Node(B, 2), [new HeldCopy(default, map[default].Epoch)])).Events.AsSpan());
        map = map.Apply(MapDecider.Decide(map, new StartJoin(default, B)).Events.AsSpan());
        var copy = map[default].OnNode(B)!;
        var facts = CopyFacts.Start(copy.Holder).Apply(new FilledFrom(copy.Since));
        Assert.Empty(CopyDuties.Of(default, map[default], facts, copy.Since, deletionsApplied: false));
        var report = Assert.IsType<Tell>(Assert.Single(CopyDuties.Of(default, map[default], facts, copy.Since, deletionsApplied: true))).Report;
        map = map.Apply(MapDecider.Decide(map, report).Events.AsSpan());
        copy = map[default].OnNode(B)!;
        facts = facts.Apply(new VerifiedWith(copy.Since));
        Assert.Empty(CopyDuties.Of(default, map[default], facts, copy.Since, deletionsApplied: false));
        Assert.Single(CopyDuties.Of(default, map[default], facts, copy.Since, deletionsApplied: true));
    }

    /// <summary>One partition with a copy on each of two nodes.</summary>
    private static PartitionMap Map()
    {
        var map = PartitionMap.Create(Guid.NewGuid(), 1);
        foreach (var command in new MapCommand[] { new NodeUp(Node(A, 1), []), new NodeUp(Node(B, 1), []), new OpenFresh(default(PartitionId), [A, B]) })
            map = map.Apply(MapDecider.Decide(map, command).Events.AsSpan());
        return map;
    }

    private static MapNode Node(NodeId id, ulong life) => new(id, life, NodeState.Up, "", 1, false, "", "");
}
