using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.History;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Views;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;

namespace ActorMon.Api.Ports;

/// <summary>The configuration of the Alertmanager in effect on this node; it is replaced as a whole.</summary>
/// <param name="Text">As it is shown, secrets hidden.</param>
public sealed record AlertmanagerSetup(AlertingConfig Config, RoutingTree Routes, string Text, MatcherSyntax Syntax);

/// <summary>
/// The Alertmanager of the whole cluster as any node sees it. An answer that lacks what a node out of reach holds says so in its warnings; a change that cannot be
/// made now throws <see cref="TimeoutException"/> with a text for the caller.
/// </summary>
public interface IAlertmanager
{
    /// <summary>False: no configuration of one is in effect; nothing else may be asked.</summary>
    bool IsOn { get; }

    AlertmanagerSetup Setup { get; }

    ValueTask<AlertmanagerStatus> StatusAsync(CancellationToken cancellation);

    /// <summary>Takes alerts that <see cref="AlertIntake"/> made; done when those responsible have them.</summary>
    ValueTask PostAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation);

    /// <summary>Unresolved alerts of all shards, in any order.</summary>
    ValueTask<Partial<IReadOnlyList<AlertView>>> AlertsAsync(AlertQuery query, CancellationToken cancellation);

    /// <summary>Groups with at least one alert that was asked for, in any order; each alert names the receiver of its group alone.</summary>
    ValueTask<Partial<IReadOnlyList<GroupView>>> GroupsAsync(AlertQuery query, CancellationToken cancellation);

    /// <summary>All silences that are kept, in any order.</summary>
    ValueTask<IReadOnlyCollection<Silence>> SilencesAsync(CancellationToken cancellation);

    /// <summary>Null: there is none of this id.</summary>
    ValueTask<Silence?> SilenceAsync(string id, CancellationToken cancellation);

    /// <summary>Creates or changes a silence; done when it is stored.</summary>
    ValueTask<SilenceDecision> SetSilenceAsync(SilenceProposal proposal, CancellationToken cancellation);

    /// <summary>Ends a silence now; one that ended stays as it is.</summary>
    ValueTask<SilenceDecision> ExpireSilenceAsync(string id, CancellationToken cancellation);

    /// <summary>Forgets a silence, whatever its state. False: there is none of this id.</summary>
    ValueTask<bool> DeleteSilenceAsync(string id, CancellationToken cancellation);

    /// <summary>What is known of the alert of exactly these labels.</summary>
    ValueTask<Partial<AlertFacts>> FactsAsync(LabelSet labels, CancellationToken cancellation);

    /// <summary>Events oldest first.</summary>
    ValueTask<Partial<IReadOnlyList<AlertEvent>>> HistoryAsync(HistoryQuery query, CancellationToken cancellation);
}
