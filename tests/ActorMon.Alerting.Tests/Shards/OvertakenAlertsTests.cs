using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Routing;

namespace ActorMon.Alerting.Tests.Shards;

public class OvertakenAlertsTests
{
    private readonly ShardRun _run = new(new AlertingConfig
    {
        Route = new RouteSpec { Receiver = "team", GroupBy = ["alertname"], GroupWait = TimeSpan.FromSeconds(1), GroupInterval = TimeSpan.FromSeconds(2) },
        Receivers = [ShardRun.Receiver("team", "webhook")],
    });

    [Fact]
    public void An_end_that_comes_late_does_not_end_an_alert_that_fires_again()
    {
        _run.Fire("A");
        _run.Send(TimeSpan.FromSeconds(2));
        var end = Ended();
        _run.Take(end);
        Assert.Equal(NotificationReason.AllAlertsResolved, Assert.Single(_run.Send(TimeSpan.FromSeconds(5))).Reason);
        _run.Fire("A");
        Assert.Equal(NotificationReason.NewAlertsInGroup, Assert.Single(_run.Send(TimeSpan.FromSeconds(5))).Reason);
        _run.Take(end);
        Assert.Empty(_run.Send(TimeSpan.FromSeconds(5)));
        Assert.False(Assert.Single(_run.Shard.Alerts).IsResolved(_run.Now));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_beginning_that_comes_late_does_not_begin_an_alert_anew_whose_end_was_told(bool hasMoved)
    {
        _run.Fire("A");
        _run.Send(TimeSpan.FromSeconds(2));
        var repeated = _run.Firing("A") with { StartsAt = _run.Now.AddSeconds(-2) };
        _run.Pass(TimeSpan.FromSeconds(1), repeats: false);
        _run.Take(Ended());
        Assert.Single(_run.Send(TimeSpan.FromSeconds(5)));
        if (hasMoved)
            _run.TakeOver(TimeSpan.FromSeconds(10), fromState: true);
        _run.Take(repeated);
        Assert.Empty(_run.Shard.Alerts);
        Assert.Empty(_run.Send(TimeSpan.FromSeconds(5)));
        _run.Fire("A");
        Assert.Single(_run.Send(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void An_alert_of_a_node_whose_clock_is_far_behind_counts()
    {
        _run.Fire("A");
        _run.Send(TimeSpan.FromSeconds(2));
        _run.Take(Ended());
        _run.Send(TimeSpan.FromSeconds(5));
        _run.Take(_run.Firing("A") with { UpdatedAt = _run.Now.AddHours(-1) });
        Assert.Single(_run.Send(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void An_alert_counts_beside_one_of_a_node_whose_clock_is_ahead()
    {
        _run.Take(_run.Firing("A") with { UpdatedAt = _run.Now.AddHours(1) });
        _run.Send(TimeSpan.FromSeconds(2));
        var end = Ended();
        _run.Pass(TimeSpan.FromSeconds(1), repeats: false);
        _run.Take(end);
        Assert.Single(_run.Send(TimeSpan.FromSeconds(5)));
    }

    private Alert Ended() => _run.Firing("A") with { StartsAt = _run.Now.AddMinutes(-1), EndsAt = _run.Now };
}
