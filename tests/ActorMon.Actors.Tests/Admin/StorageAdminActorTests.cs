using ActorMon.Actors.Admin;
using ActorMon.Actors.Series;
using ActorMon.Actors.Series.Copies;
using ActorMon.Actors.Tests.Series;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Deletions;
using Akka.Actor;
using Xunit.Abstractions;
using static ActorMon.Protocol.Series.SeriesProtocol;
using static ActorMon.Protocol.Series.StorageAdminProtocol;

namespace ActorMon.Actors.Tests.Admin;

public sealed class StorageAdminActorTests : ActorTest
{
    private const int Partitions = 3;
    private readonly ReplicaStorage _storage;

    public StorageAdminActorTests(ITestOutputHelper output) : base(output) => _storage = new ReplicaStorage(Partitions, Registry);

    [Fact]
    public void Every_copy_follows_the_clusters_deletions_in_their_order()
    {
        Replicas();
        Ingest(0, 1);
        Ingest(2, 2);
        var id = Guid.NewGuid();
        Delete(id, "m");
        Eventually(() => Assert.Empty(_storage.Values(0).Concat(_storage.Values(2))));
        Enter(new DeletionRequest([], 0, 0) { Id = id, IsUndo = true });
        Eventually(() => Assert.Equal([1.0, 2.0], _storage.Values(0).Concat(_storage.Values(2))));
        Eventually(() => Assert.All(_storage.Table.Stores(), store => Assert.Equal(2, store.Deletions.ClusterVersion)));
    }

    [Fact]
    public void A_copy_that_was_away_shows_nothing_that_was_deleted_meanwhile()
    {
        var replicas = Replicas();
        Ingest(1, 5);
        _storage.Log = DeletionLog.Empty.Append(new Deletion(1, new DeletionRequest(["{__name__=\"m\"}"], long.MinValue, long.MaxValue) { Id = Guid.NewGuid() }));
        var shown = _storage.Table[new PartitionId(1)];
        replicas.Tell(new Region.End(1), TestActor);
        ExpectMsg<Region.Ended>(Patience);
        Eventually(() => Assert.NotSame(shown, _storage.Table[new PartitionId(1)]));
        Assert.Empty(_storage.Values(1));
        // Also what another copy brings later, until all copies have applied it.
        Ingest(1, 6);
        Assert.Empty(_storage.Values(1));
    }

    [Fact]
    public void Cleaning_answers_when_every_partition_has_carried_out_its_deletions()
    {
        var admin = Admin(Replicas());
        Ingest(0, 1);
        Ingest(1, 2);
        Delete(Guid.NewGuid(), "m", "001");
        Eventually(() => Assert.Empty(_storage.Values(0)));
        admin.Tell(CleanDeletions.Instance, TestActor);
        Assert.Equal(new AdminDone(1, null), ExpectMsg<AdminDone>(Patience));
        Assert.All(_storage.Table.Stores(), store => Assert.Empty(store.PendingDeletions()));
        // It stands until every copy has applied it.
        Assert.NotEmpty(_storage.Table[new PartitionId(0)]!.Deletions.Entries);
        _storage.Log = _storage.Log.Prune(1);
        admin.Tell(CleanDeletions.Instance, TestActor);
        Assert.Null(ExpectMsg<AdminDone>(Patience).Error);
        Assert.All(_storage.Table.Stores(), store => Assert.Empty(store.Deletions.Entries));
        Assert.Empty(_storage.Values(0));
        Assert.Equal([2.0], _storage.Values(1));
    }

    [Fact]
    public void A_deletion_that_cannot_be_written_is_tried_again()
    {
        Replicas();
        Ingest(0, 1);
        _storage.Files.BeforeAppend = () => throw new IOException("No space left on device");
        Delete(Guid.NewGuid(), "m");
        Assert.Equal([1.0], _storage.Values(0));
        _storage.Files.BeforeAppend = null;
        Eventually(() =>
        {
            Follow();
            Assert.Empty(_storage.Values(0));
        });
    }

    [Fact]
    public void Partitions_that_do_not_answer_are_named_after_the_deadline()
    {
        var silent = CreateTestProbe();
        var admin = Admin(silent, TimeSpan.FromMilliseconds(300));
        admin.Tell(CleanDeletions.Instance, TestActor);
        silent.FishForMessage(m => m is CleanReplica { Replica.Partition.Value: 2 } clean && Answered(clean), Patience);
        Assert.Equal("no answer from partition 0, 1 within 0 s", ExpectMsg<AdminDone>(Patience).Error);

        static bool Answered(CleanReplica clean)
        {
            clean.ReplyTo.Tell(new ReplicaDone(clean.Replica, true, null));
            return true;
        }
    }

    [Fact]
    public void Rewrites_and_snapshots_go_one_after_the_other_and_too_many_are_refused()
    {
        var first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = 0;
        var admin = Sys.ActorOf(StorageAdminActor.Props(
            new StorageAdminSettings(Partitions, Patience, 2, (_, _, _) => Interlocked.Increment(ref begun) == 1 ? first.Task : Task.FromException<string>(new IOException("full"))), TestActor));
        admin.Tell(new TakeSnapshot(false, DateTimeOffset.UnixEpoch, 1), TestActor);
        admin.Tell(new TakeSnapshot(true, DateTimeOffset.UnixEpoch, 2), TestActor);
        admin.Tell(new TakeSnapshot(true, DateTimeOffset.UnixEpoch, 2), TestActor);
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
        new StorageAdminSettings(Partitions, deadline ?? Patience, 8, (_, _, _) => Task.FromException<string>(new NotSupportedException())), replicas));

    private IActorRef Replicas()
    {
        var replicas = Sys.ActorOf(Props.Create(() => new Region(_storage.Settings, Partitions)));
        Eventually(() => Assert.Equal(Partitions, _storage.Table.Stores().Count()));
        return replicas;
    }

    private void Delete(Guid id, string metric, string? n = null) => Enter(
        new DeletionRequest([$"{{__name__=\"{metric}\"{(n is null ? "" : $",n=\"{n}\"")}}}"], long.MinValue, long.MaxValue) { Id = id });

    private void Enter(DeletionRequest request)
    {
        _storage.Log = _storage.Log.Append(_storage.Log.Next(request));
        Follow();
    }

    /// <summary>As the node's CopyKeeper does when the map has changed.</summary>
    private void Follow()
    {
        for (var p = 0; p < Partitions; p++)
            _storage.Table.Serving(new PartitionId(p))?.Writer.Tell(FollowDeletions.Instance);
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
