using System.Collections.Immutable;
using ActorMon.Actors.Series;
using ActorMon.Actors.Series.Copies;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Storage;
using Akka.Actor;
using Xunit.Abstractions;
using static ActorMon.Protocol.Replication.MapProtocol;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Series.Copies;

public sealed class CopyKeeperActorTests : ActorTest
{
    private static readonly PartitionId P = new(0);
    private readonly OneNode _source;
    private readonly OneNode _copy;
    private PartitionMap _map;

    public CopyKeeperActorTests(ITestOutputHelper output) : base(output)
    {
        var cluster = Guid.NewGuid();
        (_source, _copy) = (new OneNode(1, cluster, 1), new OneNode(2, cluster, 1));
        _copy.Others[1] = _source;
        _map = PartitionMap.Create(cluster, 1).Apply(new NodeSet(_source.InMap), new NodeSet(_copy.InMap));
    }

    [Fact]
    public void A_copy_is_filled_compared_and_told_of_then_steps_aside_and_its_files_go_when_the_map_says_so()
    {
        var source = Serve(_source, 0);
        for (var n = 1; n <= 5; n++)
        {
            source.Writer.Tell(new Write(Numbered(n), source.Session), TestActor);
            ExpectMsg<Written>(Patience);
        }
        Serve(_copy, 1);
        var folder = _copy.Storage.Directory(P);
        Sys.ActorOf(CopyKeeperActor.Props(
            CopyKeeperSettings.Default with { Interval = TimeSpan.FromMilliseconds(50) },
            new CopyKeeperParts(
                _copy.View, _copy.Standings, _copy.Storage.Table, _copy.Transfer(), _copy.Metrics, _ => Directory.Exists(folder) ? _map[P].Epoch : null,
                _ => CopyFolder.Drop(DiskFiles.Instance, folder)),
            TestActor, TestActor));

        Publish(2, CopyState.Joining);
        Assert.Equal(2, Assert.IsType<CaughtUp>(Report<CaughtUp>()).Copy.Since);
        Assert.Equal(_source.Storage.Values(0), _copy.Storage.Values(0));

        Publish(3, CopyState.Confirming);
        Assert.Equal(3, Report<Verified>().Copy.Since);

        Publish(4, CopyState.InSync);
        Assert.True(_copy.Standings.Admit(new ReplicaId(P, 1), 0, new BatchTerms(4, 0)).IsTaken);
        Publish(5, CopyState.Leaving);
        Assert.Equal(5, Report<SteppedOut>().Copy.Since);
        Assert.False(_copy.Standings.Admit(new ReplicaId(P, 1), 0, new BatchTerms(5, 0)).IsTaken);

        // The shard's part: the entity stops when it asks to.
        Publish(6, CopyState.Dropping);
        Assert.Equal(6, Report<CopyDropped>().Copy.Since);
        Assert.False(Directory.Exists(folder));
    }

    private T Report<T>() where T : MapCommand => (T)FishForMessage<DoMapCommand>(m => m.Command is T, Patience).Command;

    private static ActorMon.Model.Ingest.SampleBatch Numbered(int number)
    {
        var batch = Batches.Of(0, number);
        batch.Number = number;
        return batch;
    }

    private void Publish(long epoch, CopyState state)
    {
        var partition = new PartitionState(
            epoch, epoch, [new CopyRecord(0, _source.Id, CopyState.InSync, 1, 1, 1), new CopyRecord(1, _copy.Id, state, epoch, 2, state == CopyState.InSync ? epoch : 0)]);
        _map = _map.Apply(new PartitionSet(P, partition));
        _source.View.Publish(_map);
        _copy.View.Publish(_map);
    }

    private (IActorRef Writer, long Session) Serve(OneNode node, int slot)
    {
        var id = new ReplicaId(P, slot);
        var shard = Sys.ActorOf(Props.Create(() => new Shard(PartitionReplicaActor.Props(id.ToString(), node.Storage.Settings))), $"shard{node.Id.Incarnation}");
        shard.Tell(new Touch(id), TestActor);
        var serving = ExpectMsg<ReplicaServing>(Patience);
        return (serving.Writer, serving.Session);
    }

    /// <summary>The parent of a sharded entity: one that asks to be passivated is stopped.</summary>
    private sealed class Shard : ReceiveActor
    {
        public Shard(Props entity)
        {
            var child = Context.ActorOf(entity, "entity");
            Receive<Akka.Cluster.Sharding.Passivate>(p => Sender.Tell(p.StopMessage));
            ReceiveAny(child.Forward);
        }
    }
}
