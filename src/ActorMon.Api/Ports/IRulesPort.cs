using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;

namespace ActorMon.Api.Ports;

/// <summary>An alert that is pending or firing.</summary>
public sealed record ActiveAlert(LabelSet Labels, LabelSet Annotations, AlertState State, DateTimeOffset ActiveAt, DateTimeOffset? KeepFiringSince, double Value);

/// <summary>A rule as the rules API shows it.</summary>
/// <param name="Labels">As configured, templates unexpanded.</param>
public sealed record KnownRule(bool IsAlerting, string Name, string Query, LabelSet Labels, LabelSet Annotations, TimeSpan For, TimeSpan KeepFiringFor)
{
    public AlertState State { get; init; } = AlertState.Unknown;
    public RuleHealth Health { get; init; }

    /// <summary>Null when the last evaluation went well.</summary>
    public string? LastError { get; init; }
    public TimeSpan EvaluationTime { get; init; }

    /// <summary>Null: not yet evaluated.</summary>
    public DateTimeOffset? LastEvaluation { get; init; }

    public IReadOnlyList<ActiveAlert> Alerts { get; init; } = [];
}

/// <summary>A rule group as the rules API shows it.</summary>
/// <param name="Id">The same on every node.</param>
public sealed record KnownGroup(string Id, string File, string Name, TimeSpan Interval, long Limit, IReadOnlyList<KnownRule> Rules)
{
    public TimeSpan EvaluationTime { get; init; }
    public DateTimeOffset? LastEvaluation { get; init; }
}

/// <summary>A transition of an alert.</summary>
/// <param name="Evaluation">Time of the evaluation that decided it.</param>
/// <param name="Node">Who evaluated.</param>
public sealed record PastTransition(
    string File, string Group, string Rule, AlertChange Change, LabelSet Labels, LabelSet Annotations, double Value, DateTimeOffset ActiveAt, DateTimeOffset Evaluation, string Node);

/// <summary>What is known of rules and alerts; each group is evaluated by one node.</summary>
public interface IRulesPort
{
    /// <summary>All groups of the configuration, by file and name.</summary>
    ValueTask<Partial<IReadOnlyList<KnownGroup>>> GroupsAsync(CancellationToken cancellation);

    /// <summary>Transitions of a stretch of time, both ends included, oldest first.</summary>
    ValueTask<Partial<IReadOnlyList<PastTransition>>> HistoryAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation);
}
