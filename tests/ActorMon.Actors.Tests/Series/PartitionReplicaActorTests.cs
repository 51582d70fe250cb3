using System.Collections.Concurrent;
using ActorMon.Actors.Series;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Xunit.Abstractions;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Series;

public sealed class PartitionReplicaActorTests : ActorTest
{
    private static readonly ReplicaId Id = new(new PartitionId(0), 0);
    private readonly ReplicaStorage _storage;

    public PartitionReplicaActorTests(ITestOutputHelper output) : base(output) => _storage = new ReplicaStorage(1, Registry);

    [Fact]
    public void A_batch_is_acknowledged_when_readers_see_it()
    {
        var (replica, session) = Serving();

        replica.Tell(new Write(Numbered(1), session), TestActor);

        Assert.Equal(new Written(Id, Batches.Writer, 1, BatchOutcome.Accepted), ExpectMsg<Written>(Patience));
        Assert.Equal([1d], _storage.Values(0));
    }

    [Fact]
    public void Batches_that_wait_are_gathered_into_one_write_of_the_log_and_answered_in_order()
    {
        var (replica, session) = Serving();
        using var writing = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        _storage.Files.BeforeAppend = () =>
        {
            writing.Set();
            goOn.Wait(Patience);
        };
        replica.Tell(new Write(Numbered(1), session), TestActor);
        Assert.True(writing.Wait(Patience));
        for (var n = 2; n <= 101; n++)
            replica.Tell(new Write(Numbered(n), session), TestActor);
        goOn.Set();

        for (var n = 1; n <= 101; n++)
            Assert.Equal(n, ExpectMsg<Written>(Patience).Number);
        _storage.Files.BeforeAppend = null;
        // The first alone; of the hundred that waited 64 (max-batches-per-write) and the rest.
        Assert.Equal(3, _storage.Files.Appends);
    }

    [Fact]
    public void A_log_that_cannot_be_written_fails_the_batches_and_is_opened_again_while_readers_go_on()
    {
        var (replica, session) = Serving();
        replica.Tell(new Write(Numbered(1), session), TestActor);
        ExpectMsg<Written>(Patience);
        var unwritable = new ConcurrentQueue<bool>();
        _storage.Unwritable = (_, on) => unwritable.Enqueue(on);
        _storage.Files.BeforeAppend = () => throw new IOException("no space left on device");

        replica.Tell(new Write(Numbered(2), session), TestActor);

        var failed = ExpectMsg<Written>(Patience);
        Assert.Equal(BatchOutcome.Failed, failed.Outcome);
        Assert.Contains("no space left on device", failed.Error, StringComparison.Ordinal);
        Assert.Equal([1d], _storage.Values(0));
        Assert.Equal((1, 1), (Metric("prometheus_tsdb_wal_writes_failed_total"), Metric("actormon_ingest_batches_failed_total")));
        // It does not serve before something can be written again.
        replica.Tell(new Touch(Id), TestActor);
        Assert.Contains("no space left on device", ExpectMsg<ReplicaFailed>(Patience).Error, StringComparison.Ordinal);
        Assert.Equal([true], unwritable);
        _storage.Files.BeforeAppend = null;
        FishForMessage<ReplicaServing>(_ => true, Patience);
        replica.Tell(new Write(Numbered(3), session), TestActor);
        Assert.Equal((3, BatchOutcome.Accepted), ExpectMsg<Written>(Patience) is var w ? (w.Number, w.Outcome) : default);
        Assert.Equal([1d, 3d], _storage.Values(0));
        Assert.Equal([true, false], unwritable);
        Assert.Equal(1, Metric("prometheus_tsdb_wal_writes_failed_total"));
    }

    [Fact]
    public void A_write_of_another_session_is_not_looked_at_but_answered_with_the_session()
    {
        var (replica, session) = Serving();

        replica.Tell(new Write(Numbered(1), session + 1), TestActor);

        Assert.Equal(session, ExpectMsg<ReplicaServing>(Patience).Session);
        Assert.Empty(_storage.Values(0));
    }

    [Fact]
    public void A_directory_that_cannot_be_opened_is_reported_and_tried_again()
    {
        _storage.Files.BeforeList = () => throw new IOException("input/output error");
        var replica = Sys.ActorOf(PartitionReplicaActor.Props("0/0", _storage.Settings));
        replica.Tell(new Touch(Id), TestActor);
        Assert.Contains("input/output error", ExpectMsg<ReplicaFailed>(Patience).Error, StringComparison.Ordinal);
        ExpectMsg<ReplicaFailed>(Patience);

        _storage.Files.BeforeList = null;

        FishForMessage<object>(m => m is ReplicaServing, Patience);
    }

    [Fact]
    public void A_replica_stopped_while_it_recovers_leaves_the_directory_to_its_successor_alone()
    {
        using var opening = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        _storage.Files.BeforeList = () =>
        {
            opening.Set();
            goOn.Wait(Patience);
        };
        var first = Sys.ActorOf(PartitionReplicaActor.Props("0/0", _storage.Settings));
        Assert.True(opening.Wait(Patience));
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first, Patience);

        var second = Sys.ActorOf(PartitionReplicaActor.Props("0/0", _storage.Settings));
        second.Tell(new Touch(Id), TestActor);
        ExpectNoMsg(Silence);
        goOn.Set();
        var session = ExpectMsg<ReplicaServing>(Patience).Session;
        second.Tell(new Write(Numbered(1), session), TestActor);
        Assert.Equal(BatchOutcome.Accepted, ExpectMsg<Written>(Patience).Outcome);

        Watch(second);
        Sys.Stop(second);
        ExpectTerminated(second, Patience);
        Assert.Equal(1, _storage.Table.DirectoryOf(new PartitionId(0)).CurrentCount);
        Assert.Null(_storage.Table[new PartitionId(0)]);
    }

    [Fact]
    public void A_batch_answered_as_failed_is_never_read_again()
    {
        var link = Link();
        var failing = 0;
        _storage.Files.BeforeAppend = () =>
        {
            if (Interlocked.Increment(ref failing) <= 3)
                throw new IOException("no space left on device");
        };
        var (accepted, failed) = (0, 0);
        for (var n = 1; n <= 30; n++)
        {
            // What comes from a pool is another sender's after the release.
            var batch = Batches.Of(0, n, b => b.Loose[0] = new LooseSample(LabelSet.Of("n", "recycled"), new TimestampMs(1), double.NaN));
            link.Tell(new Ingest(n, [batch]), TestActor);
            if (n % 3 != 0)
                continue;
            for (var answers = 0; answers < 3; answers++)
            {
                var result = ExpectMsg<Ingested>(Patience).Results[0];
                (accepted, failed) = result.Outcome == BatchOutcome.Accepted ? (accepted + 1, failed) : (accepted, failed + 1);
            }
            batch.Release();
        }

        Assert.True(failed > 0);
        Assert.Equal(30, accepted + failed);
        Assert.Equal(accepted, _storage.Values(0).Count);
        Assert.DoesNotContain(double.NaN, _storage.Values(0));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    public void When_the_replica_crashes_nothing_acknowledged_is_missing_and_batches_in_flight_arrive_once(int crashAt)
    {
        var appends = 0;
        _storage.Files.BeforeAppend = () =>
        {
            if (Interlocked.Increment(ref appends) == crashAt)
                throw new InvalidOperationException("a bug in the storage");
        };

        IngestAll(Link(), interrupt: null);

        Assert.Equal(2, Metric("actormon_partition_replica_starts_total"));
    }

    [Fact]
    public void A_batch_that_crashes_the_replica_each_time_is_set_aside_and_all_others_are_stored()
    {
        var link = Link();
        SampleBatch Poison() => new() { Writer = Batches.Writer, Partition = new PartitionId(0), Exemplars = [new SeriesExemplar(null!, new Exemplar(LabelSet.Empty, 1, new TimestampMs(1)))] };
        EventFilter.Error(contains: "was set aside").ExpectOne(Patience, () =>
        {
            for (var n = 1; n <= 50; n++)
                link.Tell(new Ingest(n, [n == 20 ? Poison() : Batches.Of(0, n)]), TestActor);
            for (var n = 1; n <= 50; n++)
            {
                var answer = ExpectMsg<Ingested>(Patience);
                Assert.Equal(n, answer.Correlation);
                Assert.Equal(n == 20 ? BatchOutcome.SetAside : BatchOutcome.Accepted, answer.Results[0].Outcome);
                Assert.Contains(n == 20 ? "crashed at it 3 times" : "", answer.Results[0].Error ?? "", StringComparison.Ordinal);
            }
        });
        Assert.Equal(1, Metric("actormon_ingest_batches_set_aside_total"));
        Assert.Equal(Enumerable.Range(1, 50).Where(n => n != 20).Select(n => (double)n), _storage.Values(0));

        // It goes on as before: the next ones are gathered again.
        link.Tell(new Ingest(51, [Batches.Of(0, 51)]), TestActor);
        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
    }

    [Fact]
    public void When_the_replica_is_stopped_nothing_acknowledged_is_missing_and_batches_in_flight_arrive_once()
    {
        var link = Link();
        IngestAll(link, interrupt: () => Sys.ActorSelection("/user/region/0").Tell(PoisonPill.Instance));

        Eventually(() => Assert.Equal(2, Metric("actormon_partition_replica_starts_total")));
    }

    [Fact]
    public void Everyone_who_calls_while_the_directory_is_opened_is_answered_once_however_often_he_calls()
    {
        using var goOn = new ManualResetEventSlim();
        _storage.Files.BeforeList = () => goOn.Wait(Patience);
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe(letters, typeof(Akka.Event.UnhandledMessage));
        var replica = Sys.ActorOf(PartitionReplicaActor.Props("0/0", _storage.Settings));
        for (var i = 0; i < 3; i++)
            replica.Tell(new Touch(Id), TestActor);
        letters.ExpectNoMsg(Silence);

        goOn.Set();

        ExpectMsg<ReplicaServing>(Patience);
        ExpectNoMsg(Silence);
        _storage.Files.BeforeList = null;
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _storage.Dispose();
    }

    /// <summary>Two hundred batches, one request each; all are accepted, and readers see each value once.</summary>
    private void IngestAll(IActorRef link, Action? interrupt)
    {
        for (var n = 1; n <= 200; n++)
        {
            link.Tell(new Ingest(n, [Batches.Of(0, n)]), TestActor);
            if (n == 100)
                interrupt?.Invoke();
            // Some in flight at any time, and many groups.
            if (n > 5)
                Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
        }
        for (var left = 0; left < 5; left++)
            Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
        Assert.Equal(Enumerable.Range(1, 200).Select(n => (double)n), _storage.Values(0));
        Assert.Equal(200, _storage.Table[new PartitionId(0)]!.Stats.FloatSamples);
    }

    private IActorRef Link()
    {
        var region = Sys.ActorOf(Props.Create(() => new LocalRegion(_storage.Settings)), "region");
        return Sys.ActorOf(IngestLinkActor.Props(new IngestSettings(1, 256, TimeSpan.FromMilliseconds(100)), region, _storage.Metrics, LocalHolders.Instance, Links.FakeLinks.None));
    }

    private (IActorRef Replica, long Session) Serving()
    {
        var replica = Sys.ActorOf(PartitionReplicaActor.Props("0/0", _storage.Settings));
        replica.Tell(new Touch(Id), TestActor);
        var serving = ExpectMsg<ReplicaServing>(Patience);
        Assert.Equal((Id, replica), (serving.Replica, serving.Writer));
        return (replica, serving.Session);
    }

    private static SampleBatch Numbered(int number)
    {
        var batch = Batches.Of(0, number);
        batch.Number = number;
        return batch;
    }
}
