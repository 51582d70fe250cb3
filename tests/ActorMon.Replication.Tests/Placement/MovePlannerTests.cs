using ActorMon.Model.Sharding;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;
using ActorMon.Replication.Placement;

namespace ActorMon.Replication.Tests.Placement;

public class MovePlannerTests
{
    private const int Partitions = 32;

    private readonly MovePlanner _planner = new(new MoveSettings(MaxJoins: 6, MaxJoinsPerNode: 2, ReplaceAfterMs: 30_000, OpenIncompleteAfterMs: 10_000));
    private PartitionMap _map = PartitionMap.Create(Guid.Empty, Partitions);
    private long _now;

    [Fact]
    public void A_growing_cluster_moves_a_few_at_a_time_and_ends_even()
    {
        Up(1);
        Settle();
        Assert.All(_map.Partitions, p => Assert.Equal(1, p.InSyncCount));
        Up(2);
        Up(3);
        Settle();
        Assert.All(_map.Partitions, p => Assert.Equal((2, 2), (p.InSyncCount, p.Copies.Length)));
        Assert.All(_map.Nodes.Keys, n => Assert.InRange(_map.CopiesOn(n).Count(), 21, 22));
        Assert.Empty(_planner.Plan(_map, _now));
    }

    [Fact]
    public void A_drained_node_ends_empty_and_the_last_one_keeps_everything()
    {
        Up(1);
        Up(2);
        Settle();
        Do(new Drain(Id(2), true));
        Settle();
        Assert.Empty(_map.CopiesOn(Id(2)));
        Assert.All(_map.Partitions, p => Assert.True(p.IsComplete));
        Do(new Drain(Id(1), true));
        Settle();
        Assert.Equal(Partitions, _map.CopiesOn(Id(1)).Count());
    }

    [Fact]
    public void A_node_that_stops_keeps_its_copies_while_others_get_them_and_is_given_back_what_it_had()
    {
        Up(1);
        Up(2);
        Up(3);
        Settle();
        var held = _map.CopiesOn(Id(3)).Select(c => c.Partition).ToArray();
        Do(new BeginStop(_map.Nodes[Id(3)].Current));
        Settle();
        Assert.Equal(held, _map.CopiesOn(Id(3)).Where(c => c.Copy.IsInSync).Select(c => c.Partition));
        Assert.Empty(HandOver.Missing(_map, Id(3), 2));

        Do(new NodeRemoved(_map.Nodes[Id(3)].Current));
        Settle();
        Assert.Empty(_map.CopiesOn(Id(3)));
        Do(new NodeUp(Node(3) with { Incarnation = 33 }, [.. held.Select(p => new HeldCopy(p, 1))]));
        Settle();
        Assert.Subset(held.ToHashSet(), _map.CopiesOn(Id(3)).Select(c => c.Partition).ToHashSet());
        Assert.InRange(_map.CopiesOn(Id(3)).Count(), 21, 22);
        Assert.All(_map.Partitions, p => Assert.Equal((2, 2), (p.InSyncCount, p.Copies.Length)));
    }

    [Fact]
    public void The_other_of_two_nodes_stays_as_it_is_while_one_stops()
    {
        Up(1);
        Up(2);
        Settle();
        Do(new BeginStop(_map.Nodes[Id(2)].Current));

        Assert.Empty(_planner.Plan(_map, _now));
        Assert.All(_map.Partitions, p => Assert.Equal(2, p.InSyncCount));
    }

    [Fact]
    public void A_node_that_is_about_to_be_removed_gets_nothing_new()
    {
        Up(1);
        Up(2);
        var going = new HashSet<NodeIncarnation> { _map.Nodes[Id(2)].Current };
        Assert.All(_planner.Plan(_map, _now, going), c => Assert.Equal(Id(1), Assert.Single(Assert.IsType<OpenFresh>(c).Nodes)));
    }

    [Fact]
    public void The_copies_of_a_node_that_went_are_made_anew_only_after_a_while()
    {
        Up(1);
        Up(2);
        Up(3);
        Settle();
        Do(new NodeRemoved(_map.Nodes[Id(3)].Current));
        Assert.Empty(_planner.Plan(_map, _now));
        _now += 29_999;
        Assert.Empty(_planner.Plan(_map, _now));
        _now++;
        Settle();
        Assert.All(_map.Partitions, p => Assert.Equal(2, p.InSyncCount));
        Assert.Empty(_map.CopiesOn(Id(3)));
    }

    [Fact]
    public void A_partition_whose_last_copy_went_is_opened_elsewhere_only_after_a_while()
    {
        Up(1);
        Settle();
        Up(2);
        Do(new NodeRemoved(_map.Nodes[Id(1)].Current));
        Assert.Empty(_planner.Plan(_map, _now));
        _now += 10_000;
        Assert.Equal(Partitions, _planner.Plan(_map, _now).Count(c => c is OpenIncomplete));
    }

    private static NodeId Id(int node) => new(new Guid(node, 0, 0, new byte[8]));

    private static MapNode Node(int node) => new(Id(node), (ulong)node, NodeState.Up, "", 1, false, "", "");

    private void Up(int node) => Do(new NodeUp(Node(node), []));

    private void Do(MapCommand command) => _map = _map.Apply(MapDecider.Decide(_map, command).Events.AsSpan());

    /// <summary>Plans, and every holder does its duty at once, until nothing happens any more.</summary>
    private void Settle()
    {
        for (var round = 0; ; round++)
        {
            Assert.True(round < 500, "the planner does not come to an end");
            var before = _map.Version;
            foreach (var command in _planner.Plan(_map, _now))
                Do(command);
            var joins = _map.Partitions.Sum(p => p.Copies.Count(c => c.State is CopyState.Joining or CopyState.Confirming));
            Assert.InRange(joins, 0, 6);
            Assert.All(_map.Partitions, p => Assert.True(p.InSyncCount > 0 || p.Copies.Any(c => c.State == CopyState.Opening)));
            foreach (var node in _map.UpNodes.ToArray())
                foreach (var (partition, _) in _map.CopiesOn(node.Id).ToArray())
                    DoDuty(partition, node.Current);
            if (_map.Version == before)
                return;
        }
    }

    private void DoDuty(PartitionId partition, NodeIncarnation self)
    {
        foreach (var duty in CopyDuties.Of(partition, _map[partition], CopyFacts.Start(self), null, true))
            Do(duty switch
            {
                Fill fill => new CaughtUp(fill.Copy),
                Verify verify => new Verified(verify.Copy),
                StepAside step => new SteppedOut(step.Copy, Failed: false),
                DeleteFiles delete => new CopyDropped(delete.Copy),
                Tell tell => tell.Report,
                _ => throw new InvalidOperationException($"unexpected {duty}"),
            });
    }
}
