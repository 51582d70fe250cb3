using System.Globalization;
using ActorMon.Actors.Control;
using ActorMon.Actors.Discovery;
using ActorMon.Http;
using ActorMon.Notifying.Alertmanagers;
using ActorMon.Notifying.Alerts;
using ActorMon.Protocol.Control;
using ActorMon.Rules.Alerts;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Notifying;

/// <summary>
/// One a node: finds the Alertmanagers of the configuration in effect and tells each of them the alerts of the rules that this node evaluates, as AlertmanagerActors, one
/// an Alertmanager, so that a slow or broken one costs the others nothing. A change of the configuration leaves groups that did not change alone.
/// Lost on restart: what waits; it is due again after the resend delay.
/// </summary>
public sealed class NotifierActor : ReceiveActor, IWithTimers
{
    public const string Name = "notifier";

    private const string SyncTimer = "sync";

    private readonly NotifierSettings _settings;
    private readonly SyncPace _pace;
    private readonly Dictionary<IActorRef, AlertmanagerLink> _actors = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private MechanismRunners _runners = null!;
    private List<AlertmanagerGroup> _groups = [];
    private AlertingConfiguration _configuration = AlertingConfiguration.None;
    private IActorRef? _drainer;
    private long _made;

    public NotifierActor(NotifierSettings settings)
    {
        _settings = settings;
        _pace = new SyncPace(settings.Discovery.FirstSync, settings.Discovery.SyncInterval, settings.Time);
        Receive<Notify>(m => OnNotify(m.Alerts));
        Receive<ControlProtocol.ConfigurationInstalled>(_ => Configure());
        Receive<DiscovererActor.Found>(m => Changed(_runners.OnFound(m)));
        Receive<Sync>(_ => OnSync());
        Receive<Terminated>(OnTerminated);
        Receive<MechanismRunners.StartAgain>(m => _runners.OnStartAgain(m));
        Receive<StartAgain>(m => StartActor(m.Link));
        Receive<Drain>(_ => OnDrain());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NotifierSettings settings) => Akka.Actor.Props.Create(() => new NotifierActor(settings));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        _runners = new MechanismRunners(Context, Timers, _settings.Discovery.Context, _settings.Discovery.Backoff, _settings.Discovery.Metrics, "alertmanagers");
        Configure();
    }

    protected override void PostStop()
    {
        foreach (var group in _groups.Concat(_actors.Values.Select(link => link.Group)).Distinct())
            group.Client.Dispose();
    }

    private void OnNotify(IReadOnlyList<AlertNotice> notices)
    {
        if (_drainer is not null)
            return;
        var alerts = OutgoingAlerts.Prepare(notices, _settings.ExternalUrl, _configuration.Labels);
        foreach (var group in _groups)
        {
            var relabelled = OutgoingAlerts.Relabel(alerts, group.Configuration.Options.AlertRelabelRules, _configuration.Labels.Names);
            if (relabelled.Count == 0)
                continue;
            // An evaluator that has just begun has alerts to tell before discovery is done.
            group.Early?.Add(relabelled);
            foreach (var link in group.Links.Values)
                if (link.Actor is { } actor)
                    actor.Tell(new AlertmanagerActor.Add(relabelled));
                else if (link.Queue.Add(relabelled) is var dropped and > 0)
                    _settings.Metrics.Dropped(link.Url, dropped);
        }
    }

    private void Configure()
    {
        var next = _settings.Configuration.Current.Alerting;
        if (ReferenceEquals(next, _configuration))
            return;
        _configuration = next;
        var groups = new List<AlertmanagerGroup>(next.Alertmanagers.Count);
        for (var i = 0; i < next.Alertmanagers.Count; i++)
            groups.Add(Next(i, next.Alertmanagers[i]));
        for (var i = groups.Count; i < _groups.Count; i++)
        {
            _runners.Stop(NameOf(i));
            _settings.Discovery.Metrics.Forget(NameOf(i));
        }
        foreach (var gone in _groups.Except(groups))
            Leave(gone);
        _groups = groups;
        _settings.Discovery.Metrics.NotRun(_runners.NotRun);
        // What the groups before had found is there at once: no alert that comes now misses its Alertmanager.
        foreach (var group in _groups)
            if (group is { IsDirty: true, Found.IsComplete: true, Found.Merge.Current.Version: > 0 })
                Apply(group);
        Publish();
        ScheduleSync();
    }

    private AlertmanagerGroup Next(int index, AlertmanagersConfiguration wanted)
    {
        var known = index < _groups.Count ? _groups[index] : null;
        if (known is not null && ReferenceEquals(known.Configuration, wanted))
            return known;
        var found = known is not null && ReferenceEquals(known.Configuration.Discovery, wanted.Discovery) ? known.Found : _runners.Start(NameOf(index), wanted.Discovery);
        return new AlertmanagerGroup(wanted, found, HttpClients.Create(wanted.Options.Http, _settings.Http), new AlertQueue(_settings.Queue));
    }

    /// <summary>As the original names them.</summary>
    private static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"config-{index}");

    private void Leave(AlertmanagerGroup group)
    {
        group.IsGone = true;
        foreach (var link in group.Links.Values)
            Leave(link);
        group.Links.Clear();
        DisposeWhenUnused(group);
    }

    private void Leave(AlertmanagerLink link)
    {
        link.IsLeaving = true;
        // One that waits for its next start sends what it has after that.
        link.Actor?.Tell(AlertmanagerActor.Leave.Instance);
    }

    private static void DisposeWhenUnused(AlertmanagerGroup group)
    {
        if (group is { IsGone: true, Living: 0 })
            group.Client.Dispose();
    }

    private void Changed(FoundGroups? found)
    {
        if (found is null)
            return;
        foreach (var group in _groups)
            if (ReferenceEquals(group.Found, found))
                group.IsDirty = true;
        ScheduleSync();
    }

    private void ScheduleSync()
    {
        if (!Timers.IsTimerActive(SyncTimer))
            Timers.StartSingleTimer(SyncTimer, Sync.Instance, _pace.Wait);
    }

    private void OnSync()
    {
        _pace.Synced();
        foreach (var group in _groups)
            if (group is { IsDirty: true, Found.IsComplete: true })
                Apply(group);
        Publish();
        _settings.Discovery.Metrics.Updated();
    }

    /// <summary>Begins with the Alertmanagers that are new and ends with those that are gone.</summary>
    private void Apply(AlertmanagerGroup group)
    {
        group.IsDirty = false;
        var options = group.Configuration.Options;
        var known = AlertmanagerSet.Build(
            options, _configuration.Labels.Names, group.Found.Merge.Current.Groups.Select(g => new AlertmanagerSource(g.Labels, g.Targets)));
        group.Known = known;
        foreach (var error in known.Errors)
            _log.Error("Alertmanagers {Group}: a group of targets cannot be used: {Error}", group.Found.Job, error);
        _settings.Discovery.Metrics.Discovered(group.Found.Job, known.Active.Count + known.Dropped.Count);
        foreach (var gone in group.Links.Keys.Except(known.Active).ToList())
        {
            group.Links.Remove(gone, out var link);
            Leave(link!);
        }
        var early = group.TakeEarly();
        foreach (var url in known.Active)
            if (!group.Links.ContainsKey(url))
            {
                var link = group.Links[url] = new AlertmanagerLink(group, url, new AlertQueue(_settings.Queue));
                group.Living++;
                _settings.Metrics.Known(url);
                link.Queue.Add(early);
                StartActor(link);
            }
    }

    private void StartActor(AlertmanagerLink link)
    {
        var group = link.Group;
        var name = string.Create(CultureInfo.InvariantCulture, $"am-{++_made}");
        link.Actor = Context.Watch(Context.ActorOf(
            AlertmanagerActor.Props(link.Url, group.Configuration.Options.Timeout, group.Client, link.Queue, _settings), name));
        _actors[link.Actor] = link;
        if (link.IsLeaving)
            Leave(link);
    }

    private void Publish() =>
        _settings.Board.Publish(new NotifierBoard.Known([.. _groups.SelectMany(g => g.Known.Active)], [.. _groups.SelectMany(g => g.Known.Dropped)]));

    private void OnTerminated(Terminated terminated)
    {
        if (!_actors.Remove(terminated.ActorRef, out var link))
        {
            Changed(_runners.OnTerminated(terminated));
            return;
        }
        link.Actor = null;
        if (!link.IsLeaving)
        {
            Timers.StartSingleTimer(link, new StartAgain(link), _settings.Backoff.After(link.Crashes++));
            return;
        }
        link.Group.Living--;
        DisposeWhenUnused(link.Group);
        if (_actors.Values.All(other => other.Url != link.Url) && !_groups.Any(group => group.Links.ContainsKey(link.Url)))
            _settings.Metrics.Forget(link.Url);
        AnswerWhenDrained();
    }

    /// <summary>The node stops: nothing more is taken, and what waits is sent.</summary>
    private void OnDrain()
    {
        _drainer = Sender;
        foreach (var link in _actors.Values.ToList())
            Leave(link);
        AnswerWhenDrained();
    }

    private void AnswerWhenDrained()
    {
        if (_actors.Count == 0)
            _drainer?.Tell(Drained.Instance);
    }

    /// <summary>Alerts that are due.</summary>
    public sealed record Notify(IReadOnlyList<AlertNotice> Alerts) : INoSerializationVerificationNeeded;

    /// <summary>The node stops. Answered with <see cref="Drained"/> when nothing waits any more.</summary>
    public sealed class Drain : INoSerializationVerificationNeeded
    {
        public static readonly Drain Instance = new();
    }

    public sealed class Drained : INoSerializationVerificationNeeded
    {
        public static readonly Drained Instance = new();
    }

    private sealed class Sync : INoSerializationVerificationNeeded
    {
        public static readonly Sync Instance = new();
    }

    private sealed record StartAgain(AlertmanagerLink Link) : INoSerializationVerificationNeeded;
}
