using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.History;
using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Alerting.Times;
using ActorMon.Alerting.Views;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;

namespace ActorMon.Api.Tests.Support;

/// <summary>An Alertmanager of one node that tells nobody: the pure values of the room behind the port.</summary>
internal sealed class LoneAlertmanager : IAlertmanager, ISilenceEditPort, IRecurringSilencePort, IAcknowledgementPort
{
    private readonly TimeProvider _time;
    private readonly Dictionary<LabelSet, Alert> _alerts = [];
    private readonly AlertingConfig _config;
    private readonly GroupTable _groups;
    private readonly Inhibitor _inhibitor;
    private readonly TimeIntervals _intervals;
    private readonly SilenceRegister _register = new(new SilenceLimits(), MatcherSyntax.Fallback);
    private int _lastId;

    public LoneAlertmanager(TimeProvider time, AlertingConfig? config = null)
    {
        _time = time;
        config ??= Configuration;
        _config = config;
        Routes = new RoutingTree(config.Route);
        _groups = new GroupTable(Routes);
        _inhibitor = new Inhibitor(config.InhibitRules);
        _intervals = new TimeIntervals(config.TimeIntervals);
    }

    /// <summary>Routes to team (continues), other and default by alertname; critical alerts hold back warnings; other is muted by an interval that always holds.</summary>
    public static AlertingConfig Configuration { get; } = new()
    {
        Route = new RouteSpec
        {
            Receiver = "default",
            GroupBy = ["alertname"],
            Routes =
            [
                new RouteSpec { Receiver = "team", Matchers = Matchers("team=\"x\""), Continue = true, Labels = new Dictionary<string, string> { ["desk"] = "7" } },
                new RouteSpec { Receiver = "other", Matchers = Matchers("severity=\"page\""), MuteTimeIntervals = ["always"] },
            ],
        },
        Receivers = [Receiver("default"), Receiver("team", "owner", "red"), Receiver("other", "owner", "blue")],
        InhibitRules = [new InhibitRule { Source = Matchers("severity=\"critical\""), Target = Matchers("severity=\"warning\""), Equal = ["alertname"] }],
        TimeIntervals = [new NamedTimeInterval("always", [new TimeInterval()])],
    };

    public bool IsOn { get; set; } = true;

    public RoutingTree Routes { get; }

    /// <summary>The configuration as it is shown.</summary>
    public string Text { get; set; } = "route:\n  receiver: default\n";

    public AlertmanagerSetup Setup => new(_config, Routes, Text, MatcherSyntax.Fallback);

    /// <summary>What nodes out of reach hold.</summary>
    public IReadOnlyList<string> Missing { get; set; } = [];

    /// <summary>Awaited before alerts are listed.</summary>
    public Task Turn { get; set; } = Task.CompletedTask;

    /// <summary>Why nothing can be told or changed now.</summary>
    public string? Trouble { get; set; }

    public static MatcherSet Matchers(string text) => new(MatcherParser.ParseList(text).Matchers);

    public ValueTask<AlertmanagerStatus> StatusAsync(CancellationToken cancellation) =>
        new(new AlertmanagerStatus("home", ClusterReadiness.Ready, [new("b", "127.0.0.1:2"), new("a", "127.0.0.1:1")], _time.GetUtcNow().AddMinutes(-1)));

    public ValueTask PostAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
    {
        ThrowIfTroubled();
        foreach (var incoming in alerts)
        {
            var alert = _alerts.TryGetValue(incoming.Labels, out var known) ? known.ReplacedBy(incoming) : incoming;
            _alerts[alert.Labels] = alert;
            _groups.Insert(alert, _time.GetUtcNow());
            _inhibitor.Observe(alert);
        }
        return default;
    }

    public async ValueTask<Partial<IReadOnlyList<AlertView>>> AlertsAsync(AlertQuery query, CancellationToken cancellation)
    {
        ThrowIfTroubled();
        await Turn.WaitAsync(cancellation);
        var views = new List<AlertView>();
        foreach (var alert in _alerts.Values.Where(alert => IsShown(alert, query)))
        {
            string[] receivers = [.. Routes.Match(alert.Labels).Select(route => route.Options.Receiver)];
            if (receivers.Any(query.AdmitsReceiver))
                views.Add(new AlertView(alert, receivers, StatusOf(alert)));
        }
        return new(views, Missing);
    }

    public ValueTask<Partial<IReadOnlyList<GroupView>>> GroupsAsync(AlertQuery query, CancellationToken cancellation)
    {
        ThrowIfTroubled();
        var views = new List<GroupView>();
        foreach (var group in _groups.Groups)
        {
            var options = group.Route.Options;
            var muted = MutedBy(group);
            var alerts = group.Alerts.Where(alert => IsShown(alert, query)).Select(alert => new AlertView(alert, [options.Receiver], StatusOf(alert).Muted(muted))).ToArray();
            if (alerts.Length > 0 && query.AdmitsReceiver(options.Receiver) && (query.Muted || muted.Count == 0))
                views.Add(new GroupView(group.Route.Id, group.KeyText, options.Receiver, group.Labels, LabelSet.From(options.Labels), alerts));
        }
        return new(new Partial<IReadOnlyList<GroupView>>(views, Missing));
    }

    public ValueTask<IReadOnlyCollection<Silence>> SilencesAsync(CancellationToken cancellation) => new(Sound(Silences.All));

    public ValueTask<Silence?> SilenceAsync(string id, CancellationToken cancellation) => new(Sound(Silences.Get(id)));

    public ValueTask<SilenceDecision> SetSilenceAsync(SilenceProposal proposal, CancellationToken cancellation) =>
        new(Applied(Silences.DecideSet(proposal, _time.GetUtcNow(), $"00000000-0000-4000-8000-{++_lastId:d12}")));

    public ValueTask<SilenceDecision> EditAsync(SilenceProposal proposal, CancellationToken cancellation) => new(Applied(Silences.DecideEdit(proposal, _time.GetUtcNow())));

    public ValueTask<IReadOnlyList<Silence>> VersionsAsync(string id, CancellationToken cancellation) => new(Silences.Versions(id));

    public ValueTask<SilenceDecision> ExpireSilenceAsync(string id, CancellationToken cancellation) => new(Applied(Silences.DecideExpire(id, _time.GetUtcNow())));

    public ValueTask<bool> DeleteSilenceAsync(string id, CancellationToken cancellation) => new(Silences.Remove(id));

    public ValueTask<Partial<IReadOnlyList<Acknowledgement>>> ListAsync(CancellationToken cancellation) =>
        new(new Partial<IReadOnlyList<Acknowledgement>>([.. Acknowledged.All], Missing));

    public ValueTask<string?> AcknowledgeAsync(LabelSet labels, string owner, string comment, DateTimeOffset? until, CancellationToken cancellation)
    {
        var decision = AcknowledgementBook.Decide(_alerts.GetValueOrDefault(labels), owner, comment, _time.GetUtcNow(), until);
        if (decision.Store is { } store)
            Acknowledged.Apply(store);
        return new(decision.Error);
    }

    public ValueTask<bool> ReleaseAsync(LabelSet labels, CancellationToken cancellation) => new(Acknowledged.Release(labels));

    public ValueTask<IReadOnlyList<RecurringSilence>> RecurringAsync(CancellationToken cancellation) => new([.. Recurring.All]);

    public ValueTask<SilenceDecision> SetRecurringAsync(RecurringProposal proposal, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var (silence, refusal, error) = Recurring.Decide(proposal, MatcherSyntax.Fallback, now, $"00000000-0000-4000-8000-{++_lastId:d12}");
        if (silence is null)
            return new(new SilenceDecision("", [], refusal, error));
        Recurring.Apply(silence);
        return new(Applied(new SilenceDecision(silence.Id, Recurring.Plan(Silences, now))));
    }

    public ValueTask<bool> DeleteRecurringAsync(string id, CancellationToken cancellation)
    {
        var isKnown = Recurring.Remove(id);
        Applied(new SilenceDecision(id, Recurring.Plan(Silences, _time.GetUtcNow())));
        return new(isKnown);
    }

    public ValueTask<Partial<AlertFacts>> FactsAsync(LabelSet labels, CancellationToken cancellation)
    {
        var alert = _alerts.GetValueOrDefault(labels);
        var groups = _groups.Groups.Where(group => group.Alerts.Any(member => member.Labels.Equals(labels))).Select(group => new GroupFacts(
            group.Route.Id, group.KeyText, group.Route.Options.Receiver, group.Labels, group.Count, group.NextFlush, 0, MutedBy(group), []));
        return new(new Partial<AlertFacts>(new AlertFacts(alert, alert is null ? AlertStatus.Unprocessed : StatusOf(alert), [.. groups]) { Acknowledged = Acknowledged.Get(labels) }, Missing));
    }

    /// <summary>What happened, for the API to show.</summary>
    public List<AlertEvent> Events { get; } = [];

    public ValueTask<Partial<IReadOnlyList<AlertEvent>>> HistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        new(new Partial<IReadOnlyList<AlertEvent>>([.. Events.Where(query.Admits).TakeLast(query.Limit)], Missing));

    private static ReceiverSettings Receiver(string name, params string[] labels)
    {
        var all = new Dictionary<string, string> { ["name"] = name };
        for (var i = 0; i < labels.Length; i += 2)
            all[labels[i]] = labels[i + 1];
        return new ReceiverSettings(name, all, []);
    }

    private SilenceBook Silences => _register.Silences;

    private RecurringSilenceBook Recurring => _register.Recurring;

    private AcknowledgementBook Acknowledged => _register.Acknowledged;

    private SilenceDecision Applied(SilenceDecision decision)
    {
        ThrowIfTroubled();
        foreach (var silence in decision.Store)
            Silences.Apply(silence);
        return decision;
    }

    private T Sound<T>(T value)
    {
        ThrowIfTroubled();
        return value;
    }

    private void ThrowIfTroubled()
    {
        if (Trouble is { } trouble)
            throw new TimeoutException(trouble);
    }

    private bool IsShown(Alert alert, AlertQuery query) => !alert.IsResolved(_time.GetUtcNow()) && query.Admits(alert.Labels) && query.Admits(StatusOf(alert));

    private IReadOnlyList<string> MutedBy(AlertGroup group) =>
        _intervals.Muting(group.Route.Options.ActiveTimeIntervals, group.Route.Options.MuteTimeIntervals, _time.GetUtcNow());

    private AlertStatus StatusOf(Alert alert)
    {
        var now = _time.GetUtcNow();
        var inhibited = _inhibitor.Inhibiting(alert.Labels, now);
        return AlertStatus.Of(Silences.Silencing(alert.Labels, now), inhibited is null ? [] : [Fingerprint.TextOf(inhibited.Source)]);
    }
}
