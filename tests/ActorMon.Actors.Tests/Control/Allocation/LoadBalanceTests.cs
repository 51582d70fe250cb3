using System.Globalization;
using ActorMon.Actors.Control.Allocation;

namespace ActorMon.Actors.Tests.Control.Allocation;

public class LoadBalanceTests
{
    [Fact]
    public void What_is_even_stays() =>
        Assert.Empty(LoadBalance.Moves(Nodes(("a", ["1", "2"]), ("b", ["3", "4"])), _ => 1, 10));

    [Fact]
    public void One_node_keeps_everything() => Assert.Empty(LoadBalance.Moves(Nodes(("a", ["1", "2"])), _ => 1, 10));

    [Fact]
    public void A_new_node_gets_its_share_and_no_more() =>
        Assert.Equal(2, LoadBalance.Moves(Nodes(("a", ["1", "2", "3"]), ("b", ["4", "5", "6"]), ("c", [])), _ => 1, 10).Count);

    [Fact]
    public void No_more_move_at_once_than_allowed() =>
        Assert.Single(LoadBalance.Moves(Nodes(("a", ["1", "2", "3", "4"]), ("b", [])), _ => 1, 1));

    [Fact]
    public void A_heavy_unit_counts_by_its_load()
    {
        var loads = new Dictionary<string, double> { ["heavy"] = 10, ["1"] = 1, ["2"] = 1, ["3"] = 1 };
        Assert.Equal("b", LoadBalance.Emptiest(Nodes(("a", ["heavy"]), ("b", ["1", "2"]), ("c", ["3", "1", "2"])), unit => loads[unit]));
        Assert.Empty(LoadBalance.Moves(Nodes(("a", ["heavy"]), ("b", ["1", "2", "3"])), unit => loads[unit], 10));
    }

    [Fact]
    public void Any_cluster_comes_to_rest_and_no_node_has_more_than_its_share_and_a_unit()
    {
        var random = new Random(1);
        for (var run = 0; run < 500; run++)
        {
            var loads = Enumerable.Range(0, random.Next(1, 64)).ToDictionary(i => i.ToString(CultureInfo.InvariantCulture), _ => 1 + (double)random.Next(0, 100));
            var names = Enumerable.Range(0, random.Next(1, 8)).Select(i => $"n{i}").ToList();
            var nodes = names.ToDictionary(n => n, _ => new List<string>());
            foreach (var unit in loads.Keys)
                nodes[names[random.Next(names.Count)]].Add(unit);
            var rounds = 0;
            while (LoadBalance.Moves(View(), unit => loads[unit], 4) is { Count: > 0 } moves)
            {
                Assert.True(++rounds < 200, $"run {run} does not come to rest");
                foreach (var unit in moves)
                {
                    nodes.Values.Single(units => units.Contains(unit)).Remove(unit);
                    nodes[LoadBalance.Emptiest(View(), u => loads[u])].Add(unit);
                }
            }
            var mean = loads.Values.Sum() / names.Count;
            Assert.All(nodes.Values, units => Assert.InRange(units.Sum(u => loads[u]), 0, (mean * (1 + LoadBalance.Tolerance)) + (loads.Values.Max() / LoadBalance.LargestMove)));

            IReadOnlyDictionary<string, IReadOnlyList<string>> View() => nodes.ToDictionary(n => n.Key, n => (IReadOnlyList<string>)n.Value);
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> Nodes(params (string Name, string[] Units)[] nodes) =>
        nodes.ToDictionary(n => n.Name, n => (IReadOnlyList<string>)n.Units);
}
