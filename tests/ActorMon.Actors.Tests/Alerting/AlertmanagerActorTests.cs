using ActorMon.Actors.Alerting;
using ActorMon.Alerting.Silences;
using ActorMon.Protocol.Alerting;
using Akka.Actor;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Alerting;

/// <summary>What reaches the receiver of a node, and that nothing is lost or doubled when it begins again.</summary>
public sealed class AlertmanagerActorTests(ITestOutputHelper output) : AlertmanagerTest(output)
{
    [Fact]
    public void An_alert_is_told_once_even_when_everything_is_killed_and_begins_again()
    {
        var node = Start();
        Post(node, Alert("A"));
        Eventually(() => Assert.Equal("A", Assert.Single(Assert.Single(Webhook.Told).Alerts).Name));
        Eventually(() => Assert.Equal(0, Metric("actormon_journal_behind_events")));
        node = Restart(node);
        Post(node, Alert("A"));
        Post(node, Alert("B"));
        Eventually(() => Assert.Equal(2, Webhook.Told.Count));
        Assert.Equal("B", Webhook.Told[1].Alerts[0].Name);
    }

    [Fact]
    public void A_notification_that_nobody_knows_the_end_of_is_sent_again_under_the_same_key()
    {
        Webhook.Hangs = true;
        var node = Start();
        Post(node, Alert("A"));
        Eventually(() => Assert.Single(Webhook.Told));
        Webhook.Hangs = false;
        Restart(node);
        Eventually(() => Assert.Equal(2, Webhook.Told.Count));
        Assert.Equal(Webhook.Told[0].IdempotencyKey, Webhook.Told[1].IdempotencyKey);
        Assert.Equal(Webhook.Told[0].Alerts[0].Labels, Webhook.Told[1].Alerts[0].Labels);
        Assert.Equal(1, Metric("actormon_alertmanager_notifications_repeated_total"));
    }

    [Fact]
    public void What_fails_for_a_while_is_tried_again_under_the_same_key()
    {
        Webhook.Failures = 2;
        Post(Start(), Alert("A"));
        Eventually(() => Assert.Equal(3, Webhook.Told.Count));
        Assert.Single(Webhook.Told.Select(n => n.IdempotencyKey).Distinct());
    }

    [Fact]
    public void A_silence_holds_on_a_node_that_begins_anew_until_it_is_ended()
    {
        var node = Start();
        var set = Quieten(node, "Quiet");
        node = Restart(node);
        Post(node, Alert("Quiet"));
        Post(node, Alert("Loud"));
        Eventually(() => Assert.Equal("Loud", Assert.Single(Webhook.Told).Alerts[0].Name));
        Change(node, AlertingProtocol.SilenceAction.Expire, new SilenceProposal { Id = set.Id, MatcherSets = [] });
        Eventually(() => Assert.Equal(["Loud", "Quiet"], Webhook.Told.Select(n => n.Alerts[0].Name)));
    }

    [Fact]
    public void A_node_without_a_majority_holds_its_notifications_until_it_is_confirmed()
    {
        MayNotify = false;
        Post(Start(), Alert("A"));
        Eventually(() => Assert.Equal(1, Metric("actormon_alertmanager_shard_waiting")));
        Assert.Empty(Webhook.Told);
        MayNotify = true;
        Eventually(() => Assert.Single(Webhook.Told));
        Eventually(() => Assert.Equal(0, Metric("actormon_alertmanager_shard_waiting")));
    }

    [Fact]
    public void Nothing_that_another_alert_holds_back_leaks_out_while_views_are_put_together()
    {
        var node = Start();
        Post(node, Alert("Source"));
        Post(node, Alert("Target"));
        Eventually(() => Assert.Equal("Source", Assert.Single(Webhook.Told).Alerts[0].Name));
        Sys.Stop(node.Views);
        Eventually(() => Assert.False(node.Runtime.Views.IsWhole));
        Post(node, Alert("Other"));
        Eventually(() => Assert.Equal(1, Metric("actormon_alertmanager_shard_waiting")));
        Sys.ActorOf(AlertViewsActor.Props(node.Runtime, node.Region));
        Eventually(() => Assert.Equal(["Source", "Other"], Webhook.Told.Select(n => n.Alerts[0].Name)));
    }

    [Fact]
    public void Without_a_configuration_the_router_says_that_the_Alertmanager_is_off()
    {
        var router = Sys.ActorOf(AlertRouterActor.Props(NewRuntime() with { Configuration = static () => null }, TestActor));
        router.Tell(new AlertRouterActor.Route([Alert("A")]), TestActor);
        Assert.Contains("--alertmanager.config.file", ExpectMsg<AlertRouterActor.Routed>(Patience).Error, StringComparison.Ordinal);
    }
}
