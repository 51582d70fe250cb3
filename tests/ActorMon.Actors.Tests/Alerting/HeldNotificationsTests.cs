using System.Globalization;
using Akka.Actor;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Alerting;

/// <summary>What is silenced or inhibited leaks out through no restart and no kill, and what waits for others does not wait for ever. The clock is moved by hand.</summary>
public sealed class HeldNotificationsTests : AlertmanagerTest
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _clock;

    public HeldNotificationsTests(ITestOutputHelper output) : this(output, new FakeTimeProvider(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero)))
    {
    }

    private HeldNotificationsTests(ITestOutputHelper output, FakeTimeProvider clock) : base(output, clock) => _clock = clock;

    protected override TimeSpan JournalPatience => TimeSpan.FromMilliseconds(50);

    [Fact]
    public void What_was_held_back_stays_so_when_everything_begins_again_and_the_database_comes_late()
    {
        var node = Holding();
        Stop(node);
        IsDatabaseAway = true;
        node = Start();
        // Its shards have begun, without their past, and so has nobody who knows the silences.
        Post(node, Alert("Target"), Alert("Quiet"), Alert("Other"));
        var shards = new[] { "Target", "Quiet", "Other" }.Select(ShardOf).Distinct().Count();
        Until(() => Assert.Equal(shards, Metric("actormon_alertmanager_shard_waiting")));
        _clock.Advance(node.Runtime.ViewPatience * 0.9);
        Until(() => Assert.False(node.Runtime.Views.IsWhole));
        IsDatabaseAway = false;
        Until(() => Assert.Equal(["Source", "Other"], Told));
        FlushesAgain(node, "Later");
    }

    [Fact]
    public void When_the_owners_do_not_come_up_at_all_a_page_is_told_in_the_end_and_counted()
    {
        IsDatabaseAway = true;
        var node = Start();
        Post(node, Alert("A"));
        Until(() => Assert.Equal(1, Metric("actormon_alertmanager_shard_waiting")));
        Assert.Empty(Told);
        _clock.Advance(node.Runtime.ViewPatience);
        Until(() => Assert.Equal(["A"], Told));
        Assert.True(Metric("actormon_alertmanager_flushes_without_views_total") > 0);
        Until(() => Assert.Equal(0, Metric("actormon_alertmanager_shard_waiting")));
    }

    [Fact]
    public void The_time_without_a_majority_does_not_count_as_waiting_for_views()
    {
        (IsDatabaseAway, MayNotify) = (true, false);
        var node = Start();
        Post(node, Alert("A"));
        Until(() => Assert.Equal(1, Metric("actormon_alertmanager_shard_waiting")));
        _clock.Advance(4 * node.Runtime.ViewPatience);
        MayNotify = true;
        var asked = AskedForMajority;
        Until(() => Assert.True(AskedForMajority > asked + 2));
        Assert.Empty(Told);
        IsDatabaseAway = false;
        Until(() => Assert.Equal(["A"], Told));
        Assert.Equal(0, Metric("actormon_alertmanager_flushes_without_views_total"));
    }

    [Theory]
    [InlineData("silences")]
    [InlineData("Source")]
    [InlineData("Target")]
    [InlineData("Quiet")]
    [InlineData("views")]
    [InlineData("router")]
    [InlineData("journals")]
    public void Killing_an_actor_lets_nothing_out_that_was_held_back(string victim)
    {
        var node = Holding();
        foreach (var actor in Victims(node, victim))
        {
            Watch(actor);
            actor.Tell(Kill.Instance);
            ExpectTerminated(actor, Patience);
        }
        if (victim == "views")
            node = node with { Views = Sys.ActorOf(Actors.Alerting.AlertViewsActor.Props(node.Runtime, node.Region)) };
        if (victim == "router")
            node = node with { Router = Sys.ActorOf(Actors.Alerting.AlertRouterActor.Props(node.Runtime, node.Region)) };
        FlushesAgain(node, "Other");
        FlushesAgain(node, "Later");
    }

    [Fact]
    public void What_a_lost_owner_held_back_is_held_until_it_is_back_or_nobody_expects_it_any_more()
    {
        Assert.NotEqual(ShardOf("Source"), ShardOf("Target"));
        var node = Start();
        Post(node, Alert("Source") with { EndsAt = _clock.GetUtcNow().AddMinutes(1) });
        Until(() => Assert.Equal(["Source"], Told));
        Post(node, Alert("Target"));
        FlushesAgain(node, "Other");
        node.Region.Tell(new OneNodeRegion.Lose(ShardOf("Source")), TestActor);
        // Nobody can say any more that the source goes on.
        for (var minute = 0; minute < 8; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            FlushesAgain(node, string.Create(CultureInfo.InvariantCulture, $"Minute{minute}"), except: ShardOf("Source"));
        }
        Assert.DoesNotContain("Target", Told);
        _clock.Advance(node.Runtime.ViewPatience);
        Until(() => Assert.Contains("Target", Told));
    }

    [Fact]
    public void What_is_being_tried_again_waits_while_there_is_no_majority()
    {
        Webhook.Failures = int.MaxValue;
        var node = Start();
        Post(node, Alert("A"));
        Until(() => Assert.True(Webhook.Told.Count > 2));
        MayNotify = false;
        // One attempt may have begun before.
        Post(node, Alert("B"));
        Until(() => Assert.Equal(1, Metric("actormon_alertmanager_shard_waiting")));
        var before = Webhook.Told.Count;
        for (var i = 0; i < 20; i++)
            _clock.Advance(Step);
        ExpectNoMsg(Silence);
        Assert.Equal(before, Webhook.Told.Count);
        (Webhook.Failures, MayNotify) = (0, true);
        Until(() => Assert.Contains("B", Told));
        Assert.Equal("A", Webhook.Told[before].Alerts[0].Name);
    }

    /// <summary>A node that has told "Source" and holds back "Target" and "Quiet"; all of it is written.</summary>
    private Node Holding()
    {
        var node = Start();
        Quieten(node, "Quiet");
        Post(node, Alert("Source"));
        Until(() => Assert.Equal(["Source"], Told));
        Post(node, Alert("Target"), Alert("Quiet"));
        Until(() => Assert.Equal(2, Suppressed.Length));
        Until(() => Assert.Equal(0, Metric("actormon_journal_behind_events")));
        return node;
    }

    /// <summary>Groups are flushed after this: another alert is told, and again nothing that is held back.</summary>
    private void FlushesAgain(Node node, string other, string except = "")
    {
        while (ShardOf(other) == except)
            other += "'";
        Post(node, Alert(other));
        Until(() => Assert.Contains(other, Told));
        var before = Suppressed;
        Until(() => Assert.All(before.Zip(Suppressed), flushes => Assert.True(flushes.Item2 > flushes.Item1 + 1)));
        Assert.DoesNotContain("Target", Told);
        Assert.DoesNotContain("Quiet", Told);
    }

    /// <summary>Flushes that held back something, by the reason.</summary>
    private double[] Suppressed => [.. Registry.Collect().Single(f => f.Name == "alertmanager_notifications_suppressed_total").Metrics.Select(m => m.Value)];

    private IEnumerable<IActorRef> Victims(Node node, string victim) => victim switch
    {
        "views" => [node.Views],
        "router" => [node.Router],
        "silences" => [Child(node, "silences")],
        "journals" => [Child(node, "silences/journal"), Child(node, ShardOf("Source") + "/journal"), Child(node, ShardOf("Target") + "/journal")],
        _ => [Child(node, ShardOf(victim))],
    };

    /// <summary>The clock goes on until it holds.</summary>
    private void Until(Action assertion) => Eventually(() =>
    {
        _clock.Advance(Step);
        assertion();
    });
}
