using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Silences;

namespace ActorMon.Alerting.Tests.Shards;

public class ShardTimingTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    [Fact]
    public void An_alert_is_told_after_group_wait_and_again_only_after_repeat_interval()
    {
        var run = new ShardRun();
        run.Fire("A");
        Assert.Empty(run.Send(Wait - TimeSpan.FromSeconds(1)));
        Assert.Equal(NotificationReason.FirstNotification, Assert.Single(run.Send(TimeSpan.FromSeconds(1))).Reason);
        Assert.Empty(run.Send(TimeSpan.FromHours(4)));
        Assert.Equal(NotificationReason.RepeatInterval, Assert.Single(run.Send(Interval)).Reason);
    }

    [Fact]
    public void A_second_alert_of_a_group_is_told_at_the_next_interval_together_with_the_first()
    {
        var run = new ShardRun();
        run.Fire("A", "1");
        run.Send(Wait);
        run.Fire("A", "2");
        Assert.Empty(run.Send(Interval - TimeSpan.FromSeconds(1)));
        var told = Assert.Single(run.Send(TimeSpan.FromSeconds(1)));
        Assert.Equal(NotificationReason.NewAlertsInGroup, told.Reason);
        Assert.Equal(["1", "2"], told.Message.Select(a => a.Labels.Get("instance")));
    }

    [Fact]
    public void A_resolved_alert_is_told_at_the_next_interval_and_leaves()
    {
        var run = new ShardRun();
        run.Fire("A");
        run.Send(Wait);
        run.Resolve("A");
        Assert.Equal(NotificationReason.AllAlertsResolved, Assert.Single(run.Send(Interval)).Reason);
        Assert.Empty(run.Shard.Alerts);
        run.Shard.Collect(run.Now);
        Assert.Empty(run.Shard.Groups);
    }

    [Fact]
    public void An_alert_that_is_not_repeated_ends_when_its_sender_said()
    {
        var run = new ShardRun();
        run.Fire("A");
        run.Send(Wait);
        run.Pass(Interval, repeats: false);
        Assert.Equal(NotificationReason.AllAlertsResolved, Assert.Single(run.Begun).Reason);
        Assert.NotNull(Assert.Single(run.Begun[0].Message).EndsAt);
    }

    [Fact]
    public void A_group_whose_notification_is_under_way_is_not_flushed_and_one_that_failed_is_told_at_the_next_interval()
    {
        var run = new ShardRun();
        run.Fire("A", "1");
        run.Pass(Wait);
        run.Fire("A", "2");
        run.Pass(Interval);
        Assert.Single(Assert.Single(run.Begun).Message);
        run.End("no answer");
        Assert.Equal(2, Assert.Single(run.Send(TimeSpan.Zero)).Message.Count);
    }

    [Fact]
    public void A_resolved_alert_stays_until_every_integration_was_told()
    {
        var run = new ShardRun(new AlertingConfig { Route = new RouteSpec { Receiver = "team" }, Receivers = [ShardRun.Receiver("team", "webhook", "email")] });
        run.Fire("A");
        Assert.Equal(2, run.Send(Wait).Count);
        run.Resolve("A");
        run.Pass(Interval);
        run.Shard.EndSend(run.Begun[0].Key, null, "", run.Now).ToList().ForEach(run.Shard.Apply);
        Assert.Single(run.Shard.Alerts);
        run.Shard.EndSend(run.Begun[1].Key, "refused", "", run.Now).ToList().ForEach(run.Shard.Apply);
        Assert.Single(run.Shard.Alerts);
        run.Begun.Clear();
        Assert.Equal("email", Assert.Single(run.Send(Interval)).Key.Type);
        Assert.Empty(run.Shard.Alerts);
    }

    [Fact]
    public void Silenced_and_inhibited_alerts_are_told_when_nothing_holds_them_any_more()
    {
        var run = new ShardRun { Inhibitor = new Inhibitor([new InhibitRule { Source = Some.Matchers("alertname=Down"), Target = Some.Matchers("alertname=Inhibited") }]) };
        run.Silences.Apply(new Silence
        {
            Id = "s",
            MatcherSets = [Some.Matchers("alertname=Silenced")],
            StartsAt = run.Now,
            EndsAt = run.Now.AddHours(1),
            UpdatedAt = run.Now,
        });
        run.Inhibitor.Observe(run.Firing("Down") with { EndsAt = run.Now.AddHours(1) });
        run.Fire("Silenced");
        run.Fire("Inhibited");
        Assert.Empty(run.Send(TimeSpan.FromMinutes(59)));
        Assert.Equal(2, run.Send(TimeSpan.FromMinutes(10)).Count);
    }

    [Fact]
    public void An_alert_that_only_comes_again_is_not_written()
    {
        var run = new ShardRun();
        run.Fire("A");
        var written = run.Written;
        run.Take(run.Firing("A") with { EndsAt = run.Now.AddMinutes(8), UpdatedAt = run.Now.AddMinutes(1) });
        Assert.Equal(written, run.Written);
        Assert.Equal(run.Now.AddMinutes(8), Assert.Single(run.Shard.Alerts).EndsAt);
        run.Resolve("Unknown");
        Assert.Equal(written, run.Written);
        run.Resolve("A");
        Assert.Equal(written + 1, run.Written);
    }

    [Fact]
    public void Nor_is_one_whose_sender_says_its_end_alone_and_which_so_begins_later_each_time()
    {
        var run = new ShardRun();
        var end = run.Now.AddMinutes(5);
        run.Take(run.Firing("A") with { StartsAt = end, EndsAt = end });
        var written = run.Written;
        run.Take(run.Firing("A") with { StartsAt = end.AddMinutes(1), EndsAt = end.AddMinutes(1), UpdatedAt = run.Now.AddMinutes(1) });
        Assert.Equal(written, run.Written);
        Assert.Equal(end.AddMinutes(1), Assert.Single(run.Shard.Alerts).StartsAt);
        run.Take(run.Firing("A"));
        Assert.Equal(written + 1, run.Written);
    }
}
