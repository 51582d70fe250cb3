using System.Collections.Immutable;
using ActorMon.Actors.Control.Allocation;
using Akka.Actor;
using Akka.TestKit;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Control.Allocation;

public sealed class AllocationStrategyTests(ITestOutputHelper output) : ActorTest(output)
{
    private static readonly Address Self = Address.Parse("akka.tcp://actormon@127.0.0.1:1");

    private readonly Dictionary<string, Address> _map = [];
    private readonly HashSet<Address> _away = [];

    [Fact]
    public async Task A_copy_goes_to_the_node_of_the_map_and_nowhere_else()
    {
        var (here, there) = (CreateTestProbe(), new Elsewhere(Address.Parse("akka.tcp://actormon@127.0.0.1:2")));
        var regions = Allocations((here, []), (there, []));
        var strategy = new MapAllocationStrategy(_map.GetValueOrDefault, Self, node => !_away.Contains(node));
        (_map["0/0"], _map["0/1"], _map["1/0"]) = (Self, there.Path.Address, Address.Parse("akka.tcp://actormon@127.0.0.1:3"));

        Assert.Equal(here, await strategy.AllocateShard(there, "0/0", regions));
        Assert.Equal(there, await strategy.AllocateShard(here, "0/1", regions));
        Assert.Equal(ActorRefs.Nobody, await strategy.AllocateShard(here, "1/0", regions));
        Assert.Equal(ActorRefs.Nobody, await strategy.AllocateShard(here, "7/0", regions));
    }

    [Fact]
    public async Task What_the_map_wants_elsewhere_or_not_at_all_leaves()
    {
        var (here, there) = (CreateTestProbe(), new Elsewhere(Address.Parse("akka.tcp://actormon@127.0.0.1:2")));
        (_map["0/0"], _map["0/1"], _map["1/0"]) = (Self, there.Path.Address, there.Path.Address);
        var strategy = new MapAllocationStrategy(_map.GetValueOrDefault, Self, node => !_away.Contains(node));

        var moves = await strategy.Rebalance(Allocations((here, ["0/0", "1/0", "5/0"]), (there, ["0/1"])), ImmutableHashSet.Create("5/0"));

        Assert.Equal(["1/0"], moves);
    }

    [Fact]
    public async Task A_scrape_shard_goes_to_the_node_with_the_least_to_do()
    {
        var (here, there) = (CreateTestProbe(), new Elsewhere(Address.Parse("akka.tcp://actormon@127.0.0.1:2")));
        var loads = new ShardLoads();
        loads.Report(0, 100);
        var strategy = new BalancedAllocationStrategy(loads, Self, 2, node => !_away.Contains(node));
        var regions = Allocations((here, ["0"]), (there, ["1", "2", "3"]));

        Assert.Equal(there, await strategy.AllocateShard(here, "4", regions));
        Assert.Empty(await strategy.Rebalance(regions, ImmutableHashSet<string>.Empty));
        loads.Report(0, 0);
        Assert.Equal(here, await strategy.AllocateShard(there, "4", regions));
        Assert.Single(await strategy.Rebalance(regions, ImmutableHashSet<string>.Empty));
        Assert.Empty(await strategy.Rebalance(regions, ImmutableHashSet.Create("3")));
    }

    [Fact]
    public async Task While_a_node_does_not_answer_nothing_moves_because_every_move_would_wait_for_it()
    {
        var (here, there) = (CreateTestProbe(), new Elsewhere(Address.Parse("akka.tcp://actormon@127.0.0.1:2")));
        _map["0/0"] = Self;
        var loads = new ShardLoads();
        var copies = new MapAllocationStrategy(_map.GetValueOrDefault, Self, node => !_away.Contains(node));
        var spread = new BalancedAllocationStrategy(loads, Self, 2, node => !_away.Contains(node));
        var regions = Allocations((here, []), (there, ["0", "1", "2", "0/0"]));
        Assert.NotEmpty(await copies.Rebalance(regions, ImmutableHashSet<string>.Empty));
        Assert.NotEmpty(await spread.Rebalance(regions, ImmutableHashSet<string>.Empty));

        _away.Add(there.Path.Address);

        Assert.Empty(await copies.Rebalance(regions, ImmutableHashSet<string>.Empty));
        Assert.Empty(await spread.Rebalance(regions, ImmutableHashSet<string>.Empty));
        Assert.Equal(here, await spread.AllocateShard(here, "7", Allocations((here, ["3", "4"]), (there, []))));
    }

    private static ImmutableDictionary<IActorRef, IImmutableList<string>> Allocations(params (IActorRef Region, string[] Shards)[] regions) =>
        regions.ToImmutableDictionary(r => r.Region is TestProbe probe ? probe.Ref : r.Region, r => (IImmutableList<string>)r.Shards.ToImmutableList());

    /// <summary>The region of another node.</summary>
    private sealed class Elsewhere(Address address) : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(address) / "system" / "sharding" / "partition";

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }
}
