using System.Globalization;
using ActorMon.Actors.Alerting;
using ActorMon.Actors.Journal;
using ActorMon.Actors.Tests.Journal;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Matchers;
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

/// <summary>The built-in Alertmanager of one node on an SQLite journal: router, shards, silences, views and a recording integration. "Source" inhibits "Target".</summary>
public abstract class AlertmanagerTest : JournalTest
{
    protected const int Shards = 13;

    /// <summary>A whole node is started in each test: a machine that is busy with others takes its time.</summary>
    protected static new readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder;
    private readonly AlertingMetrics _metrics;
    private readonly Guid _cluster = Guid.NewGuid();
    private readonly TimeProvider _time;
    private int _asked;

    protected AlertmanagerTest(ITestOutputHelper output, TimeProvider? time = null) : this(output, new TempFolder(), time ?? TimeProvider.System)
    {
    }

    private AlertmanagerTest(ITestOutputHelper output, TempFolder folder, TimeProvider time) : base(output, JournalDatabase.Of("sqlite", "", folder.Path))
    {
        (_folder, _time) = (folder, time);
        _metrics = new AlertingMetrics(Registry, _time);
    }

    private protected RecordingIntegration Webhook { get; } = new();

    /// <summary>The node has a majority.</summary>
    protected bool MayNotify
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    } = true;

    /// <summary>How often somebody wanted to know.</summary>
    protected int AskedForMajority => Volatile.Read(ref _asked);

    /// <summary>No journal that begins now gets to its database.</summary>
    protected bool IsDatabaseAway
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>How long a shard waits for its journal.</summary>
    protected virtual TimeSpan JournalPatience => TimeSpan.FromSeconds(60);

    /// <summary>How long alerts wait to be written; not at all, so that a test knows that they are.</summary>
    protected virtual TimeSpan WriteDelay => TimeSpan.Zero;

    protected virtual TimeSpan RepeatInterval => TimeSpan.FromHours(4);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    private protected sealed record Node(AlertingRuntime Runtime, IActorRef Region, IActorRef Views, IActorRef Router);

    protected AlertingRuntime NewRuntime()
    {
        var config = new AlertingConfig
        {
            Route = new RouteSpec { Receiver = "team", GroupBy = ["alertname"], GroupWait = TimeSpan.Zero, GroupInterval = TimeSpan.FromMilliseconds(200), RepeatInterval = RepeatInterval },
            Receivers = [new ReceiverSettings("team", new Dictionary<string, string>(), [new IntegrationSettings("webhook", 0, true, new Dictionary<string, object?>())])],
            InhibitRules = [new InhibitRule { Source = Matchers("alertname=Source"), Target = Matchers("alertname=Target") }],
        };
        var configuration = new AlertmanagerConfiguration(new ShardConfiguration(1, config), _ => [Webhook]);
        var journal = Settings();
        return new AlertingRuntime(
            () => configuration, new AlertViews(() => new SilenceRegister(new SilenceLimits(), MatcherSyntax.Fallback)), _metrics, Majority,
            journal with { Prepare = cancellation => IsDatabaseAway ? Task.FromException(new IOException("the database is away")) : journal.Prepare(cancellation) },
            Shards, "http://here", _cluster, _time)
        {
            Beat = TimeSpan.FromMilliseconds(50),
            Patience = JournalPatience,
            WriteDelay = WriteDelay,
            SendBackoff = new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100)),
        };
    }

    private bool Majority()
    {
        Interlocked.Increment(ref _asked);
        return MayNotify;
    }

    private protected Node Start()
    {
        var runtime = NewRuntime();
        var region = Sys.ActorOf(Akka.Actor.Props.Create(() => new OneNodeRegion(runtime)));
        return new Node(runtime, region, Sys.ActorOf(AlertViewsActor.Props(runtime, region)), Sys.ActorOf(AlertRouterActor.Props(runtime, region)));
    }

    private protected void Stop(Node node)
    {
        foreach (var actor in new[] { node.Router, node.Views, node.Region })
        {
            Watch(actor);
            Sys.Stop(actor);
            ExpectTerminated(actor, Patience);
        }
    }

    private protected Node Restart(Node node)
    {
        Stop(node);
        return Start();
    }

    protected new void Eventually(Action assertion) => AwaitAssert(assertion, Patience, TimeSpan.FromMilliseconds(20));

    /// <summary>Again until it is taken, as senders do: the router's own patience is shorter.</summary>
    private protected void Post(Node node, params Alert[] alerts)
    {
        for (var attempt = 0; attempt < 12; attempt++)
        {
            node.Router.Tell(new AlertRouterActor.Route(alerts), TestActor);
            if (FishForMessage<AlertRouterActor.Routed>(_ => true, Patience).Error is null)
                return;
        }
        Assert.Fail("nobody takes the alerts");
    }

    /// <summary>The owner of silences answers nobody before it has recovered: it is asked again.</summary>
    private protected SilenceDecision Change(Node node, AlertingProtocol.SilenceAction action, SilenceProposal proposal) =>
        Change(node, new AlertingProtocol.ChangeSilence(7, action, proposal));

    private protected SilenceDecision Change(Node node, AlertingProtocol.ChangeSilence change)
    {
        Eventually(() => Assert.True(node.Runtime.Views.IsWhole));
        node.Region.Tell(change, TestActor);
        return FishForMessage<AlertingProtocol.SilenceChanged>(m => m.Correlation == 7, Patience).Decision;
    }

    /// <summary>Silences the alert of this name for long.</summary>
    private protected SilenceDecision Quieten(Node node, string name)
    {
        var set = Change(node, AlertingProtocol.SilenceAction.Set, new SilenceProposal
        {
            MatcherSets = [[new ProposedMatcher("alertname", MatchOperator.Equal, name)]],
            EndsAt = DateTimeOffset.UnixEpoch.AddYears(200),
        });
        Assert.Equal(SilenceRefusal.None, set.Refusal);
        return set;
    }

    /// <summary>An actor of the region by its path below it.</summary>
    private protected IActorRef Child(Node node, string path)
    {
        Sys.ActorSelection(node.Region.Path + "/" + path).Tell(new Identify(path), TestActor);
        return FishForMessage<ActorIdentity>(m => path.Equals(m.MessageId), Patience).Subject;
    }

    protected static string ShardOf(string name) => ShardPlace.Of($"{{}}:{{alertname=\"{name}\"}}", Shards).ToString(CultureInfo.InvariantCulture);

    private protected IEnumerable<string> Told => Webhook.Told.Select(n => n.Alerts[0].Name);

    /// <summary>Fires for an hour.</summary>
    protected Alert Alert(string name)
    {
        var now = _time.GetUtcNow();
        return new Alert { Labels = LabelSet.Of("alertname", name), StartsAt = now, EndsAt = now.AddHours(1), UpdatedAt = now };
    }

    private static MatcherSet Matchers(string text) => new(MatcherParser.ParseList(text).Matchers);
}
