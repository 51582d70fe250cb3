using System.Diagnostics;
using ActorMon.Replication.Placement;
using Xunit.Abstractions;

namespace ActorMon.Replication.Tests.Placement;

/// <summary>A thousand nodes of three weights in ten zones, 16,384 partitions, two copies each. Times are written, not asserted.</summary>
public class LargeClusterTests(ITestOutputHelper output)
{
    private const int Partitions = 16_384;

    [Fact]
    public void A_thousand_nodes_are_filled_evenly_and_changes_move_little_more_than_they_must()
    {
        var random = new Random(8);
        var nodes = PlacementRulesTests.Nodes(random, 1_000, 10, maxWeight: 3);
        var first = Timed("first placement", nodes, PlacementRulesTests.Nothing(Partitions));
        var more = nodes.Concat(PlacementRulesTests.Nodes(random, 10, 10, maxWeight: 3)).ToList();
        var grown = Change("10 nodes more", more, first);
        var fewer = more.Where((_, i) => i % 100 != 7).ToList();
        Change("11 nodes fewer", fewer, grown);

        NodeIdSets Change(string what, List<PlacementNode> to, NodeIdSets before)
        {
            var after = Timed(what, to, PlacementRulesTests.AsCurrent(before.Members));
            var moves = PlacementRulesTests.Moves(before.Members, after.Members);
            var least = PlacementRulesTests.Least(to, before.Members, after.Members);
            output.WriteLine($"{what}: {moves} copies made, {least} are the least for these loads, {2 * Partitions} in all");
            Assert.InRange(moves, least, least + least / 10 + 10);
            return after;
        }
    }

    private NodeIdSets Timed(string what, List<PlacementNode> nodes, IReadOnlyList<PlacedCopy>[] current)
    {
        var watch = Stopwatch.StartNew();
        var placed = new NodeIdSets(PlacementRules.Desired(nodes, current, 2));
        var took = watch.ElapsedMilliseconds;
        var count = PlacementRulesTests.Count(placed.Members);
        var ratios = nodes.Select(n => (double)count.GetValueOrDefault(n.Id) / n.Weight).ToArray();
        output.WriteLine($"{what}: {took} ms; copies by weight {ratios.Min():F2} to {ratios.Max():F2}");
        Assert.All(placed.Members, m => Assert.Equal(2, m.Distinct().Count()));
        // One copy more on a node of weight 1 is one by weight.
        Assert.True(ratios.Max() - ratios.Min() <= 1.0 + 1e-9, $"{ratios.Min()} to {ratios.Max()}");
        return placed;
    }

    private sealed record NodeIdSets(ActorMon.Replication.Map.NodeId[][] Members);
}
