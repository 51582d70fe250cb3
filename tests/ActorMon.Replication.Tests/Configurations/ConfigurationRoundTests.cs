using ActorMon.Replication.Configurations;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Tests.Configurations;

public sealed class ConfigurationRoundTests
{
    private static readonly MapNode A = Node("a");
    private static readonly MapNode B = Node("b");
    private static readonly MapNode C = Node("c");

    [Fact]
    public void It_is_prepared_when_every_member_can_use_it()
    {
        var round = ConfigurationRound.Start("h", [A, B]);
        Assert.Equal(RoundOutcome.Preparing, round.Outcome);
        round = round.Answered(A.Id, "h", null).Answered(A.Id, "h", null);
        Assert.Equal((RoundOutcome.Preparing, B), (round.Outcome, round.Waiting.Single()));
        Assert.Equal(RoundOutcome.Prepared, round.Answered(B.Id, "h", null).Outcome);
    }

    [Fact]
    public void One_that_cannot_use_it_refuses_it_for_all_and_is_named()
    {
        var round = ConfigurationRound.Start("h", [A, B]).Answered(A.Id, "h", "bad").Answered(A.Id, "h", null).Answered(B.Id, "h", null);
        Assert.Equal((RoundOutcome.Refused, "node a:1: bad"), (round.Outcome, round.Error));
    }

    [Fact]
    public void An_answer_about_another_content_or_of_a_stranger_does_not_count()
    {
        var round = ConfigurationRound.Start("h", [A]).Answered(A.Id, "g", null).Answered(B.Id, "h", "bad");
        Assert.Equal(RoundOutcome.Preparing, round.Outcome);
    }

    [Fact]
    public void A_member_that_leaves_is_waited_for_no_more_and_one_that_enters_is()
    {
        var round = ConfigurationRound.Start("h", [A, B]).Answered(A.Id, "h", null);
        Assert.Equal(RoundOutcome.Prepared, round.With([A]).Outcome);
        Assert.Equal([B, C], round.With([A, B, C]).Waiting.OrderBy(m => m.Address));
    }

    [Fact]
    public void Another_life_of_a_member_answers_anew()
    {
        var round = ConfigurationRound.Start("h", [A]).Answered(A.Id, "h", null);
        Assert.Equal(RoundOutcome.Preparing, round.With([A with { Incarnation = 2 }]).Outcome);
    }

    [Fact]
    public void Who_does_not_answer_in_time_is_named()
    {
        var round = ConfigurationRound.Start("h", [A, B]).Answered(B.Id, "h", null).TimedOut();
        Assert.Equal((RoundOutcome.Refused, "no answer in time of node a:1"), (round.Outcome, round.Error));
        Assert.Equal(RoundOutcome.Prepared, ConfigurationRound.Start("h", [B]).Answered(B.Id, "h", null).TimedOut().Outcome);
    }

    [Fact]
    public void Secrets_count_where_there_are_several_nodes() =>
        Assert.Equal((false, true), (ConfigurationRound.Start("h", [A]).IsStrict, ConfigurationRound.Start("h", [A, B]).IsStrict));

    [Fact]
    public void The_same_files_make_no_new_version()
    {
        var first = ConfigurationVersion.None.Next("h", "n", new byte[] { 1 });
        Assert.Equal(1, first.Number);
        Assert.Same(first, first.Next("h", "m", new byte[] { 1 }));
        Assert.Equal((2, "m"), (first.Next("g", "m", default).Number, first.Next("g", "m", default).Origin));
    }

    private static MapNode Node(string name) => new(new NodeId(Guid.NewGuid()), 1, NodeState.Up, "", 1, false, $"akka.tcp://actormon@{name}:1", "");
}
