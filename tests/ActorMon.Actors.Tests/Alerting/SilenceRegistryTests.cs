using ActorMon.Actors.Alerting;
using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Protocol.Alerting;
using Akka.Actor;
using Xunit.Abstractions;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Actors.Tests.Alerting;

/// <summary>What people say about alerts outlives the owner, reaches the views and ends with the alerts.</summary>
public sealed class SilenceRegistryTests(ITestOutputHelper output) : AlertmanagerTest(output)
{
    /// <summary>Every flush tells again.</summary>
    protected override TimeSpan RepeatInterval => TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_silence_that_was_edited_keeps_its_id_and_its_trail_when_its_owner_begins_anew()
    {
        var node = Start();
        var id = Quieten(node, "A").Id;
        Assert.Equal(id, Change(node, SilenceAction.Edit, Proposal("B") with { Id = id, Comment = "other", CreatedBy = "bob" }).Id);
        Eventually(() => Assert.Equal(0, Metric("actormon_journal_behind_events")));
        node = Restart(node);
        Eventually(() => Assert.Equal(
            [" ", "matchers endsAt createdBy comment bob"],
            SilenceVersion.Of(node.Runtime.Views.AskRegister((_, register) => register.Silences.Versions(id))).Select(v => $"{string.Join(' ', v.Changed)} {v.Silence.CreatedBy}")));
        Assert.Equal(SilenceRefusal.None, Change(node, SilenceAction.Delete, new SilenceProposal { Id = id, MatcherSets = [] }).Refusal);
        node = Restart(node);
        Assert.Equal(SilenceRefusal.NotFound, Change(node, SilenceAction.Edit, Proposal("B") with { Id = id }).Refusal);
    }

    [Fact]
    public async Task What_is_acknowledged_is_not_told_again_until_it_is_released_also_by_an_owner_that_begins_anew()
    {
        var node = Start();
        Post(node, Alert("A"));
        Eventually(() => Assert.True(Webhook.Told.Count >= 2));
        Acknowledge(node, "A");
        node = Restart(node);
        Eventually(() => Assert.Equal("ann", Acknowledged(node, "A")?.Owner));
        await AwaitFlushesAsync(node, 2);
        var told = Webhook.Told.Count;
        await AwaitFlushesAsync(node, 3);
        Assert.Equal(told, Webhook.Told.Count);
        Assert.Equal(SilenceRefusal.None, Change(node, Naming(SilenceAction.Release, "A")).Refusal);
        Eventually(() => Assert.True(Webhook.Told.Count > told));
        Assert.Equal(SilenceRefusal.NotFound, Change(node, Naming(SilenceAction.Release, "A")).Refusal);
    }

    [Fact]
    public void An_acknowledgement_ends_with_its_alert_whose_end_is_told()
    {
        var node = Start();
        var alert = Alert("A");
        Post(node, alert, Alert("B"));
        Eventually(() => Assert.Contains("A", Told));
        Acknowledge(node, "A");
        Acknowledge(node, "B");
        Post(node, Ended(alert));
        Eventually(() => Assert.Null(Acknowledged(node, "A")));
        Eventually(() => Assert.Contains(Webhook.Told, n => n.Alerts.Any(a => a.Name == "A" && a.EndsAt is not null)));
        Assert.NotNull(Acknowledged(node, "B"));
    }

    [Fact]
    public void An_acknowledgement_ends_at_its_time()
    {
        var node = Start();
        Post(node, Alert("A"));
        Acknowledge(node, "A", TimeSpan.FromMilliseconds(1));
        Eventually(() => Assert.Null(Acknowledged(node, "A")));
    }

    [Fact]
    public void A_silence_until_resolved_waits_for_its_alert_and_ends_after_it()
    {
        var node = Start();
        var id = Change(node, SilenceAction.Set, Proposal("A") with { UntilResolved = true }).Id;
        var other = Change(node, SilenceAction.Set, Proposal("Never") with { UntilResolved = true }).Id;
        var alert = Alert("A");
        Post(node, alert);
        Eventually(() => Assert.True(Stored(node, id).HasMatched));
        node = Restart(node);
        Eventually(() => Assert.True(node.Runtime.Views.IsWhole && Stored(node, id).HasMatched));
        Assert.DoesNotContain("A", Told);
        Post(node, Ended(alert));
        Eventually(() => Assert.Equal(SilenceState.Expired, Stored(node, id).StateAt(TimeProvider.System.GetUtcNow())));
        Assert.Equal(SilenceState.Active, Stored(node, other).StateAt(TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public void Nothing_ends_while_a_shard_does_not_say_what_fires_in_it_and_no_sooner_than_two_rounds_agree()
    {
        var region = CreateTestProbe();
        var owner = Sys.ActorOf(SilenceRegistryActor.Props(NewRuntime(), region));
        string id = "";
        Eventually(() =>
        {
            owner.Tell(new ChangeSilence(7, SilenceAction.Set, Proposal("A") with { UntilResolved = true }), TestActor);
            id = ExpectMsg<SilenceChanged>(TimeSpan.FromSeconds(1)).Decision.Id;
        });
        var round = Round(1);
        Answer(round, Shards, id);
        round = Round(round.Round + 1);
        Answer(round, Shards - 1);
        Assert.Equal(round.Round, Round(round.Round).Round);
        Answer(round, Shards);
        round = Round(round.Round + 1);
        Answer(round, Shards, id);
        round = Round(round.Round + 1);
        Answer(round, Shards);
        round = Round(round.Round + 1);
        Assert.Equal(SilenceState.Active, Assert.Single(round.Silences).StateAt(TimeProvider.System.GetUtcNow()));
        Answer(round, Shards);
        owner.Tell(new WatchSilences(0, 0), TestActor);
        Assert.Equal(SilenceState.Expired, FishForMessage<SilencesChanged>(m => m.IsWhole, Patience).Change.Stored.Last(s => s.Id == id).StateAt(TimeProvider.System.GetUtcNow()));

        FindMatches Round(long least) => region.FishForMessage<FindMatches>(m => m.Round >= least && m.Shard == Shards - 1, Patience);

        void Answer(FindMatches round, int shards, params string[] matching)
        {
            for (var shard = 0; shard < shards; shard++)
                owner.Tell(new MatchesFound(shard, round.Round, matching, []), region);
        }
    }

    [Fact]
    public void While_the_journal_is_away_nobody_is_told_that_there_is_no_silence()
    {
        IsDatabaseAway = true;
        var node = Start();
        node.Region.Tell(new ChangeSilence(7, SilenceAction.Set, Proposal("A")), TestActor);
        node.Region.Tell(new WatchSilences(0, 0), TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));
        IsDatabaseAway = false;
        var id = Quieten(node, "A").Id;
        Eventually(() => Assert.NotNull(node.Runtime.Views.Ask((_, silences) => silences.Get(id))));
    }

    [Fact]
    public async Task A_recurring_silence_outlives_its_owner_with_its_occurrence_and_ends_with_it()
    {
        var node = Start();
        var now = TimeProvider.System.GetUtcNow();
        var set = Change(node, new ChangeSilence(7, SilenceAction.SetRecurring, Empty)
        {
            Recurring = new RecurringProposal { MatcherSets = Proposal("Quiet").MatcherSets, Rule = "FREQ=DAILY", Start = now.UtcDateTime.AddMinutes(-5), Duration = TimeSpan.FromHours(1) },
        });
        Assert.Equal((SilenceRefusal.None, SilenceState.Active), (set.Refusal, set.Store[0].StateAt(now)));
        Eventually(() => Assert.Equal(0, Metric("actormon_journal_behind_events")));
        node = Restart(node);
        Post(node, Alert("Quiet"));
        Post(node, Alert("Loud"));
        Eventually(() => Assert.Contains("Loud", Told));
        await AwaitFlushesAsync(node, 2);
        Assert.DoesNotContain("Quiet", Told);
        Assert.Equal(set.Id, Assert.Single(node.Runtime.Views.AskRegister((_, register) => register.Recurring.All)).Id);
        Assert.Equal(SilenceRefusal.None, Change(node, SilenceAction.DeleteRecurring, Empty with { Id = set.Id }).Refusal);
        Eventually(() => Assert.Contains("Quiet", Told));
        Assert.Equal(SilenceRefusal.NotFound, Change(node, SilenceAction.DeleteRecurring, Empty with { Id = set.Id }).Refusal);
    }

    private static readonly SilenceProposal Empty = new() { MatcherSets = [] };

    private static SilenceProposal Proposal(string name) => new()
    {
        MatcherSets = [[new ProposedMatcher("alertname", MatchOperator.Equal, name)]],
        EndsAt = DateTimeOffset.UnixEpoch.AddYears(190),
    };

    private static ChangeSilence Naming(SilenceAction action, string name, DateTimeOffset? until = null) => new(7, action, Empty)
    {
        Acknowledgement = new Acknowledgement(LabelSet.Of("alertname", name), "ann", "", TimeProvider.System.GetUtcNow()) { Until = until },
    };

    private static ActorMon.Alerting.Alerts.Alert Ended(ActorMon.Alerting.Alerts.Alert alert) =>
        alert with { EndsAt = TimeProvider.System.GetUtcNow(), UpdatedAt = TimeProvider.System.GetUtcNow() };

    private static Silence Stored(Node node, string id) => node.Runtime.Views.Ask((_, silences) => silences.Get(id))!;

    private static Acknowledgement? Acknowledged(Node node, string name) => node.Runtime.Views.AskRegister((_, register) => register.Acknowledged.Get(LabelSet.Of("alertname", name)));

    private void Acknowledge(Node node, string name, TimeSpan? lasts = null) =>
        Assert.Equal(SilenceRefusal.None, Change(node, Naming(SilenceAction.Acknowledge, name, TimeProvider.System.GetUtcNow() + lasts)).Refusal);

    /// <summary>Every group of the node flushes so often.</summary>
    private async Task AwaitFlushesAsync(Node node, int flushes)
    {
        var before = await FlushesAsync(node);
        await AwaitConditionAsync(async () => await FlushesAsync(node) >= before + flushes, Patience);
    }

    private static async Task<long> FlushesAsync(Node node) =>
        (await node.Runtime.Board.LookAsync(shard => shard.Groups.Select(group => group.Flushes).ToArray(), Patience, default)).SelectMany(shard => shard.Answer).DefaultIfEmpty().Min();
}
