using ActorMon.Actors.Alerting;
using ActorMon.Actors.Journal;
using ActorMon.Actors.Tests.Journal;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Shards;
using ActorMon.Alerting.Silences;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Protocol.Alerting;
using ActorMon.Testing.IO;
using Akka.Actor;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Alerting;

/// <summary>The built-in Alertmanager of one node on an SQLite journal: router, shards, silences, views and a recording integration.</summary>
public sealed class AlertmanagerActorTests : JournalTest
{
    private readonly TempFolder _folder;
    private readonly RecordingIntegration _webhook = new();
    private readonly AlertingMetrics _metrics;
    private readonly Guid _cluster = Guid.NewGuid();
    private volatile bool _mayNotify = true;

    public AlertmanagerActorTests(ITestOutputHelper output) : this(output, new TempFolder())
    {
    }

    private AlertmanagerActorTests(ITestOutputHelper output, TempFolder folder) : base(output, JournalDatabase.Of("sqlite", "", folder.Path))
    {
        _folder = folder;
        _metrics = new AlertingMetrics(Registry);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    [Fact]
    public void An_alert_is_told_once_even_when_everything_is_killed_and_begins_again()
    {
        var node = Start();
        Post(node, Alert("A"));
        Eventually(() => Assert.Equal("A", Assert.Single(Assert.Single(_webhook.Told).Alerts).Name));
        Eventually(() => Assert.Equal(0, Metric("actormon_journal_behind_events")));
        node = Restart(node);
        Post(node, Alert("A"));
        Post(node, Alert("B"));
        Eventually(() => Assert.Equal(2, _webhook.Told.Count));
        Assert.Equal("B", _webhook.Told[1].Alerts[0].Name);
    }

    [Fact]
    public void A_notification_that_nobody_knows_the_end_of_is_sent_again_under_the_same_key()
    {
        _webhook.Hangs = true;
        var node = Start();
        Post(node, Alert("A"));
        Eventually(() => Assert.Single(_webhook.Told));
        _webhook.Hangs = false;
        Restart(node);
        Eventually(() => Assert.Equal(2, _webhook.Told.Count));
        Assert.Equal(_webhook.Told[0].IdempotencyKey, _webhook.Told[1].IdempotencyKey);
        Assert.Equal(_webhook.Told[0].Alerts[0].Labels, _webhook.Told[1].Alerts[0].Labels);
        Assert.Equal(1, Metric("actormon_alertmanager_notifications_repeated_total"));
    }

    [Fact]
    public void What_fails_for_a_while_is_tried_again_under_the_same_key()
    {
        _webhook.Failures = 2;
        Post(Start(), Alert("A"));
        Eventually(() => Assert.Equal(3, _webhook.Told.Count));
        Assert.Single(_webhook.Told.Select(n => n.IdempotencyKey).Distinct());
    }

    [Fact]
    public void A_silence_holds_on_a_node_that_begins_anew_until_it_is_ended()
    {
        var node = Start();
        var set = Change(node, AlertingProtocol.SilenceAction.Set, new SilenceProposal
        {
            MatcherSets = [[new ProposedMatcher("alertname", MatchOperator.Equal, "Quiet")]],
            EndsAt = DateTimeOffset.UnixEpoch.AddYears(200),
        });
        Assert.Equal(SilenceRefusal.None, set.Refusal);
        node = Restart(node);
        Post(node, Alert("Quiet"));
        Post(node, Alert("Loud"));
        Eventually(() => Assert.Equal("Loud", Assert.Single(_webhook.Told).Alerts[0].Name));
        Change(node, AlertingProtocol.SilenceAction.Expire, new SilenceProposal { Id = set.Id, MatcherSets = [] });
        Eventually(() => Assert.Equal(["Loud", "Quiet"], _webhook.Told.Select(n => n.Alerts[0].Name)));
    }

    [Fact]
    public void A_node_without_a_majority_holds_its_notifications_until_it_is_confirmed()
    {
        _mayNotify = false;
        Post(Start(), Alert("A"));
        Eventually(() => Assert.Equal(1, Metric("actormon_alertmanager_shard_waiting")));
        Assert.Empty(_webhook.Told);
        _mayNotify = true;
        Eventually(() => Assert.Single(_webhook.Told));
        Eventually(() => Assert.Equal(0, Metric("actormon_alertmanager_shard_waiting")));
    }

    [Fact]
    public void Nothing_that_another_alert_holds_back_leaks_out_while_views_are_put_together()
    {
        var node = Start();
        Post(node, Alert("Source"));
        Post(node, Alert("Target"));
        Eventually(() => Assert.Equal("Source", Assert.Single(_webhook.Told).Alerts[0].Name));
        Sys.Stop(node.Views);
        Eventually(() => Assert.False(node.Runtime.Views.IsWhole));
        Post(node, Alert("Other"));
        Eventually(() => Assert.Equal(1, Metric("actormon_alertmanager_shard_waiting")));
        Sys.ActorOf(AlertViewsActor.Props(node.Runtime, node.Region));
        Eventually(() => Assert.Equal(["Source", "Other"], _webhook.Told.Select(n => n.Alerts[0].Name)));
    }

    [Fact]
    public void Without_a_configuration_the_router_says_that_the_Alertmanager_is_off()
    {
        var router = Sys.ActorOf(AlertRouterActor.Props(NewRuntime() with { Configuration = static () => null }, TestActor));
        router.Tell(new AlertRouterActor.Route([Alert("A")]), TestActor);
        Assert.Contains("--alertmanager.config.file", ExpectMsg<AlertRouterActor.Routed>(Patience).Error, StringComparison.Ordinal);
    }

    // ----- the node

    private sealed record Node(AlertingRuntime Runtime, IActorRef Region, IActorRef Views, IActorRef Router);

    private AlertingRuntime NewRuntime()
    {
        var config = new AlertingConfig
        {
            Route = new RouteSpec { Receiver = "team", GroupBy = ["alertname"], GroupWait = TimeSpan.Zero, GroupInterval = TimeSpan.FromMilliseconds(200) },
            Receivers = [new ReceiverSettings("team", new Dictionary<string, string>(), [new IntegrationSettings("webhook", 0, true, new Dictionary<string, object?>())])],
            InhibitRules = [new InhibitRule { Source = Matchers("alertname=Source"), Target = Matchers("alertname=Target") }],
        };
        var configuration = new AlertmanagerConfiguration(new ShardConfiguration(1, config), _ => [_webhook]);
        return new AlertingRuntime(
            () => configuration, new AlertViews(() => new SilenceBook(new SilenceLimits(), MatcherSyntax.Fallback)), _metrics, () => _mayNotify, Settings(), 4, "http://here", _cluster,
            TimeProvider.System)
        {
            Beat = TimeSpan.FromMilliseconds(50),
            SendBackoff = new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100)),
        };
    }

    private Node Start()
    {
        var runtime = NewRuntime();
        var region = Sys.ActorOf(Akka.Actor.Props.Create(() => new OneNodeRegion(runtime)));
        return new Node(runtime, region, Sys.ActorOf(AlertViewsActor.Props(runtime, region)), Sys.ActorOf(AlertRouterActor.Props(runtime, region)));
    }

    private Node Restart(Node node)
    {
        foreach (var actor in new[] { node.Router, node.Views, node.Region })
        {
            Watch(actor);
            Sys.Stop(actor);
            ExpectTerminated(actor, Patience);
        }
        return Start();
    }

    private void Post(Node node, Alert alert)
    {
        node.Router.Tell(new AlertRouterActor.Route([alert]), TestActor);
        Assert.Null(FishForMessage<AlertRouterActor.Routed>(_ => true, Patience).Error);
    }

    /// <summary>The owner of silences answers nobody before it has recovered: it is asked again.</summary>
    private SilenceDecision Change(Node node, AlertingProtocol.SilenceAction action, SilenceProposal proposal)
    {
        Eventually(() => Assert.True(node.Runtime.Views.IsWhole));
        node.Region.Tell(new AlertingProtocol.ChangeSilence(7, action, proposal), TestActor);
        return FishForMessage<AlertingProtocol.SilenceChanged>(m => m.Correlation == 7, Patience).Decision;
    }

    private static Alert Alert(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new Alert { Labels = LabelSet.Of("alertname", name), StartsAt = now, EndsAt = now.AddHours(1), UpdatedAt = now };
    }

    private static MatcherSet Matchers(string text) => new(MatcherParser.ParseList(text).Matchers);
}
