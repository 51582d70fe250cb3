using System.Globalization;
using ActorMon.Actors.Alerting;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Facts;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.History;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Times;
using ActorMon.Alerting.Views;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster.Facts;
using ActorMon.Host.Configuration;
using ActorMon.Host.Node;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Protocol.Facts;
using Akka.Actor;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Host.Ports;

/// <summary>The API's way to the built-in Alertmanager: alerts through this node's router, groups from the shards of all nodes, silences from this node's view and through their owner.</summary>
public sealed class AlertmanagerPort : IAlertmanager
{
    private const string Settling = "results may be wrong: not every node knows all silences and inhibitions yet; alerts that are held back may be shown as active";
    private static readonly TimeSpan RoutePatience = TimeSpan.FromSeconds(15);

    private readonly AlertingRuntime _runtime;
    private readonly ConfigurationService _configuration;
    private readonly Func<ActorNode> _actors;
    private readonly SilenceOwner _silences;
    private readonly MapView _cluster;
    private readonly DateTimeOffset _startedAt;
    private readonly FactTopic<AlertGroupsQuestion, AlertGroupsOfNode> _groups;
    private readonly FactTopic<AlertEventsQuestion, AlertEventsOfNode> _events;

    public AlertmanagerPort(
        AlertingRuntime runtime, ConfigurationService configuration, Func<ActorNode> actors, SilenceOwner silences, ClusterFacts facts, MapView cluster, DateTimeOffset startedAt)
    {
        (_runtime, _configuration, _actors, _silences, _cluster, _startedAt) = (runtime, configuration, actors, silences, cluster, startedAt);
        _groups = facts.Add<AlertGroupsQuestion, AlertGroupsOfNode>("alert-groups", (question, cancellation) => AlertGroupFacts.HereAsync(runtime, question, cancellation));
        _events = facts.Add<AlertEventsQuestion, AlertEventsOfNode>("alertmanager-history", (question, _) => ValueTask.FromResult(AlertEventFacts.Of(runtime.Trail, question)));
    }

    public bool IsOn => _configuration.Alertmanager is not null;

    public AlertmanagerSetup Setup => _configuration.Alertmanager ?? throw new TimeoutException("the built-in Alertmanager has just been switched off");

    public ValueTask<AlertmanagerStatus> StatusAsync(CancellationToken cancellation)
    {
        var nodes = _cluster.Current?.Nodes.Values.Where(n => n.IsUp) ?? [];
        var readiness = _runtime.Views.IsWhole && _runtime.MayNotify() ? ClusterReadiness.Ready : ClusterReadiness.Settling;
        return new(new AlertmanagerStatus(
            _cluster.Self.Node.ToString(), readiness, [.. nodes.Select(n => new AlertmanagerPeer(n.Id.ToString(), n.Address[(n.Address.LastIndexOf('@') + 1)..]))], _startedAt));
    }

    public async ValueTask PostAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
    {
        try
        {
            if ((await _actors().Alerting.Router.Ask<AlertRouterActor.Routed>(new AlertRouterActor.Route(alerts), RoutePatience, cancellation)).Error is { } error)
                throw new TimeoutException(error);
        }
        catch (AskTimeoutException)
        {
            throw new TimeoutException($"the shards of the alerts have not answered within {RoutePatience.TotalSeconds:0} s");
        }
    }

    public async ValueTask<Partial<IReadOnlyList<AlertView>>> AlertsAsync(AlertQuery query, CancellationToken cancellation)
    {
        var setup = Setup;
        var (groups, missing) = await AskAsync(AlertGroupFacts.Question(query.Filter), cancellation);
        var newest = new Dictionary<LabelSet, (Alert Alert, AlertStatus Status)>();
        foreach (var row in groups.SelectMany(group => group.Alerts))
        {
            // One that lies in several groups is told of by each of their shards.
            var alert = AlertGroupFacts.AlertOf(row);
            if (!newest.TryGetValue(alert.Labels, out var known) || known.Alert.UpdatedAt < alert.UpdatedAt)
                newest[alert.Labels] = (alert, StatusOf(row));
        }
        var views = new List<AlertView>(newest.Count);
        foreach (var (labels, (alert, status)) in newest)
        {
            string[] receivers = [.. setup.Routes.Match(labels).Select(route => route.Options.Receiver)];
            if (query.Admits(status) && receivers.Any(query.AdmitsReceiver))
                views.Add(new AlertView(alert, receivers, status));
        }
        return new(views, missing);
    }

    public async ValueTask<Partial<IReadOnlyList<GroupView>>> GroupsAsync(AlertQuery query, CancellationToken cancellation)
    {
        var (groups, missing) = await AskAsync(AlertGroupFacts.Question(query.Filter), cancellation);
        var views = new List<GroupView>();
        foreach (var (group, route) in Routed(groups))
        {
            var options = route.Options;
            var muted = MutedBy(route);
            if (!query.AdmitsReceiver(options.Receiver) || (!query.Muted && muted.Count > 0))
                continue;
            var alerts = group.Alerts.Where(row => query.Admits(StatusOf(row)))
                .Select(row => new AlertView(AlertGroupFacts.AlertOf(row), [options.Receiver], StatusOf(row).Muted(muted))).ToArray();
            var labels = group.Labels.FromWire();
            if (alerts.Length > 0)
                views.Add(new GroupView(route.Id, GroupKey.TextOf(route, labels), options.Receiver, labels, LabelSet.From(options.Labels), alerts));
        }
        return new(views, missing);
    }

    public async ValueTask<IReadOnlyCollection<Silence>> SilencesAsync(CancellationToken cancellation)
    {
        await _silences.KnowAsync(cancellation);
        return _runtime.Views.Ask<IReadOnlyCollection<Silence>>((_, silences) => [.. silences.All]);
    }

    public async ValueTask<Silence?> SilenceAsync(string id, CancellationToken cancellation)
    {
        await _silences.KnowAsync(cancellation);
        return _runtime.Views.Ask((_, silences) => silences.Get(id));
    }

    public ValueTask<SilenceDecision> SetSilenceAsync(SilenceProposal proposal, CancellationToken cancellation) => _silences.ChangeAsync(SilenceAction.Set, proposal, cancellation);

    public ValueTask<SilenceDecision> ExpireSilenceAsync(string id, CancellationToken cancellation) => _silences.ChangeAsync(SilenceAction.Expire, SilenceOwner.Named(id), cancellation);

    public async ValueTask<bool> DeleteSilenceAsync(string id, CancellationToken cancellation) =>
        (await _silences.ChangeAsync(SilenceAction.Delete, SilenceOwner.Named(id), cancellation)).Refusal == SilenceRefusal.None;

    public async ValueTask<Partial<AlertFacts>> FactsAsync(LabelSet labels, CancellationToken cancellation)
    {
        var (groups, missing) = await AskAsync(AlertGroupFacts.Question(MatcherSet.Empty, labels), cancellation);
        Alert? alert = null;
        var status = AlertStatus.Unprocessed;
        var facts = new List<GroupFacts>();
        foreach (var (group, route) in Routed(groups))
        {
            foreach (var row in group.Alerts)
                if (AlertGroupFacts.AlertOf(row) is var held && (alert is null || alert.UpdatedAt < held.UpdatedAt))
                    (alert, status) = (held, StatusOf(row));
            var of = group.Labels.FromWire();
            facts.Add(new GroupFacts(
                route.Id, GroupKey.TextOf(route, of), route.Options.Receiver, of, group.Count, group.HasNextFlush ? AlertGroupFacts.Time(group.NextFlush) : null,
                group.Flushes, MutedBy(route), [.. group.Told.Select(Told)]));
        }
        return new(new AlertFacts(alert, status, facts) { Acknowledged = _runtime.Views.AskRegister((_, register) => register.Acknowledged.Get(labels)) }, missing);
    }

    public async ValueTask<Partial<IReadOnlyList<AlertEvent>>> HistoryAsync(HistoryQuery query, CancellationToken cancellation)
    {
        var (nodes, missing) = await _events.AskAsync(AlertEventFacts.Question(query), cancellation);
        return new(AlertEventFacts.Merge(nodes, query.Limit), missing);
    }

    private async Task<(List<AlertGroupRow> Groups, IReadOnlyList<string> Missing)> AskAsync(AlertGroupsQuestion question, CancellationToken cancellation)
    {
        var (nodes, warnings) = await _groups.AskAsync(question, cancellation);
        if (nodes.Any(node => node.Settling))
            warnings = [.. warnings, Settling];
        var silent = Enumerable.Range(0, _runtime.Shards).Except(nodes.SelectMany(node => node.Shards)).ToArray();
        return ([.. nodes.SelectMany(node => node.Groups)], silent.Length == 0
            ? warnings
            : [.. warnings, $"results are incomplete: nobody answers for shards {string.Join(", ", silent.Select(s => s.ToString(CultureInfo.InvariantCulture)))} of the Alertmanager"]);
    }

    /// <summary>Groups whose route is one of the configuration here; those of another version are between two owners.</summary>
    private IEnumerable<(AlertGroupRow Group, Route Route)> Routed(IEnumerable<AlertGroupRow> groups)
    {
        var routes = Setup.Routes.Walk().ToDictionary(route => route.Id, StringComparer.Ordinal);
        foreach (var group in groups)
            if (routes.TryGetValue(group.Route.Text(), out var route))
                yield return (group, route);
    }

    private IReadOnlyList<string> MutedBy(Route route) =>
        new TimeIntervals(Setup.Config.TimeIntervals).Muting(route.Options.ActiveTimeIntervals, route.Options.MuteTimeIntervals, _runtime.Time.GetUtcNow());

    private static AlertStatus StatusOf(GroupAlertRow row) => AlertStatus.Of([.. row.SilencedBy.Select(id => id.Text())], [.. row.InhibitedBy.Select(id => id.Text())]);

    private static IntegrationFacts Told(ToldRow row) => new(
        FormattableString.Invariant($"{row.Type.Text()}[{row.Index}]"),
        row.HasAt ? new NotificationLogEntry(AlertGroupFacts.Time(row.At), row.Firing.ToHashSet(), row.Resolved.ToHashSet()) : null, "", null);
}
