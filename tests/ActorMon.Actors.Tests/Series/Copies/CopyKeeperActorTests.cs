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
        var folder = Begin();

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

    [Fact]
    public void A_copy_that_lost_samples_to_a_damaged_file_steps_out_and_has_them_again_before_it_is_read()
    {
        var folder = Begin();
        Publish(2, CopyState.Joining);
        Report<CaughtUp>();
        Publish(3, CopyState.Confirming);
        Report<Verified>();
        Publish(4, CopyState.InSync);
        var part = Assert.Single(Directory.GetFiles(Path.Combine(folder, "parts"), "*.part"));
        using (var file = new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 120; // in the first page
            var was = file.ReadByte();
            file.Position = 120;
            file.WriteByte((byte)(was ^ 1));
        }
        Assert.Empty(_copy.Storage.Values(0));

        var stepped = Report<SteppedOut>();
        Assert.Equal((4, true), (stepped.Copy.Since, stepped.Failed));
        Assert.False(_copy.Standings.Admit(new ReplicaId(P, 1), 0, new BatchTerms(4, 0)).IsTaken);
        Publish(5, CopyState.Faulted);
        Assert.Equal(5, Report<CopyRepaired>().Copy.Since);

        Publish(6, CopyState.Stale);
        Publish(7, CopyState.Joining);
        Report<CaughtUp>(told => told.Copy.Since == 7);
        Publish(8, CopyState.Confirming);
        Report<Verified>(told => told.Copy.Since == 8);
        Assert.Equal(_source.Storage.Values(0), _copy.Storage.Values(0));
        Assert.Equal(1, _copy.Metrics.Damaged.Value);
    }

    [Fact]
    public void The_only_copy_in_sync_serves_on_when_files_are_damaged()
    {
        Begin();
        Publish(2, CopyState.Joining, source: CopyState.Stale);
        Publish(3, CopyState.InSync, source: CopyState.Stale);

        _copy.Standings.NoteDamage(P);
        // A sibling that comes in gets what there is; then this one looks what the sibling has.
        Publish(4, CopyState.InSync);

        Assert.Equal(4, Report<SteppedOut>().Copy.Since);
    }

    [Fact]
    public void A_copy_that_cannot_write_steps_out_until_it_can()
    {
        Begin();
        Publish(2, CopyState.Joining);
        Publish(3, CopyState.InSync);
        _copy.Standings.NoteUnwritable(P, true);

        var stepped = Report<SteppedOut>();
        Assert.Equal((3, true), (stepped.Copy.Since, stepped.Failed));
        Assert.False(_copy.Standings.Admit(new ReplicaId(P, 1), 0, new BatchTerms(3, 0)).IsTaken);
        Publish(4, CopyState.Faulted);
        ExpectNoMsg(TimeSpan.FromMilliseconds(300));

        _copy.Standings.NoteUnwritable(P, false);
        Assert.Equal(4, Report<CopyRepaired>().Copy.Since);
        Assert.Equal(1, _copy.Metrics.Unwritable.Value);
    }

    [Fact]
    public void The_only_copy_in_sync_stays_when_it_cannot_write()
    {
        Begin();
        Publish(2, CopyState.Joining, source: CopyState.Stale);
        Publish(3, CopyState.InSync, source: CopyState.Stale);
        _copy.Standings.NoteUnwritable(P, true);
        Publish(4, CopyState.InSync);

        Assert.Equal(4, Report<SteppedOut>().Copy.Since);
    }

    private T Report<T>(Predicate<T>? which = null) where T : MapCommand =>
        (T)FishForMessage<DoMapCommand>(m => m.Command is T command && which?.Invoke(command) != false, Patience).Command;

    /// <summary>A source with five batches, an empty copy and its keeper; the copy's folder.</summary>
    private string Begin()
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
        return folder;
    }

    private static ActorMon.Model.Ingest.SampleBatch Numbered(int number)
    {
        var batch = Batches.Of(0, number);
        batch.Number = number;
        return batch;
    }

    private void Publish(long epoch, CopyState state, CopyState source = CopyState.InSync)
    {
        var partition = new PartitionState(
            epoch, epoch, [new CopyRecord(0, _source.Id, source, 1, 1, 1), new CopyRecord(1, _copy.Id, state, epoch, 2, state == CopyState.InSync ? epoch : 0)]);
        _map = _map.Apply(new PartitionSet(P, partition));
        _source.View.Publish(_map);
        _copy.View.Publish(_map);
    }

    private (IActorRef Writer, long Session) Serve(OneNode node, int slot)
    {
        var id = new ReplicaId(P, slot);
        var settings = node.Storage.Settings with { MaintainInterval = TimeSpan.FromMilliseconds(20) };
        var shard = Sys.ActorOf(Props.Create(() => new Shard(PartitionReplicaActor.Props(id.ToString(), settings))), $"shard{node.Id.Incarnation}");
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
