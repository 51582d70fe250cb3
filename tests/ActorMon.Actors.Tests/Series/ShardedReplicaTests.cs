using ActorMon.Actors.Control;
using ActorMon.Actors.Control.Allocation;
using ActorMon.Actors.Series;
using ActorMon.Actors.Tests.Control;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Replication;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Xunit.Abstractions;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Series;

/// <summary>A cluster of one node with real sharding and singleton, started as the Host starts it.</summary>
public sealed class ShardedReplicaTests : ActorTest
{
    private const int Partitions = 4;
    private readonly ReplicaStorage _storage;

    public ShardedReplicaTests(ITestOutputHelper output) : base(output, "akka.actor.provider = cluster, akka.remote.dot-netty.tcp.port = 0") =>
        _storage = new ReplicaStorage(Partitions, Registry);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Samples_from_before_during_and_after_the_end_of_a_replica_are_all_there(bool byCrash)
    {
        var (link, control) = await StartAsync();
        Eventually(() => Assert.Equal(Partitions, State(control).ServingReplicas));
        var starts = Metric("actormon_partition_replica_starts_total");
        var crash = 0;
        _storage.Files.BeforeAppend = () =>
        {
            if (Interlocked.CompareExchange(ref crash, 2, 1) == 1)
                throw new InvalidOperationException("a bug in the storage");
        };

        for (var n = 1; n <= 120; n++)
        {
            link.Tell(new Ingest(n, [Batches.Of(n % Partitions, n)]), TestActor);
            if (n != 60)
                continue;
            if (byCrash)
                Volatile.Write(ref crash, 1);
            else
                Sys.ActorSelection("/system/sharding/partition/1%2F0/1%2F0").Tell(PoisonPill.Instance);
        }
        for (var n = 1; n <= 120; n++)
            Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);

        for (var p = 0; p < Partitions; p++)
            Assert.Equal(Enumerable.Range(1, 120).Where(n => n % Partitions == p).Select(n => (double)n), _storage.Values(p));
        Eventually(() => Assert.Equal(starts + 1, Metric("actormon_partition_replica_starts_total")));
        Eventually(() => Assert.Equal(Partitions, State(control).ServingReplicas));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _storage.Dispose();
    }

    private async Task<(IActorRef Link, IActorRef Control)> StartAsync()
    {
        Sys.Settings.InjectTopLevelFallback(ClusterSharding.DefaultConfig().WithFallback(ClusterSingleton.DefaultConfig()));
        var cluster = Akka.Cluster.Cluster.Get(Sys);
        cluster.Join(cluster.SelfAddress);
        var region = await ClusterSharding.Get(Sys).StartAsync(
            "partition", id => PartitionReplicaActor.Props(id, _storage.Settings), ClusterShardingSettings.Create(Sys), new ReplicaMessageExtractor());
        var link = Sys.ActorOf(IngestLinkActor.Props(new IngestSettings(Partitions, 256, TimeSpan.FromMilliseconds(200)), region, _storage.Metrics, LocalHolders.Instance, Links.FakeLinks.None), IngestLinkActor.Name);
        var (nothing, map) = (Props.Create(() => new Ignorer()), Props.Create(() => new LoneMap()));
        Sys.ActorOf(
            ClusterSingletonManager.Props(
                ControlActor.Props(new ControlSettings(0, TimeSpan.FromMilliseconds(200), new ShardLoads()), _ => region, region, map, nothing, nothing, nothing), PoisonPill.Instance,
                ClusterSingletonManagerSettings.Create(Sys).WithSingletonName("it")),
            "control");
        var control = Sys.ActorOf(ClusterSingletonProxy.Props("/user/control", ClusterSingletonProxySettings.Create(Sys).WithSingletonName("it")));
        return (link, control);
    }

    private ControlProtocol.ControlState State(IActorRef control)
    {
        control.Tell(ControlProtocol.GetControlState.Instance, TestActor);
        return ExpectMsg<ControlProtocol.ControlState>(Patience);
    }

    /// <summary>Tells Control of a map that has everything on this node.</summary>
    private sealed class LoneMap : ReceiveActor
    {
        protected override void PreStart() => Context.Parent.Tell(new MapProtocol.MapApplied(Maps.Lone(Partitions)));
    }

    private sealed class Ignorer : ReceiveActor
    {
        public Ignorer() => ReceiveAny(_ => { });
    }
}
