using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Times;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Tests;

public class GroupTests
{
    private static readonly RoutingTree Tree = new(new RouteSpec { Receiver = "all", GroupBy = ["alertname"] });

    [Fact]
    public void The_first_flush_comes_after_group_wait_and_the_next_after_group_interval()
    {
        var group = new AlertGroup(Tree.Root, LabelSet.Empty);
        group.Insert(Some.Alert(Some.Now, "alertname", "A"), Some.Now);
        Assert.Null(group.TakeFlush(Some.Now.AddSeconds(29)));
        Assert.Single(group.TakeFlush(Some.Now.AddSeconds(30))!.Alerts);
        Assert.Equal(Some.Now.AddSeconds(330), group.NextFlush);
    }

    [Fact]
    public void An_alert_that_fired_before_a_restart_does_not_wait_again()
    {
        var group = new AlertGroup(Tree.Root, LabelSet.Empty);
        group.Insert(Some.Alert(Some.Now.AddMinutes(-1), "alertname", "A"), Some.Now);
        Assert.NotNull(group.TakeFlush(Some.Now));
        group.Insert(Some.Alert(Some.Now.AddMinutes(-1), "alertname", "B"), Some.Now);
        Assert.Null(group.TakeFlush(Some.Now));
    }

    [Fact]
    public void Resolved_alerts_leave_after_delivery_unless_they_fire_again_meanwhile()
    {
        var group = new AlertGroup(Tree.Root, LabelSet.Empty);
        var ended = Some.Alert(Some.Now, "alertname", "A") with { EndsAt = Some.Now };
        var again = Some.Alert(Some.Now, "alertname", "B") with { EndsAt = Some.Now };
        group.Insert(ended, Some.Now);
        group.Insert(again, Some.Now);
        var flush = group.TakeFlush(Some.Now.AddMinutes(1))!;
        group.Insert(again with { EndsAt = Some.Now.AddHours(1), UpdatedAt = Some.Now.AddMinutes(1) }, Some.Now.AddMinutes(1));
        group.Delivered(flush);
        Assert.Equal("B", Assert.Single(group.Alerts).Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_resolve_immediately_the_end_of_an_alert_that_was_told_is_told_at_once(bool immediately)
    {
        var tree = new RoutingTree(new RouteSpec { Receiver = "all", ResolveImmediately = immediately, Routes = [new RouteSpec()] });
        var group = new AlertGroup(tree.Root.Routes[0], LabelSet.Empty);
        var alert = Some.Alert(Some.Now, "alertname", "A");
        group.Insert(alert with { EndsAt = Some.Now.AddSeconds(5) }, Some.Now.AddSeconds(10));
        Assert.Equal(Some.Now.AddSeconds(40), group.NextFlush);
        group.Insert(alert, Some.Now.AddSeconds(20));
        group.Delivered(group.TakeFlush(Some.Now.AddSeconds(40))!);
        var ended = Some.Now.AddSeconds(50);
        group.Insert(alert with { EndsAt = ended }, ended);
        Assert.Equal(immediately ? ended : Some.Now.AddSeconds(340), group.NextFlush);
        if (!immediately)
            return;
        group.Delivered(group.TakeFlush(ended)!);
        group.Insert(alert with { EndsAt = ended }, ended.AddMinutes(1));
        Assert.Equal(ended.AddMinutes(5), group.NextFlush);
    }

    [Fact]
    public void A_firing_alert_is_handed_on_without_an_end_and_alerts_come_in_order_of_job_and_instance()
    {
        var group = new AlertGroup(Tree.Root, LabelSet.Empty);
        group.Insert(Some.Alert(Some.Now, "alertname", "A"), Some.Now);
        group.Insert(Some.Alert(Some.Now, "alertname", "A", "job", "b", "instance", "1"), Some.Now);
        group.Insert(Some.Alert(Some.Now, "alertname", "A", "job", "a", "instance", "2"), Some.Now);
        var flush = group.TakeFlush(Some.Now.AddMinutes(1))!;
        Assert.All(flush.Alerts, alert => Assert.Null(alert.EndsAt));
        Assert.Equal(["a", "b", ""], flush.Alerts.Select(alert => alert.Labels.Get("job")));
    }

    [Fact]
    public void Alerts_are_grouped_by_the_labels_of_each_route_they_match()
    {
        var tree = new RoutingTree(new RouteSpec
        {
            Receiver = "all",
            Routes = [new RouteSpec { Matchers = Some.Matchers("a=~\".+\""), GroupBy = ["a"], Continue = true }, new RouteSpec { GroupByAll = true }],
        });
        var table = new GroupTable(tree);
        table.Insert(Some.Alert(Some.Now, "alertname", "X", "a", "1"), Some.Now);
        table.Insert(Some.Alert(Some.Now, "alertname", "Y", "a", "1"), Some.Now);
        Assert.Equal(3, table.Groups.Count);
        Assert.Equal("{}/{a=~\".+\"}:{a=\"1\"}", table.Get(tree.Root.Routes[0], LabelSet.Of("a", "1"))!.KeyText);
        Assert.Equal(3, table.Due(Some.Now.AddSeconds(30)).Count());
    }

    [Fact]
    public void Stages_hold_alerts_back_in_the_order_inhibition_time_silence()
    {
        var group = new AlertGroup(Tree.Root, LabelSet.Empty);
        foreach (var name in new[] { "Inhibited", "Silenced", "Told" })
            group.Insert(Some.Alert(Some.Now, "alertname", name), Some.Now);
        var inhibitor = new Inhibitor([new InhibitRule { Source = Some.Matchers("alertname=Source"), Target = Some.Matchers("alertname=Inhibited") }]);
        inhibitor.Observe(Some.Alert(Some.Now, "alertname", "Source"));
        var silences = new SilenceBook(new SilenceLimits(), MatcherSyntax.Fallback);
        silences.Apply(new Silence
        {
            Id = "s",
            MatcherSets = [Some.Matchers("alertname=~Silenced|Inhibited")],
            StartsAt = Some.Now,
            EndsAt = Some.Now.AddHours(1),
            UpdatedAt = Some.Now,
        });
        var plan = NotificationPlan.Of(group.TakeFlush(Some.Now.AddMinutes(1))!, group, inhibitor, TimeIntervals.None, silences);
        Assert.Equal("Told", Assert.Single(plan.Alerts).Name);
        Assert.Equal("Source", plan.Held[0].Inhibited!.Source.Get("alertname"));
        Assert.Equal(["s"], plan.Held[1].SilencedBy);
    }

    [Fact]
    public void An_integration_that_takes_no_resolved_alerts_logs_them_all_the_same()
    {
        var resolved = Some.Alert(Some.Now.AddHours(-2), "alertname", "A");
        var hash = Fingerprint.Of(resolved.Labels);
        var last = new NotificationLogEntry(Some.Now.AddHours(-1), new HashSet<ulong> { hash }, new HashSet<ulong>());
        var plan = IntegrationPlan.Of([resolved], last, TimeSpan.FromHours(4), sendResolved: false, Some.Now);
        Assert.Equal(NotificationReason.AllAlertsResolved, plan.Reason);
        Assert.Empty(plan.Message);
        Assert.Equal([hash], plan.Entry.Resolved);
    }
}
