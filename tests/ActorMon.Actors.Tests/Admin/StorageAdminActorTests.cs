using ActorMon.Actors.Admin;
using ActorMon.Actors.Series;
using ActorMon.Actors.Tests.Series;
using ActorMon.Model.Matchers;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Xunit.Abstractions;
using static ActorMon.Protocol.Series.SeriesProtocol;
using static ActorMon.Protocol.Series.StorageAdminProtocol;

namespace ActorMon.Actors.Tests.Admin;

public sealed class StorageAdminActorTests : ActorTest
{
    private const int Partitions = 3;
    private static readonly IReadOnlyList<IReadOnlyList<Matcher>> OfM = [[Matcher.MetricNamed("m")]];
    private readonly ReplicaStorage _storage;

    public StorageAdminActorTests(ITestOutputHelper output) : base(output) => _storage = new ReplicaStorage(Partitions, Registry);

    [Fact]
    public void A_deletion_hides_in_every_partition_that_has_such_series_and_undo_shows_it_again()
    {
        var admin = Admin(Replicas());
        Ingest(0, 1);
        Ingest(2, 2);
        var id = Guid.NewGuid();
        admin.Tell(new DeleteSeries(id, OfM, long.MinValue, long.MaxValue), TestActor);
        Assert.Equal(new AdminDone(2, null), ExpectMsg<AdminDone>(Patience));
        Assert.Empty(_storage.Values(0));
        Assert.Empty(_storage.Values(2));

        admin.Tell(new UndoDeletion(id), TestActor);
        Assert.Equal(new AdminDone(2, null), ExpectMsg<AdminDone>(Patience));
        Assert.Equal([1.0], _storage.Values(0));
        admin.Tell(new UndoDeletion(id), TestActor);
        Assert.Equal(new AdminDone(0, null), ExpectMsg<AdminDone>(Patience));
    }

    [Fact]
    public void A_deletion_outlives_the_replica_that_wrote_it_down()
    {
        var replicas = Replicas();
        var admin = Admin(replicas);
        Ingest(1, 5);
        admin.Tell(new DeleteSeries(Guid.NewGuid(), OfM, long.MinValue, long.MaxValue), TestActor);
        Assert.Equal(1, ExpectMsg<AdminDone>(Patience).Changed);
        replicas.Tell(new Region.End(1), TestActor);
        ExpectMsg<Region.Ended>(Patience);
        Ingest(1, 6);
        Assert.Equal([6.0], _storage.Values(1));
    }

    [Fact]
    public void Cleaning_answers_when_every_partition_has_carried_out_its_deletions()
    {
        var admin = Admin(Replicas());
        Ingest(0, 1);
        Ingest(1, 2);
        admin.Tell(new DeleteSeries(Guid.NewGuid(), [[Matcher.Equal("n", "001")]], long.MinValue, long.MaxValue), TestActor);
        Assert.Equal(new AdminDone(1, null), ExpectMsg<AdminDone>(Patience));
        admin.Tell(CleanDeletions.Instance, TestActor);
        Assert.Equal(new AdminDone(1, null), ExpectMsg<AdminDone>(Patience));
        Assert.All(_storage.Table.Stores(), store => Assert.Empty(store.Deletions.Entries));
        Assert.Empty(_storage.Values(0));
        Assert.Equal([2.0], _storage.Values(1));
        admin.Tell(CleanDeletions.Instance, TestActor);
        Assert.Equal(new AdminDone(0, null), ExpectMsg<AdminDone>(Patience));
    }

    [Fact]
    public void A_partition_that_cannot_write_its_log_is_named_and_the_others_have_deleted()
    {
        var admin = Admin(Replicas());
        for (var p = 0; p < Partitions; p++)
            Ingest(p, p + 1);
        var writes = 0;
        _storage.Files.BeforeAppend = () =>
        {
            if (Interlocked.Increment(ref writes) == 1)
                throw new IOException("No space left on device");
        };
        admin.Tell(new DeleteSeries(Guid.NewGuid(), OfM, long.MinValue, long.MaxValue), TestActor);
        var done = ExpectMsg<AdminDone>(Patience);
        Assert.Equal(2, done.Changed);
        Assert.Matches("^partition [0-2]: the deletion log cannot be written: No space left on device$", done.Error);
        Assert.Single(Enumerable.Range(0, Partitions), p => _storage.Values(p).Count == 1);
    }

    [Fact]
    public void Partitions_that_do_not_answer_are_named_after_the_deadline()
    {
        var silent = CreateTestProbe();
        var admin = Admin(silent, TimeSpan.FromMilliseconds(300));
        admin.Tell(new UndoDeletion(Guid.NewGuid()), TestActor);
        silent.FishForMessage(m => m is UndoInReplica { Replica.Partition.Value: 2 } undo && Answered(undo), Patience);
        Assert.Equal("no answer from partition 0, 1 within 0 s", ExpectMsg<AdminDone>(Patience).Error);

        static bool Answered(UndoInReplica undo)
        {
            undo.ReplyTo.Tell(new ReplicaDone(undo.Replica, true, null));
            return true;
        }
    }

    [Fact]
    public void Rewrites_and_snapshots_go_one_after_the_other_and_too_many_are_refused()
    {
        var first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = 0;
        var admin = Sys.ActorOf(StorageAdminActor.Props(
            new StorageAdminSettings(Partitions, Patience, Patience, 2, (_, _) => Interlocked.Increment(ref begun) == 1 ? first.Task : Task.FromException<string>(new IOException("full"))), TestActor));
        admin.Tell(new TakeSnapshot(false), TestActor);
        admin.Tell(new TakeSnapshot(true), TestActor);
        admin.Tell(new TakeSnapshot(true), TestActor);
        Assert.Contains("the limit is 2", ExpectMsg<AdminDone>(Patience).Error, StringComparison.Ordinal);
        Assert.True(Volatile.Read(ref begun) <= 1);
        first.SetResult("20231114T221320Z-1");
        Assert.Equal(new AdminDone(1, null, "20231114T221320Z-1"), ExpectMsg<AdminDone>(Patience));
        Assert.Equal(new AdminDone(0, "full"), ExpectMsg<AdminDone>(Patience));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _storage.Dispose();
    }

    private IActorRef Admin(IActorRef replicas, TimeSpan? deadline = null) => Sys.ActorOf(StorageAdminActor.Props(
        new StorageAdminSettings(Partitions, deadline ?? Patience, Patience, 8, (_, _) => Task.FromException<string>(new NotSupportedException())), replicas));

    private IActorRef Replicas()
    {
        var replicas = Sys.ActorOf(Props.Create(() => new Region(_storage.Settings, Partitions)));
        Eventually(() => Assert.Equal(Partitions, _storage.Table.Stores().Count()));
        return replicas;
    }

    /// <summary>Appends as the writer would; the replica is idle.</summary>
    private void Ingest(int partition, int number)
    {
        var batch = Batches.Of(partition, number);
        batch.Number = number;
        var results = new Tsdb.AppendResult[1];
        Eventually(() =>
        {
            _storage.Table[new PartitionId(partition)]!.Append([batch], results);
            Assert.Equal(Tsdb.AppendStatus.Accepted, results[0].Status);
        });
    }

    /// <summary>What Cluster Sharding does: replicas by their id.</summary>
    private sealed class Region : ReceiveActor
    {
        public sealed record End(int Partition) : INoSerializationVerificationNeeded;

        public sealed record Ended : INoSerializationVerificationNeeded;

        private readonly Dictionary<int, IActorRef> _replicas = [];
        private IActorRef _asker = ActorRefs.Nobody;

        public Region(PartitionReplicaSettings settings, int partitions)
        {
            for (var p = 0; p < partitions; p++)
                _replicas[p] = Start(p);
            Receive<IReplicaMessage>(m => _replicas[m.Replica.Partition.Value].Forward(m));
            Receive<End>(end =>
            {
                _asker = Sender;
                Context.Watch(_replicas[end.Partition]);
                Context.Stop(_replicas[end.Partition]);
            });
            Receive<Terminated>(ended =>
            {
                var partition = _replicas.Single(r => r.Value.Equals(ended.ActorRef)).Key;
                _replicas[partition] = Start(partition);
                _asker.Tell(new Ended());
            });

            IActorRef Start(int partition) => Context.ActorOf(PartitionReplicaActor.Props($"{partition}/0", settings));
        }
    }
}
