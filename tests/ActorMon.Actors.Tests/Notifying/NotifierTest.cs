using System.Text.Json;
using ActorMon.Actors.Control;
using ActorMon.Actors.Discovery;
using ActorMon.Actors.Notifying;
using ActorMon.Discovery;
using ActorMon.Discovery.Files;
using ActorMon.Http;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Notifying.Options;
using ActorMon.Protocol.Control;
using ActorMon.Rules.Alerts;
using ActorMon.Testing.Http;
using Akka.Actor;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Notifying;

/// <summary>A notifier and Alertmanagers that keep what they are told.</summary>
public abstract class NotifierTest(ITestOutputHelper output) : ActorTest(output)
{
    private readonly ConfigurationStore _store = new();
    private long _version;

    protected NotifierBoard Board { get; } = new();
    protected IActorRef Notifier { get; private set; } = ActorRefs.Nobody;

    protected static LoopbackServer Alertmanager(Func<ValueTask>? before = null, int status = 200) => LoopbackServer.Http(async _ =>
    {
        if (before is not null)
            await before();
        return HttpReply.Of(status, "Answered");
    });

    /// <summary>The names of the alerts of each request, in order.</summary>
    protected static string[][] Told(LoopbackServer alertmanager) =>
    [
        .. alertmanager.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement.EnumerateArray()
            .Select(alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!).ToArray()),
    ];

    protected static string[] AllTold(LoopbackServer alertmanager) => [.. Told(alertmanager).SelectMany(names => names)];

    protected static string UrlOf(LoopbackServer alertmanager) => alertmanager.Url("/api/v2/alerts").ToString();

    protected static AlertmanagersConfiguration Group(params LoopbackServer[] alertmanagers) => Group(new AlertmanagerOptions(), alertmanagers);

    protected static AlertmanagersConfiguration Group(AlertmanagerOptions options, params LoopbackServer[] alertmanagers) => new(
        options,
        [new StaticSdConfig([new TargetGroup("0", LabelSet.Empty, [.. alertmanagers.Select(a => LabelSet.Of("__address__", $"127.0.0.1:{a.Port}"))])])]);

    protected void Start(AlertmanagersConfiguration[] groups, QueueOptions? queue = null, Func<bool>? maySend = null, bool drains = true, AlertLabelOptions? labels = null, string[]? early = null)
    {
        Install(groups, labels);
        queue ??= new QueueOptions();
        var time = TimeProvider.System;
        var quick = new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200));
        var discovery = new NotifierDiscovery(
            new DiscoveryContext { Yaml = (_, _) => FileSdParseResult.Failed("no YAML here") }, new DiscoveryMetrics(Registry, time).ForAlertmanagers(),
            TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10), quick);
        Notifier = Sys.ActorOf(NotifierActor.Props(
            new NotifierSettings(
                _store, discovery, queue, "http://me:9090", "ActorMon/1", maySend ?? (() => true), HttpClientContext.Default, Board,
                new NotifierMetrics(Registry, queue.Capacity, Board, time), time)
            {
                Drains = drains,
                HoldInterval = TimeSpan.FromMilliseconds(10),
                Backoff = quick,
            }));
        if (early is not null)
            Send(early);
        Eventually(() => Assert.Equal(groups.Sum(g => ((StaticSdConfig)g.Discovery[0]).Groups[0].Targets.Count), Board.Current.Active.Count));
    }

    protected void Reload(params AlertmanagersConfiguration[] groups)
    {
        Install(groups, null);
        Notifier.Tell(new ControlProtocol.ConfigurationInstalled(_version));
    }

    protected void Send(params string[] names) => new NotifierSink(Notifier).Send(
        [.. names.Select(name => new AlertNotice(LabelSet.Of("alertname", name), LabelSet.Empty, "up", new TimestampMs(1000), new TimestampMs(2000)))]);

    protected void Drain() => Notifier.Tell(NotifierActor.Drain.Instance, TestActor);

    private void Install(AlertmanagersConfiguration[] groups, AlertLabelOptions? labels) =>
        _store.Install(new NodeConfiguration(++_version, [], 0) { Alerting = new AlertingConfiguration(labels ?? AlertLabelOptions.None, groups) });
}
