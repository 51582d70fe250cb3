using ActorMon.Actors.Control;
using ActorMon.Actors.Control.Allocation;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Replication;
using ActorMon.Protocol.Scraping;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.TestKit;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Control;

public sealed class ControlActorTests : ActorTest
{
    private readonly TestProbe _replicas;
    private readonly TestProbe _shards;
    private readonly TestProbe _discovery;
    private readonly TestProbe _map;
    private readonly IActorRef _control;

    public ControlActorTests(ITestOutputHelper output) : base(output)
    {
        (_replicas, _shards, _discovery, _map) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var (discovery, map, replicas, nobody) = (_discovery.Ref, _map.Ref, _replicas.Ref, ActorRefs.Nobody);
        _control = Sys.ActorOf(ControlActor.Props(
            new ControlSettings(1, TimeSpan.FromMilliseconds(50), new ShardLoads()), _ => replicas, _shards, Props.Create(() => new Forwarder(map)), Props.Create(() => new Forwarder(nobody)),
            Props.Create(() => new Forwarder(discovery)), Props.Create(() => new Forwarder(nobody))));
        _control.Tell(new MapProtocol.MapApplied(Maps.Lone(2)));
    }

    [Fact]
    public void Everything_is_called_until_it_has_answered_and_then_left_alone()
    {
        Assert.Equal([0, 1, 0, 1], Enumerable.Range(0, 4).Select(_ => _replicas.ExpectMsg<SeriesProtocol.Touch>(Patience).Replica.Partition.Value));
        _shards.ExpectMsg<ScrapingProtocol.TouchShard>(Patience);
        var writer = Serve(0);
        Eventually(() =>
        {
            _replicas.ReceiveWhile<object>(_ => true, max: TimeSpan.FromMilliseconds(5), idle: TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, _replicas.ExpectMsg<SeriesProtocol.Touch>(Patience).Replica.Partition.Value);
            Assert.Equal(1, _replicas.ExpectMsg<SeriesProtocol.Touch>(Patience).Replica.Partition.Value);
        });
        Serve(1);
        Report(_shards);

        Eventually(() => Assert.Equal(new ControlProtocol.ControlState(2, 2, 1, 1, null), State()));
        Assert.True(State().Complete);

        Sys.Stop(writer.Ref);
        Eventually(() => Assert.Equal(1, State().ServingReplicas));
        _replicas.FishForMessage<SeriesProtocol.Touch>(m => m.Replica.Partition.Value == 0, Patience);
    }

    [Fact]
    public void A_shard_that_is_gone_is_called_again()
    {
        var shard = CreateTestProbe();
        Report(shard);
        Eventually(() => Assert.Equal(1, State().ActiveShards));

        Sys.Stop(shard.Ref);

        Eventually(() => Assert.Equal(0, State().ActiveShards));
        _shards.ReceiveWhile<object>(_ => true, max: Silence, idle: TimeSpan.FromMilliseconds(1));
        _shards.ExpectMsg<ScrapingProtocol.TouchShard>(Patience);
    }

    [Fact]
    public void What_a_replica_failed_with_is_told_and_the_replica_is_called_again()
    {
        Serve(0);
        Eventually(() => Assert.Equal(1, State().ServingReplicas));

        _control.Tell(new SeriesProtocol.ReplicaFailed(new ReplicaId(new PartitionId(0), 0), "disk full"));

        Eventually(() => Assert.Equal((0, "disk full"), (State().ServingReplicas, State().LastFailure)));
    }

    [Fact]
    public void A_failure_is_told_until_the_replica_that_failed_serves_again()
    {
        var (first, second) = (new ReplicaId(new PartitionId(0), 0), new ReplicaId(new PartitionId(1), 0));
        _control.Tell(new SeriesProtocol.ReplicaFailed(first, "disk full"));
        _control.Tell(new SeriesProtocol.ReplicaFailed(second, "input/output error"));
        Eventually(() => Assert.Equal("input/output error", State().LastFailure));

        Serve(1);
        Eventually(() => Assert.Equal("disk full", State().LastFailure));

        Serve(0);
        Eventually(() => Assert.Null(State().LastFailure));
    }

    [Fact]
    public void What_the_map_no_longer_names_is_neither_called_nor_counted()
    {
        Serve(0);
        Serve(1);
        Eventually(() => Assert.Equal((2, 2), (State().ServingReplicas, State().Replicas)));

        _control.Tell(new MapProtocol.MapApplied(Maps.Lone(1)));

        Eventually(() => Assert.Equal((1, 1), (State().ServingReplicas, State().Replicas)));
    }

    [Fact]
    public void What_concerns_the_map_is_handed_to_it()
    {
        _control.Tell(MapProtocol.GetMapStatus.Instance, TestActor);

        _map.ExpectMsg<MapProtocol.GetMapStatus>(Patience);
        Assert.Equal(TestActor, _map.LastSender);
    }

    [Fact]
    public void Discovery_hears_of_configurations_and_of_the_state_of_shards()
    {
        _control.Tell(new ControlProtocol.ConfigurationInstalled(4));
        Report(_shards);

        Assert.Equal(4, _discovery.ExpectMsg<ControlProtocol.ConfigurationInstalled>(Patience).Version);
        Assert.Equal(0, _discovery.ExpectMsg<ScrapingProtocol.ShardState>(Patience).Shard);
    }

    private TestProbe Serve(int partition)
    {
        var writer = CreateTestProbe();
        _control.Tell(new SeriesProtocol.ReplicaServing(new ReplicaId(new PartitionId(partition), 0), writer, 1), writer);
        return writer;
    }

    private void Report(TestProbe shard) => _control.Tell(new ScrapingProtocol.ShardState(0, ScrapingProtocol.AssignmentVersion.None, 0), shard);

    private ControlProtocol.ControlState State()
    {
        _control.Tell(ControlProtocol.GetControlState.Instance, TestActor);
        return ExpectMsg<ControlProtocol.ControlState>(Patience);
    }

    private sealed class Forwarder : ReceiveActor
    {
        public Forwarder(IActorRef to) => ReceiveAny(to.Forward);
    }
}
