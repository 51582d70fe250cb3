using ActorMon.Actors.Series;
using ActorMon.Model.Ingest;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.TestKit;
using Xunit.Abstractions;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Series;

public sealed class IngestLinkActorTests(ITestOutputHelper output) : ActorTest(output)
{
    private TestProbe _region = null!;
    private IActorRef _link = null!;

    [Fact]
    public void Batches_are_numbered_from_one_in_each_partition()
    {
        Start();
        var writers = (Serve(0, 1), Serve(1, 2));

        _link.Tell(new Ingest(1, [Batches.Of(0, 1), Batches.Of(1, 2), Batches.Of(0, 3)]), TestActor);

        Assert.Equal([1L, 2L], Numbers(writers.Item1, 2));
        Assert.Equal([1L], Numbers(writers.Item2, 1));
    }

    [Fact]
    public void A_request_is_answered_once_when_every_batch_is_settled_in_its_order()
    {
        Start();
        var writer = Serve(0, 1);
        _link.Tell(new Ingest(7, [Batches.Of(0, 1), Batches.Of(0, 2)]), TestActor);
        Numbers(writer, 2);

        Answer(writer, 0, 1, BatchOutcome.Accepted);
        Answer(writer, 0, 1, BatchOutcome.Failed);
        ExpectNoMsg(Silence);
        Answer(writer, 0, 2, BatchOutcome.UnknownLayout);

        var ingested = ExpectMsg<Ingested>(Patience);
        Assert.Equal(7, ingested.Correlation);
        Assert.Equal([BatchOutcome.Accepted, BatchOutcome.UnknownLayout], ingested.Results.Select(r => r.Outcome));
        ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_request_without_batches_is_answered_at_once()
    {
        Start();
        _link.Tell(new Ingest(3, []), TestActor);
        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
    }

    [Fact]
    public void Beyond_the_bound_a_batch_is_refused_with_the_limit_and_its_setting_and_gets_no_number()
    {
        Start(maxUnacknowledged: 2);
        _link.Tell(new Ingest(1, Batches.Many(0, 1, 2)), TestActor);
        _link.Tell(new Ingest(2, [Batches.Of(0, 3)]), TestActor);

        var refused = ExpectMsg<Ingested>(Patience);
        Assert.Equal(2, refused.Correlation);
        Assert.Equal(BatchOutcome.Refused, refused.Results[0].Outcome);
        Assert.Equal("partition 0 has 2 unacknowledged batches, the limit actormon.ingest.max-unacknowledged; its replica is away", refused.Results[0].Error);
        Assert.Equal(1, Metric("actormon_ingest_batches_refused_total"));

        var writer = Serve(0, 1);
        Assert.Equal([1L, 2L], Numbers(writer, 2));
        Answer(writer, 0, 1, BatchOutcome.Accepted);
        Answer(writer, 0, 2, BatchOutcome.Accepted);
        ExpectMsg<Ingested>(Patience);
        _link.Tell(new Ingest(3, [Batches.Of(0, 4)]), TestActor);
        Assert.Equal([3L], Numbers(writer, 1));
    }

    [Fact]
    public void A_new_session_gets_everything_unacknowledged_in_order_and_the_same_session_gets_nothing_twice()
    {
        Start();
        var writer = Serve(0, 1);
        _link.Tell(new Ingest(1, Batches.Many(0, 1, 4)), TestActor);
        Numbers(writer, 4);
        Answer(writer, 0, 1, BatchOutcome.Accepted);

        Tell(writer, 0, session: 1);
        writer.ExpectNoMsg(Silence);
        Tell(writer, 0, session: 2);
        Assert.Equal([2L, 3L, 4L], Numbers(writer, 3, session: 2));

        var successor = Serve(0, 3);
        Assert.Equal([2L, 3L, 4L], Numbers(successor, 3, session: 3));
    }

    [Fact]
    public void A_replica_that_stops_is_called_again_at_once_and_counts_as_missing()
    {
        Start(retouch: TimeSpan.FromMinutes(10));
        var writer = Serve(1, 1);
        Serve(0, 1);
        _region.ReceiveWhile<object>(_ => true, idle: Silence);

        Sys.Stop(writer.Ref);

        Assert.Equal(new Touch(new ReplicaId(new PartitionId(1), 0)), _region.ExpectMsg<Touch>(Patience));
        _link.Tell(GetReadiness.Instance, TestActor);
        Assert.Equal([new PartitionId(1)], ExpectMsg<IngestReadiness>(Patience).Missing);
    }

    [Fact]
    public void A_replica_that_does_not_answer_its_oldest_batch_is_called_again()
    {
        Start();
        var writer = Serve(0, 1);
        Serve(1, 1);
        _region.ReceiveWhile<object>(_ => true, max: Silence, idle: Silence);

        _link.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);
        Numbers(writer, 1);

        Assert.Equal(0, _region.ExpectMsg<Touch>(Patience).Replica.Partition.Value);
        Assert.Equal(0, _region.ExpectMsg<Touch>(Patience).Replica.Partition.Value);
    }

    [Fact]
    public void After_a_crash_the_link_gives_no_number_twice_and_still_answers_what_was_asked_before()
    {
        Start();
        var writer = Serve(0, 1);
        _link.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);
        Numbers(writer, 1);

        EventFilter.Exception<IndexOutOfRangeException>().ExpectOne(Patience, () => _link.Tell(new Ingest(2, [Batches.Of(99, 1)]), TestActor));
        _link.Tell(new Ingest(3, [Batches.Of(0, 2)]), TestActor);

        Assert.Equal([2L], Numbers(writer, 1));
        Answer(writer, 0, 1, BatchOutcome.Accepted);
        Assert.Equal(1, ExpectMsg<Ingested>(Patience).Correlation);
        Sys.Stop(writer.Ref);
        Assert.Equal([2L], Numbers(Serve(0, 2), 1, session: 2));
    }

    private void Start(int maxUnacknowledged = 256, TimeSpan? retouch = null)
    {
        _region = CreateTestProbe();
        _link = Sys.ActorOf(IngestLinkActor.Props(new IngestSettings(2, maxUnacknowledged, retouch ?? TimeSpan.FromMilliseconds(30)), _region, new IngestMetrics(Registry), LocalHolders.Instance, Links.FakeLinks.None));
        _region.ExpectMsg<Touch>(Patience);
    }

    private TestProbe Serve(int partition, long session)
    {
        var writer = CreateTestProbe();
        Tell(writer, partition, session);
        return writer;
    }

    private void Tell(TestProbe writer, int partition, long session) => _link.Tell(new ReplicaServing(new ReplicaId(new PartitionId(partition), 0), writer, session), writer);

    private void Answer(TestProbe writer, int partition, long number, BatchOutcome outcome) =>
        _link.Tell(new Written(new ReplicaId(new PartitionId(partition), 0), Batches.Writer, number, outcome), writer);

    private static long[] Numbers(TestProbe writer, int count, long? session = null)
    {
        var numbers = new long[count];
        for (var i = 0; i < count; i++)
        {
            var write = writer.ExpectMsg<Write>(Patience);
            numbers[i] = write.Batch.Number;
            Assert.Equal(session ?? write.Session, write.Session);
        }
        return numbers;
    }
}
