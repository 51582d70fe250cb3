using ActorMon.Replication.Map;
using ActorMon.Replication.Placement;

namespace ActorMon.Replication.Tests.Placement;

public class PlacementRulesTests
{
    [Fact]
    public void Random_memberships_give_different_nodes_different_zones_and_even_load_and_then_stay()
    {
        var random = new Random(3);
        for (var round = 0; round < 3_000; round++)
        {
            var zones = random.Next(1, 4);
            var nodes = Nodes(random, random.Next(1, 12), zones, maxWeight: 3);
            var replicas = random.Next(1, 4);
            var partitions = 1 << random.Next(1, 6);
            var placed = PlacementRules.Desired(nodes, Nothing(partitions), replicas);
            foreach (var members in placed)
            {
                Assert.Equal(Math.Min(replicas, nodes.Count), members.Distinct().Count());
                Assert.Equal(members.Length, members.Distinct().Count());
                Assert.Equal(Math.Min(members.Length, nodes.Select(n => n.Zone).Distinct().Count()), ZonesOf(nodes, members));
            }
            if (zones == 1)
                AssertEven(nodes, placed);
            Assert.Equal(0, Moves(placed, PlacementRules.Desired(nodes, AsCurrent(placed), replicas)));
        }
    }

    [Fact]
    public void Nodes_that_come_and_go_move_little_more_than_they_must()
    {
        var random = new Random(4);
        for (var round = 0; round < 500; round++)
        {
            var before = Nodes(random, random.Next(3, 10), 1, maxWeight: 1);
            var placed = PlacementRules.Desired(before, Nothing(64), 2);
            var after = before.Where(_ => random.Next(6) > 0).Concat(Nodes(random, random.Next(0, 3), 1, maxWeight: 1)).ToList();
            if (after.Count < 2)
                continue;
            var next = PlacementRules.Desired(after, AsCurrent(placed), 2);
            AssertEven(after, next);
            // Few nodes: a copy often cannot go where there is room, because its partition is there already.
            var least = Least(after, placed, next);
            Assert.InRange(Moves(placed, next), 0, least + least / 2 + after.Count);
        }
    }

    [Fact]
    public void A_node_that_is_away_for_a_moment_keeps_what_it_has_and_gets_nothing()
    {
        var nodes = Nodes(new Random(5), 4, 1, maxWeight: 1);
        var placed = PlacementRules.Desired(nodes, Nothing(64), 2);
        var away = nodes.Select((n, i) => n with { MayReceive = i != 0 }).ToList();
        Assert.Equal(0, Moves(placed, PlacementRules.Desired(away, AsCurrent(placed), 2)));
    }

    [Fact]
    public void Load_is_spread_not_the_number_of_copies()
    {
        var nodes = Nodes(new Random(6), 4, 1, maxWeight: 1);
        var loads = Enumerable.Range(0, 64).Select(p => p % 8 == 0 ? 100 : 1).ToArray();
        var placed = PlacementRules.Desired(nodes, Nothing(64), 1, loads);
        var byNode = nodes.Select(n => placed.Select((members, p) => members.Contains(n.Id) ? loads[p] : 0).Sum()).ToArray();
        Assert.InRange(byNode.Max() - byNode.Min(), 0, 100);
    }

    internal static List<PlacementNode> Nodes(Random random, int count, int zones, int maxWeight)
    {
        var bytes = new byte[16];
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                random.NextBytes(bytes);
                return new PlacementNode(new NodeId(new Guid(bytes)), zones == 1 ? "" : $"zone{i % zones}", random.Next(1, maxWeight + 1), true);
            }),
        ];
    }

    internal static IReadOnlyList<PlacedCopy>[] Nothing(int partitions) => [.. Enumerable.Repeat<IReadOnlyList<PlacedCopy>>([], partitions)];

    internal static IReadOnlyList<PlacedCopy>[] AsCurrent(NodeId[][] placed) => [.. placed.Select(m => (IReadOnlyList<PlacedCopy>)[.. m.Select(n => new PlacedCopy(n, 1))])];

    /// <summary>Copies that have to be made.</summary>
    internal static int Moves(NodeId[][] before, NodeId[][] after) => before.Zip(after, (b, a) => a.Except(b).Count()).Sum();

    /// <summary>The fewest copies that lead from one placement to loads like those of the other: what each node has to gain.</summary>
    internal static int Least(IReadOnlyList<PlacementNode> nodes, NodeId[][] before, NodeId[][] after)
    {
        var (had, has) = (Count(before), Count(after));
        return nodes.Sum(n => Math.Max(0, has.GetValueOrDefault(n.Id) - had.GetValueOrDefault(n.Id)));
    }

    internal static Dictionary<NodeId, int> Count(NodeId[][] placed) => placed.SelectMany(m => m).GroupBy(n => n).ToDictionary(g => g.Key, g => g.Count());

    private static int ZonesOf(List<PlacementNode> nodes, NodeId[] members) => members.Select(m => nodes.First(n => n.Id == m).Zone).Distinct().Count();

    /// <summary>No copy could move to a node that would then still be less loaded than the first one was.</summary>
    private static void AssertEven(List<PlacementNode> nodes, NodeId[][] placed)
    {
        var count = Count(placed);
        foreach (var from in nodes)
            foreach (var to in nodes)
                if ((count.GetValueOrDefault(to.Id) + 1.0) / to.Weight < (double)count.GetValueOrDefault(from.Id) / from.Weight - 1e-9)
                    Assert.DoesNotContain(placed, m => m.Contains(from.Id) && !m.Contains(to.Id));
    }
}
