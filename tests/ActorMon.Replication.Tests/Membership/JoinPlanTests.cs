using ActorMon.Replication.Map;
using ActorMon.Replication.Membership;

namespace ActorMon.Replication.Tests.Membership;

public class JoinPlanTests
{
    private readonly PartitionMap _map = new MapBench(2, "a", "b", "c").Map;

    [Fact]
    public void Whoever_reaches_a_member_joins_it()
    {
        var step = Assert.IsType<JoinStep.Join>(Next("a", _map, Peer("b", 99), Peer("c", 1, isMember: true)));
        Assert.Equal(["c"], step.Members.ToArray());
        Assert.IsType<JoinStep.Join>(Next("x", null, Peer("c", 1, isMember: true)));
    }

    [Fact]
    public void A_minority_of_the_last_members_begins_nothing()
    {
        var wait = Assert.IsType<JoinStep.Wait>(Next("a", _map));
        Assert.Contains("1 of the last 3 members", wait.Why, StringComparison.Ordinal);
        Assert.IsType<JoinStep.Wait>(Next("a", _map, Peer("x", 0)));
    }

    [Fact]
    public void Of_a_majority_the_node_with_the_newest_map_begins_and_no_other()
    {
        Assert.IsType<JoinStep.Form>(Next("b", _map, Peer("a", _map.Version - 1)));
        Assert.IsType<JoinStep.Wait>(Next("a", _map, Peer("b", _map.Version + 1)));
        // Equal maps: one of them all the same.
        Assert.IsType<JoinStep.Wait>(Next("a", _map, Peer("b", _map.Version)));
        Assert.IsType<JoinStep.Form>(Next("b", _map, Peer("a", _map.Version)));
    }

    [Fact]
    public void A_node_that_was_alone_when_it_ended_begins_alone()
    {
        var bench = new MapBench(2, "a", "b");
        bench.Gone("b");
        Assert.IsType<JoinStep.Form>(Next("a", bench.Map));
        Assert.IsType<JoinStep.Wait>(Next("b", _map, Peer("a", bench.Map.Version + 100)));
    }

    [Fact]
    public void The_operator_may_say_that_the_others_are_gone() => Assert.IsType<JoinStep.Form>(JoinPlan.Next(MapBench.Id("a"), _map, false, alone: true, []));

    [Fact]
    public void A_new_cluster_is_made_by_the_node_that_may_when_nobody_knows_one()
    {
        Assert.IsType<JoinStep.Form>(JoinPlan.Next(MapBench.Id("a"), null, founds: true, alone: false, [Peer("b", 0)]));
        Assert.IsType<JoinStep.Wait>(JoinPlan.Next(MapBench.Id("b"), null, founds: false, alone: false, [Peer("a", 0)]));
        Assert.IsType<JoinStep.Wait>(JoinPlan.Next(MapBench.Id("a"), null, founds: true, alone: false, [Peer("b", 5)]));
    }

    [Fact]
    public void In_whatever_order_nodes_start_exactly_one_begins_and_all_others_join_it()
    {
        var names = new[] { "a", "b", "c", "d", "e" };
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var map = new MapBench(2, names).Map;
            var versions = names.ToDictionary(n => n, _ => map.Version - random.Next(3));
            var started = new List<string>();
            var members = new HashSet<string>();
            var formed = 0;
            foreach (var next in names.OrderBy(_ => random.Next()))
            {
                started.Add(next);
                for (var pass = 0; pass < names.Length; pass++)
                    foreach (var node in started.Where(n => !members.Contains(n)).OrderBy(_ => random.Next()).ToArray())
                    {
                        var reached = started.Where(n => n != node).Select(n => Peer(n, versions[n], members.Contains(n))).ToArray();
                        var step = JoinPlan.Next(MapBench.Id(node), map with { Version = versions[node] }, false, false, reached);
                        formed += step is JoinStep.Form ? 1 : 0;
                        if (step is not JoinStep.Wait)
                            members.Add(node);
                    }
                Assert.Equal(started.Count >= 3 ? started.Count : 0, members.Count);
            }
            Assert.Equal(1, formed);
        }
    }

    private static JoinStep Next(string self, PartitionMap? map, params Reached[] reached) => JoinPlan.Next(MapBench.Id(self), map, false, false, reached);

    private static Reached Peer(string node, long version, bool isMember = false) => new(MapBench.Id(node), isMember, version, node);
}
