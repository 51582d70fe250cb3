using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;

namespace ActorMon.Alerting.Tests;

public sealed class AcknowledgementTests
{
    private static readonly Alert First = Some.Alert(Some.Now, "alertname", "A");
    private static readonly Alert Second = Some.Alert(Some.Now, "alertname", "B");
    private readonly AcknowledgementBook _book = new();

    [Fact]
    public void An_alert_that_fires_is_acknowledged_by_its_latest_owner_until_released()
    {
        _book.Apply(AcknowledgementBook.Decide(First, "ann", "on it", Some.Now).Store!);
        _book.Apply(AcknowledgementBook.Decide(First, "bob", "", Some.Now.AddMinutes(1)).Store!);
        Assert.Equal(new Acknowledgement(First.Labels, "bob", "", Some.Now.AddMinutes(1)), Assert.Single(_book.All));
        Assert.True(_book.Release(First.Labels));
        Assert.False(_book.Release(First.Labels));
        Assert.Null(_book.Get(First.Labels));
    }

    [Fact]
    public void What_does_not_fire_or_has_no_owner_is_not_acknowledged()
    {
        Assert.Equal("no alert of these labels is known", AcknowledgementBook.Decide(null, "ann", "", Some.Now).Error);
        Assert.Equal("the alert is resolved", AcknowledgementBook.Decide(First, "ann", "", Some.Now.AddHours(1)).Error);
        Assert.Equal("an acknowledgement needs an owner", AcknowledgementBook.Decide(First, "", "", Some.Now).Error);
        Assert.Equal("owner and comment are longer than 4096 characters", AcknowledgementBook.Decide(First, "ann", new string('x', 4094), Some.Now).Error);
    }

    [Fact]
    public void It_ends_at_its_own_time_and_does_not_hold_for_the_next_firing()
    {
        _book.Apply(AcknowledgementBook.Decide(First, "ann", "", Some.Now, Some.Now.AddMinutes(10)).Store!);
        Assert.True(_book.CoversFiring([First], Some.Now.AddMinutes(9)));
        Assert.Empty(_book.Over(Some.Now.AddMinutes(9)));
        Assert.False(_book.CoversFiring([First], Some.Now.AddMinutes(10)));
        Assert.Equal([First.Labels], _book.Over(Some.Now.AddMinutes(10)));
        Assert.Equal("an acknowledgement can't end in the past", AcknowledgementBook.Decide(First, "ann", "", Some.Now, Some.Now).Error);
        Assert.False(_book.CoversFiring([First with { StartsAt = Some.Now.AddMinutes(1) }], Some.Now.AddMinutes(2)));
    }

    [Fact]
    public void One_whose_sender_has_a_clock_that_is_ahead_is_covered() =>
        Assert.True(AcknowledgementBook.Decide(First, "ann", "", Some.Now.AddMinutes(-1)).Store!.Covers(First, Some.Now));

    [Fact]
    public void A_group_is_not_told_again_while_everything_that_fires_in_it_is_acknowledged()
    {
        var now = Some.Now.AddHours(5);
        Alert[] firing = [First with { EndsAt = null }, Second with { EndsAt = null }];
        var sent = new NotificationLogEntry(Some.Now, firing.Select(alert => Fingerprint.Of(alert.Labels)).ToHashSet(), new HashSet<ulong>());
        NotificationReason Reason(params Alert[] alerts) => IntegrationPlan.Of(alerts, sent, TimeSpan.FromHours(4), true, now, _book.CoversFiring(alerts, now)).Reason;

        _book.Apply(new Acknowledgement(First.Labels, "ann", "", now));
        Assert.Equal(NotificationReason.RepeatInterval, Reason(firing));
        _book.Apply(new Acknowledgement(Second.Labels, "ann", "", now));
        Assert.Equal(NotificationReason.None, Reason(firing));
        // What is new is told all the same, and so is an end.
        Assert.Equal(NotificationReason.NewAlertsInGroup, Reason([.. firing, Some.Alert(now, "alertname", "C")]));
        Assert.Equal(NotificationReason.NewResolvedAlerts, Reason(firing[0], Second));
        Assert.Equal(NotificationReason.AllAlertsResolved, Reason(First, Second));
    }
}
