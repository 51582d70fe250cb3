using ActorMon.Actors.Series;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Xunit.Abstractions;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Series;

public sealed class ReplicaStorageWorkTests : ActorTest
{
    private static readonly ReplicaId Id = new(new PartitionId(0), 0);
    private readonly ReplicaStorage _storage;

    public ReplicaStorageWorkTests(ITestOutputHelper output) : base(output) => _storage = new ReplicaStorage(1, Registry, lateSamples: 1);

    [Fact]
    public async Task Late_samples_become_parts_beside_the_writer_and_stay_readable_over_a_new_start()
    {
        var (replica, session) = Serving();
        for (var n = 1; n <= 20; n++)
        {
            replica.Tell(new Write(Numbered(n), session), TestActor);
            ExpectMsg<Written>(Patience);
            Assert.Contains((double)n, _storage.Values(0));
        }
        await AwaitConditionAsync(() => Task.FromResult(Store.Stats is { Parts: > 0, Cuts: > 0 } && Store.WorkEnded.IsCompleted && !Store.IsWorkUrgent), Patience);
        var before = _storage.Values(0);
        Assert.Equal(20, before.Count);
        Assert.True(Store.Stats.PartBytes > 0);
        Watch(replica);
        replica.Tell(PoisonPill.Instance);
        ExpectTerminated(replica, Patience);
        Serving();
        Assert.Equal(before, _storage.Values(0));
        Assert.True(Store.Stats.Parts > 0);
    }

    [Fact]
    public async Task A_disk_that_takes_no_parts_costs_no_sample_and_is_reported()
    {
        var (replica, session) = Serving();
        _storage.Files.BeforeCreate = path =>
        {
            if (path.Contains("parts", StringComparison.Ordinal))
                throw new IOException("no space left on device");
        };
        replica.Tell(new Write(Numbered(1), session), TestActor);
        ExpectMsg<Written>(Patience);
        await AwaitConditionAsync(() => Task.FromResult(Store.Stats.CutsFailed > 0), Patience);
        replica.Tell(new Write(Numbered(2), session), TestActor);
        Assert.Equal(BatchOutcome.Accepted, ExpectMsg<Written>(Patience).Outcome);
        Assert.Equal([1d, 2d], _storage.Values(0));
    }

    [Fact]
    public async Task Damage_that_a_reader_meets_is_named_at_the_next_maintenance()
    {
        var (replica, session) = Serving();
        replica.Tell(new Write(Numbered(1), session), TestActor);
        ExpectMsg<Written>(Patience);
        await AwaitConditionAsync(() => Task.FromResult(Store.Stats is { Parts: > 0, Cuts: > 0 } && Store.WorkEnded.IsCompleted && !Store.IsWorkUrgent), Patience);
        Watch(replica);
        replica.Tell(PoisonPill.Instance);
        ExpectTerminated(replica, Patience);
        var part = Assert.Single(Directory.GetFiles(Path.Combine(_storage.Directory(Id.Partition), "parts"), "*.part"));
        var bytes = File.ReadAllBytes(part);
        bytes[120] ^= 1; // in the first page
        File.WriteAllBytes(part, bytes);

        Serving(_storage.Settings with { MaintainInterval = TimeSpan.FromMilliseconds(20) });
        EventFilter.Error(contains: Path.GetFileName(part)).ExpectOne(Patience, () => Assert.Empty(_storage.Values(0)));
    }

    private Tsdb.PartitionStore Store => _storage.Table[new PartitionId(0)]!;

    private (IActorRef Replica, long Session) Serving(PartitionReplicaSettings? settings = null)
    {
        var replica = Sys.ActorOf(PartitionReplicaActor.Props("0/0", settings ?? _storage.Settings));
        replica.Tell(new Touch(Id), TestActor);
        return (replica, ExpectMsg<ReplicaServing>(Patience).Session);
    }

    private static Model.Ingest.SampleBatch Numbered(int number)
    {
        var batch = Batches.Of(0, number);
        batch.Number = number;
        return batch;
    }
}
