using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Shards;

namespace ActorMon.Alerting.Tests.Shards;

public class ShardTakeoverTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_sent_is_not_sent_again_by_the_next_owner(bool fromState)
    {
        var run = new ShardRun();
        run.Fire("A");
        run.Send(Wait);
        run.TakeOver(TimeSpan.FromMinutes(20), fromState);
        Assert.Empty(run.Begun);
        Assert.Empty(run.Send(Interval - Second));
        // It still fires: its sender could not reach anybody.
        Assert.False(Assert.Single(run.Shard.Alerts).IsResolved(run.Now));
        run.Resolve("A");
        Assert.Equal(NotificationReason.AllAlertsResolved, Assert.Single(run.Send(Interval)).Reason);
    }

    [Fact]
    public void A_page_that_was_due_while_nobody_owned_the_shard_is_sent_at_once()
    {
        var run = new ShardRun();
        run.Fire("A");
        run.Pass(TimeSpan.FromSeconds(20));
        run.TakeOver(TimeSpan.FromMinutes(2));
        Assert.Single(run.Send(TimeSpan.Zero));
    }

    [Fact]
    public void A_page_that_is_not_yet_due_keeps_its_time()
    {
        var run = new ShardRun();
        run.Fire("A");
        run.Pass(TimeSpan.FromSeconds(10));
        run.TakeOver(TimeSpan.FromSeconds(5));
        Assert.Empty(run.Send(TimeSpan.FromSeconds(14)));
        Assert.Single(run.Send(Second));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_takeover_between_about_to_send_and_sent_sends_the_same_again_under_the_same_key(bool fromState)
    {
        var run = new ShardRun();
        run.Fire("A", "1");
        run.Fire("A", "2");
        run.Pass(Wait);
        var before = Assert.Single(run.Begun);
        run.TakeOver(Second, fromState);
        var again = Assert.Single(run.Begun);
        Assert.Equal(before.IdempotencyKey, again.IdempotencyKey);
        Assert.Equal(before.Message.Select(a => a.Labels), again.Message.Select(a => a.Labels));
        run.End();
        Assert.Empty(run.Send(Interval));
    }

    [Fact]
    public void An_alert_that_ended_while_its_page_was_uncertain_is_told_firing_first_and_then_resolved()
    {
        var run = new ShardRun();
        run.Fire("A");
        run.Pass(Wait);
        run.TakeOver(Second);
        run.Resolve("A");
        Assert.Null(Assert.Single(run.Begun[0].Message).EndsAt);
        run.End();
        Assert.Equal(NotificationReason.AllAlertsResolved, Assert.Single(run.Send(Interval)).Reason);
    }

    [Fact]
    public void An_end_by_timeout_that_was_told_is_not_taken_back_by_a_takeover()
    {
        var run = new ShardRun(new AlertingConfig { Route = new RouteSpec { Receiver = "team" }, Receivers = [ShardRun.Receiver("team", "webhook", "email")] });
        run.Fire("A");
        run.Send(Wait);
        run.Pass(Interval, repeats: false);
        Assert.Equal(2, run.Begun.Count);
        run.TakeOver(Second);
        Assert.All(run.Begun, intent => Assert.Equal(NotificationReason.AllAlertsResolved, intent.Reason));
        Assert.All(run.Begun, intent => Assert.NotNull(Assert.Single(intent.Message).EndsAt));
        run.End();
        Assert.Empty(run.Shard.Alerts);
        Assert.Empty(run.Send(Interval * 3));
    }

    [Fact]
    public void A_past_that_becomes_known_late_is_not_told_again()
    {
        var run = new ShardRun();
        run.Fire("A");
        run.Send(Wait);
        var past = run.Shard.Snapshot(run.Now);
        var late = new ShardRun();
        late.Pass(TimeSpan.FromMinutes(1));
        foreach (var happened in late.Shard.Recall(past, late.Now))
            late.Shard.Apply(happened);
        Assert.False(Assert.Single(late.Shard.Alerts).IsResolved(late.Now));
        Assert.Empty(late.Send(Interval));
        late.Resolve("A");
        Assert.Single(late.Send(Interval));
    }

    [Fact]
    public void The_same_decision_has_the_same_key_and_the_next_one_another()
    {
        var run = new ShardRun();
        run.Fire("A");
        run.Pass(Wait);
        var first = run.Begun[0].IdempotencyKey;
        run.End("refused");
        run.Pass(Interval);
        Assert.Equal(first, run.Begun[0].IdempotencyKey);
        run.End();
        run.Pass(TimeSpan.FromHours(5));
        Assert.NotEqual(first, Assert.Single(run.Begun).IdempotencyKey);
    }

    [Fact]
    public void A_reload_that_keeps_a_group_keeps_its_time_and_what_was_sent()
    {
        var run = new ShardRun();
        run.Fire("A");
        run.Send(Wait);
        run.Pass(TimeSpan.FromMinutes(1));
        run.Reload(new AlertingConfig { Route = new RouteSpec { Receiver = "team", GroupBy = ["alertname"] }, Receivers = [ShardRun.Receiver("team", "webhook"), ShardRun.Receiver("other")] });
        Assert.Equal(run.Now.AddMinutes(4), Assert.Single(run.Shard.Groups).NextFlush);
        Assert.Empty(run.Send(Interval));
    }

    [Fact]
    public void An_alert_lies_in_the_shard_of_each_of_its_groups_and_nowhere_else()
    {
        var config = new AlertingConfig
        {
            Route = new RouteSpec { Receiver = "team", Routes = [new RouteSpec { GroupBy = ["alertname"], Continue = true }, new RouteSpec { GroupBy = ["instance"] }] },
            Receivers = [ShardRun.Receiver("team", "webhook")],
        };
        const int shards = 16;
        var configuration = new ShardConfiguration(1, config);
        var all = Enumerable.Range(0, shards).Select(number => new AlertShard(number, shards, TimeSpan.FromHours(120))).ToArray();
        foreach (var shard in all)
            shard.Begin(configuration, Some.Now);
        for (var i = 0; i < 100; i++)
        {
            var alert = Some.Alert(Some.Now, "alertname", $"A{i % 10}", "instance", $"{i}");
            var places = ShardPlace.Of(alert, configuration.Tree, shards);
            foreach (var place in places)
                all[place].Apply(all[place].Decide([alert], Some.Now).Taken);
            Assert.Equal(places.Count - 1, all[places[0]].Elsewhere([alert]).Sum(p => p.Value.Count));
        }
        Assert.Equal(10 + 100, all.Sum(shard => shard.Groups.Count));
        Assert.Equal(200, all.Sum(shard => shard.Groups.Sum(group => group.Count)));
        Assert.All(all, shard => Assert.NotEmpty(shard.Groups));
    }
}
