using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;

namespace ActorMon.Replication.Tests.Membership;

public class LeaseTests
{
    private static readonly NodeIncarnation A = Node("a"), B = Node("b"), C = Node("c"), D = Node("d"), E = Node("e");

    [Fact]
    public void A_lone_node_needs_nobody() => Assert.Equal(long.MaxValue, MajorityLease.Start(A).HoldsUntil([A]));

    [Fact]
    public void A_lease_holds_from_the_question_that_completed_a_majority()
    {
        var lease = MajorityLease.Start(A, 5_000);
        Assert.Equal(long.MinValue, lease.HoldsUntil([A, B, C, D, E]));
        lease = lease.Answered(B, 1_000);
        Assert.Equal(long.MinValue, lease.HoldsUntil([A, B, C, D, E]));
        lease = lease.Answered(C, 400).Answered(D, 700);
        Assert.Equal(5_700, lease.HoldsUntil([A, B, C, D, E]));
        Assert.Equal(6_000, lease.HoldsUntil([A, B, C]));
    }

    [Fact]
    public void A_late_answer_to_an_older_question_does_not_shorten_the_lease() =>
        Assert.Equal(6_000, MajorityLease.Start(A, 5_000).Answered(B, 1_000).Answered(B, 200).HoldsUntil([A, B]));

    [Fact]
    public void A_member_that_joins_is_not_counted_for_half_a_lease_unless_it_speaks()
    {
        var alone = MajorityLease.Start(A, 5_000);
        Assert.Equal(3_500, alone.HoldsUntil([A, B], Seen((B, 1_000))));
        Assert.Equal(6_200, alone.Answered(B, 1_200).HoldsUntil([A, B], Seen((B, 1_000))));
        // Beside others the lease ends with their answers, if that is sooner.
        var three = alone.Answered(B, 1_000);
        Assert.Equal(6_000, three.HoldsUntil([A, B, D], Seen((B, 0), (D, 5_000))));
        Assert.Equal(6_000, three.HoldsUntil([A, B, D, E], Seen((B, 0), (D, 5_000), (E, 5_100))));
        Assert.Equal(4_500, three.HoldsUntil([A, B, D, E], Seen((B, 0), (D, 2_000), (E, 5_100))));
    }

    [Fact]
    public void A_node_says_how_long_it_has_given_no_answer()
    {
        var answers = LeaseAnswers.Start(100).Answered(B, 3_000);
        Assert.Equal(-1, answers.BarredForMs(B, 9_000));
        answers = answers.Bar(B).Bar(C);
        Assert.False(answers.MayAnswer(B));
        Assert.Equal(6_000, answers.BarredForMs(B, 9_000));
        Assert.Equal(8_900, answers.BarredForMs(C, 9_000));
        Assert.True(answers.Unbar(B).MayAnswer(B));
    }

    [Fact]
    public void A_removal_passes_when_every_node_that_stays_has_been_silent_for_a_lease()
    {
        var bench = new MapBench(1, "a", "b", "c");
        var (a, b, c) = (bench.Map.Nodes[A.Node].Current, bench.Map.Nodes[B.Node].Current, bench.Map.Nodes[C.Node].Current);
        var gate = RemovalGate.Start(5_000).Removed(c).Report(a, c, 6_000).Report(b, c, 4_999);
        Assert.Empty(gate.Passed(bench.Map));
        Assert.Equal([c], gate.Report(b, c, 5_000).Passed(bench.Map));
        // b is removed as well: nobody waits for its word.
        Assert.Equal([c], gate.Removed(b).Passed(bench.Map));
        Assert.Empty(gate.Done(c).Passed(bench.Map));
    }

    [Fact]
    public void A_node_that_is_back_with_its_copies_waits_behind_the_removal_of_others()
    {
        var bench = new MapBench(2, "a", "b", "c").Opened("a", "b");
        var (a, c) = (bench.Map.Nodes[A.Node].Current, bench.Map.Nodes[C.Node].Current);
        var back = Back(bench, "b", 9, bench.State.Epoch);
        var gate = RemovalGate.Start(5_000).Removed(a).Announced(bench.Map, back, 1_000);
        Assert.True(gate.Waits(B.Node));
        // Its old life's removal is not decided meanwhile, and the new one's word is asked for.
        gate = gate.Removed(bench.Map.Nodes[B.Node].Current).Report(c, a, 5_000);
        Assert.Equal([a], gate.Pending.Keys);
        Assert.Empty(gate.Passed(bench.Map));
        gate = gate.Report(back.Node.Current, a, 5_000);
        Assert.Equal([a], gate.Passed(bench.Map));
        bench.Do(new NodeRemoved(a));
        gate = gate.Done(a).Announced(bench.Map, back, 6_000);
        Assert.False(gate.Waits(B.Node));
        bench.Do(back);
        // In the other order the copy on a would have been the last in sync, and away.
        Assert.Equal("a:Stale b:InSync", bench.States);
    }

    [Fact]
    public void A_node_that_is_back_does_not_wait_without_its_copies_nor_for_ever_nor_for_its_own_former_life()
    {
        var bench = new MapBench(2, "a", "b", "c").Opened("a", "b");
        var gate = RemovalGate.Start(5_000).Removed(bench.Map.Nodes[A.Node].Current);
        Assert.False(gate.Announced(bench.Map, Back(bench, "b", 9, null), 0).Waits(B.Node));
        Assert.False(gate.Announced(bench.Map, Back(bench, "a", 9, bench.State.Epoch), 0).Waits(A.Node));
        var back = Back(bench, "b", 9, bench.State.Epoch);
        Assert.True(gate.Announced(bench.Map, back, 0).Announced(bench.Map, back, 14_999).Waits(B.Node));
        Assert.False(gate.Announced(bench.Map, back, 0).Announced(bench.Map, back, 15_000).Waits(B.Node));
        Assert.False(gate.Announced(bench.Map, back, 0).GoneAgain(B.Node).Waits(B.Node));
    }

    private static NodeUp Back(MapBench bench, string node, ulong life, long? epoch) => new(
        bench.Map.Nodes[MapBench.Id(node)] with { Incarnation = life }, epoch is { } held ? [new HeldCopy(MapBench.Partition, held)] : []);

    private static Dictionary<NodeIncarnation, long> Seen(params (NodeIncarnation Node, long At)[] members) => members.ToDictionary(m => m.Node, m => m.At);

    private static NodeIncarnation Node(string name) => new(MapBench.Id(name), 1);
}
