using ActorMon.Actors.Control;
using ActorMon.Actors.Control.Allocation;
using ActorMon.Protocol.Control;
using Akka.Actor;
using static ActorMon.Protocol.Rules.RuleProtocol;

namespace ActorMon.Actors.Rules;

/// <param name="TouchInterval">How often groups that have not answered are called again.</param>
/// <param name="Loads">Told how much each shard of groups has to do.</param>
public sealed record RuleCoordinatorSettings(ConfigurationStore Configuration, TimeSpan TouchInterval, ShardLoads Loads);

/// <summary>
/// Child of Control. Wakes the rule groups of the configuration in effect and those that ran by an earlier one, until each has answered that it runs by this version; one that stops,
/// alone or with its node, is called again. Lost on restart: who has answered; all are called.
/// </summary>
public sealed class RuleCoordinatorActor : ReceiveActor, IWithTimers
{
    private const string TouchTimer = "touch";

    private readonly RuleCoordinatorSettings _settings;
    private readonly IActorRef _region;
    private readonly Dictionary<string, Known> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, string> _ids = [];

    public RuleCoordinatorActor(RuleCoordinatorSettings settings, IActorRef region)
    {
        _settings = settings;
        _region = region;
        Receive<ControlProtocol.ConfigurationInstalled>(_ => Touch());
        Receive<TouchAll>(_ => Touch());
        Receive<GroupReport>(OnReport);
        Receive<Terminated>(m => Forget(m.ActorRef));
    }

    /// <summary>A group that has answered.</summary>
    private sealed record Known(IActorRef Ref, long ConfigurationVersion);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RuleCoordinatorSettings settings, IActorRef region) => Akka.Actor.Props.Create(() => new RuleCoordinatorActor(settings, region));

    protected override void PreStart()
    {
        Touch();
        Timers.StartPeriodicTimer(TouchTimer, TouchAll.Instance, _settings.TouchInterval);
    }

    private void Touch()
    {
        var configuration = _settings.Configuration.Current;
        foreach (var group in configuration.Rules.Groups)
            if (!_groups.TryGetValue(group.Id, out var known) || known.ConfigurationVersion != configuration.Version)
                _region.Tell(new TouchGroup(group.Id, configuration.Version));
        foreach (var (id, known) in _groups)
            if (known.ConfigurationVersion != configuration.Version && configuration.Rules.Find(id) is null)
                _region.Tell(new TouchGroup(id, configuration.Version));
    }

    private void OnReport(GroupReport report)
    {
        if (_groups.TryGetValue(report.Group, out var before) && !before.Ref.Equals(Sender))
            Forget(before.Ref);
        if (!_ids.ContainsKey(Sender))
            Context.Watch(Sender);
        _ids[Sender] = report.Group;
        _groups[report.Group] = new Known(Sender, report.ConfigurationVersion);
        Weigh(GroupMessageExtractor.ShardOf(report.Group));
    }

    private void Forget(IActorRef group)
    {
        if (!_ids.Remove(group, out var id))
            return;
        Context.Unwatch(group);
        if (_groups.TryGetValue(id, out var known) && known.Ref.Equals(group))
            _groups.Remove(id);
        Weigh(GroupMessageExtractor.ShardOf(id));
    }

    private void Weigh(int shard)
    {
        var rules = 0;
        foreach (var id in _groups.Keys)
            if (GroupMessageExtractor.ShardOf(id) == shard)
                rules += _settings.Configuration.Current.Rules.Find(id)?.Group.Rules.Count ?? 0;
        _settings.Loads.Report(shard, rules);
    }

    private sealed class TouchAll : INoSerializationVerificationNeeded
    {
        public static readonly TouchAll Instance = new();
    }
}
