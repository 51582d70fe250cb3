using ActorMon.Actors.Links;
using ActorMon.Actors.Series;
using ActorMon.Actors.Tests.Series;
using ActorMon.Model.Ingest;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Batches;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.TestKit;
using Xunit.Abstractions;
using static ActorMon.Actors.Tests.Links.FakeHolders;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Links;

/// <summary>The ingest link of a node when partitions have several holders.</summary>
public sealed class IngestCopiesTests(ITestOutputHelper output) : ActorTest(output)
{
    private static readonly LinkPeer B = FakeLinks.Peer("b");
    private static readonly LinkPeer C = FakeLinks.Peer("c");
    private readonly FakeLinks _links = new();
    private readonly FakeHolders _holders = new();
    private IActorRef _ingest = null!;
    private TestProbe _local = null!;

    [Fact]
    public void A_batch_is_acknowledged_when_every_required_copy_has_it()
    {
        Start(Here(), There(B));
        _ingest.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);

        AnswerHere(1);
        ExpectNoMsg(Silence);
        _links.Next(Patience).ReplyAll(BatchReply.Accepted);

        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
    }

    [Fact]
    public void A_joining_copy_gets_every_batch_but_nobody_waits_for_it_and_its_memory_stays_until_it_has_answered()
    {
        var released = false;
        Start(Here(), There(B, required: false));
        var batch = Batches.Of(0, 1, _ => released = true);
        _ingest.Tell(new Ingest(1, [batch]), TestActor);
        var call = _links.Next(Patience);

        AnswerHere(1);
        ExpectMsg<Ingested>(Patience);
        batch.Release();
        Assert.False(Volatile.Read(ref released));

        call.ReplyAll(BatchReply.Accepted);
        Eventually(() => Assert.True(Volatile.Read(ref released)));
    }

    [Fact]
    public void Nothing_is_acknowledged_while_no_copy_is_in_sync()
    {
        Start(Here());
        _holders.Set(isOpen: false, Here());
        _ingest.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);
        AnswerHere(1);
        ExpectNoMsg(Silence);

        _holders.Set(isOpen: true, Here());

        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
    }

    [Fact]
    public void A_holder_that_has_left_is_not_waited_for_and_a_new_one_gets_what_is_unanswered()
    {
        Start(Here(), There(B));
        _ingest.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);
        AnswerHere(1);
        var lost = _links.Next(Patience);

        _holders.Set(Here(), There(C, slot: 2));

        var found = _links.Next(Patience);
        Assert.Equal((C, 2), (found.Peer, found.Batches().Single().Slot));
        lost.ReplyAll(BatchReply.Accepted);
        ExpectNoMsg(Silence);
        found.ReplyAll(BatchReply.Accepted);
        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
    }

    [Fact]
    public void The_removal_of_the_only_holder_that_was_waited_for_settles_the_batch()
    {
        Start(Here(), There(B));
        _ingest.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);
        AnswerHere(1);
        _links.Next(Patience);

        _holders.Set(Here());

        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
    }

    [Fact]
    public void A_copy_that_stays_anew_gets_the_batch_anew()
    {
        Start(Here(), There(B, stay: 3));
        _ingest.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);
        AnswerHere(1);
        _links.Next(Patience).ReplyAll(BatchReply.NotTaken);

        _holders.Set(Here(), There(B, stay: 5));

        FakeLinks.Call call;
        do
        {
            call = _links.Next(Patience);
            call.ReplyAll(BatchReply.Accepted, stay: 5);
        }
        while (call.Batches().Single().Sent.Epoch < _holders.Version);
        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
    }

    [Fact]
    public void After_deletions_are_forgotten_what_is_unacknowledged_goes_to_other_nodes_again_by_the_map_of_now()
    {
        Start(Here(), There(B));
        _ingest.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);
        AnswerHere(1);
        var call = _links.Next(Patience);
        Assert.Equal(0, call.Batches().Single().Sent.Forgotten);
        _holders.Forget(3);

        while (call.Batches().Single().Sent.Forgotten < 3)
        {
            call.ReplyAll(BatchReply.NotTaken);
            call = _links.Next(Patience);
        }
        call.ReplyAll(BatchReply.Accepted);

        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
    }

    [Fact]
    public void After_deletions_are_forgotten_a_joining_copy_gets_nothing_that_was_acknowledged_before()
    {
        Start(Here(), There(B, required: false));
        _ingest.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);
        AnswerHere(1);
        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
        var before = _links.Next(Patience);
        Assert.Equal([1], before.Numbers());

        _holders.Forget(3);
        _ingest.Tell(new Ingest(2, [Batches.Of(0, 2)]), TestActor);
        AnswerHere(2);
        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
        before.ReplyAll(BatchReply.NotTaken);

        var after = _links.Next(Patience);
        Assert.Equal([2], after.Numbers());
        Assert.Equal(3, after.Batches().Single().Sent.Forgotten);
    }

    [Fact]
    public void What_a_copy_of_this_node_did_not_take_is_handed_to_it_again()
    {
        Start(Here(stay: 5));
        _ingest.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);
        AnswerHere(1, BatchOutcome.NotTaken);
        AnswerHere(1, stay: 4);
        ExpectNoMsg(Silence);
        AnswerHere(1, stay: 5);
        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
    }

    [Theory]
    [InlineData(BatchOutcome.Accepted, BatchReply.UnknownLayout, BatchOutcome.UnknownLayout)]
    [InlineData(BatchOutcome.Failed, BatchReply.Accepted, BatchOutcome.Failed)]
    [InlineData(BatchOutcome.UnknownLayout, BatchReply.Failed, BatchOutcome.UnknownLayout)]
    [InlineData(BatchOutcome.UnknownLayout, BatchReply.SetAside, BatchOutcome.SetAside)]
    public void Of_several_outcomes_the_one_counts_that_asks_most_of_the_writer(BatchOutcome here, BatchReply there, BatchOutcome outcome)
    {
        Start(Here(), There(B));
        _ingest.Tell(new Ingest(1, [Batches.Of(0, 1)]), TestActor);
        AnswerHere(1, here);
        _links.Next(Patience).ReplyAll(there);
        Assert.Equal(outcome, ExpectMsg<Ingested>(Patience).Results.Single().Outcome);
    }

    [Fact]
    public void A_joining_copy_that_learns_too_late_that_it_lacks_a_layout_gets_it_with_the_next_batch()
    {
        Start(Here(), There(B, required: false));
        var heard = false;
        var first = Scrape(_ => heard = true);
        _ingest.Tell(new Ingest(1, [first]), TestActor);
        var call = _links.Next(Patience);
        AnswerHere(1);
        Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
        first.Release();
        call.ReplyAll(BatchReply.UnknownLayout);
        Eventually(() => Assert.True(Volatile.Read(ref heard)));

        _ingest.Tell(new Ingest(2, [Scrape()]), TestActor);
        AnswerHere(2);

        Assert.Equal(BatchOutcome.UnknownLayout, ExpectMsg<Ingested>(Patience).Results.Single().Outcome);
    }

    [Fact]
    public void The_refusal_beyond_the_bound_names_the_copy_that_is_behind()
    {
        Start(Here(), There(B));
        _ingest.Tell(new Ingest(1, Batches.Many(0, 1, 4)), TestActor);
        for (var number = 1; number <= 4; number++)
            AnswerHere(number);
        _ingest.Tell(new Ingest(2, [Batches.Of(0, 5)]), TestActor);
        Assert.Contains("its copy at b:7947 is behind", ExpectMsg<Ingested>(Patience).Results.Single().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Joining_copies_that_are_behind_refuse_nobody_anything()
    {
        Start(Here(), There(B, required: false));
        for (var number = 1; number <= 9; number++)
        {
            _ingest.Tell(new Ingest(number, [Batches.Of(0, number)]), TestActor);
            AnswerHere(number);
            Assert.True(ExpectMsg<Ingested>(Patience).AllAccepted);
        }
    }

    private static SampleBatch Scrape(Action<SampleBatch>? released = null) => new()
    {
        OnRelease = released,
        Writer = Batches.Writer,
        Partition = new PartitionId(0),
        Columns = new LayoutColumns
        {
            Layout = new LayoutId(Batches.Writer, 1),
            SlotCount = 1,
            ContentHash = 1,
            FirstNewSlot = 1,
            NewSeries = [],
            Timestamp = new TimestampMs(Batches.Start),
            Values = new double[1],
        },
    };

    private void Start(params ReplicaHolder[] holders)
    {
        _holders.Set(holders);
        var region = CreateTestProbe();
        var peers = new PeerLinkSettings(_links, _holders, 1 << 20, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50));
        _ingest = Sys.ActorOf(IngestLinkActor.Props(
            new IngestSettings(1, 4, TimeSpan.FromMilliseconds(30)), region, new IngestMetrics(Registry), _holders, peer => PeerLinkActor.Props(peer, peers)));
        _local = CreateTestProbe();
        _ingest.Tell(new ReplicaServing(new ReplicaId(new PartitionId(0), 0), _local, 1), _local);
    }

    private void AnswerHere(long number, BatchOutcome outcome = BatchOutcome.Accepted, long stay = 0)
    {
        Assert.Equal(number, _local.ExpectMsg<Write>(Patience).Batch.Number);
        _ingest.Tell(new Written(new ReplicaId(new PartitionId(0), 0), Batches.Writer, number, outcome, null, stay), _local);
    }
}
