using ActorMon.Actors.Links;
using ActorMon.Actors.Tests.Series;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Batches;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Xunit.Abstractions;
using static ActorMon.Protocol.Series.LinkProtocol;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Links;

public sealed class PeerLinkActorTests(ITestOutputHelper output) : ActorTest(output)
{
    private static readonly LinkPeer Peer = FakeLinks.Peer("b");
    private readonly FakeLinks _links = new();

    [Fact]
    public void What_comes_while_a_request_is_open_goes_together_with_the_next_one()
    {
        var link = Start();
        Send(link, 1);
        var first = _links.Next(Patience);
        Send(link, 2, 3, 4);
        Assert.True(_links.IsSilent(Silence));

        first.ReplyAll(BatchReply.Accepted);

        Assert.Equal(LinkOperations.Batches, first.Operation);
        Assert.Equal([1L], first.Numbers());
        Assert.Equal([2L, 3L, 4L], _links.Next(Patience).Numbers());
        Assert.Equal(1, ExpectMsg<Written>(Patience).Number);
    }

    [Fact]
    public void A_request_is_not_longer_than_its_limit_but_takes_one_batch_at_least()
    {
        var link = Start(requestBytes: 1);
        Send(link, 1, 2);
        var first = _links.Next(Patience);
        Assert.Equal([1L], first.Numbers());
        first.ReplyAll(BatchReply.Accepted);
        Assert.Equal([2L], _links.Next(Patience).Numbers());
    }

    [Fact]
    public void After_a_failure_everything_is_sent_again_in_order()
    {
        var link = Start();
        Send(link, 1);
        var first = _links.Next(Patience);
        Send(link, 2);
        first.Fail();

        var second = _links.Next(Patience);
        Assert.Equal([1L, 2L], second.Numbers());
        second.Fail(LinkStatus.TimedOut);
        _links.Next(Patience).ReplyAll(BatchReply.Accepted);

        Assert.Equal(1, ExpectMsg<Written>(Patience).Number);
        Assert.Equal(2, ExpectMsg<Written>(Patience).Number);
    }

    [Fact]
    public void Outcomes_are_told_and_a_replica_that_is_away_holds_up_no_other()
    {
        var link = Start();
        Send(link, 1, 2, 3);
        _links.Next(Patience).ReplyAll(BatchReply.Accepted);
        ExpectMsg<Written>(Patience);

        _links.Next(Patience).Reply(new BatchAnswer(BatchReply.Unanswered, 0, "away"), new BatchAnswer(BatchReply.UnknownLayout, 0));

        var told = ExpectMsg<Written>(Patience);
        Assert.Equal((3L, BatchOutcome.UnknownLayout), (told.Number, told.Outcome));
        Assert.Equal([2L], _links.Next(Patience).Numbers());
    }

    [Fact]
    public void An_answer_for_another_stay_does_not_count()
    {
        var link = Start();
        link.Tell(new Forward(Replica, 7, Numbered(1)), TestActor);

        _links.Next(Patience).ReplyAll(BatchReply.Accepted, stay: 6);
        _links.Next(Patience).ReplyAll(BatchReply.Accepted, stay: 7);

        Assert.Equal(7, ExpectMsg<Written>(Patience).Stay);
        ExpectNoMsg(Silence);
    }

    [Fact]
    public void What_is_forgotten_is_neither_answered_nor_sent_again()
    {
        var link = Start();
        Send(link, 1);
        var first = _links.Next(Patience);
        Send(link, 2);
        link.Tell(new Forget(Replica));
        Send(link, 3);

        first.Fail();

        Assert.Equal([3L], _links.Next(Patience).Numbers());
    }

    private static ReplicaId Replica => new(new PartitionId(0), 1);

    private IActorRef Start(int requestBytes = 1 << 20)
    {
        var settings = new PeerLinkSettings(
            _links, LocalHolders.Instance, requestBytes, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50));
        return ChildActorOf(PeerLinkActor.Props(Peer, settings));
    }

    private void Send(IActorRef link, params int[] numbers)
    {
        foreach (var number in numbers)
            link.Tell(new Forward(Replica, 0, Numbered(number)), TestActor);
    }

    private static Model.Ingest.SampleBatch Numbered(int number)
    {
        var batch = Batches.Of(0, number);
        batch.Number = number;
        return batch;
    }
}
