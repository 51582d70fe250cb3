using System.Globalization;
using ActorMon.Actors.Control;
using ActorMon.Actors.Rules;
using ActorMon.Api.Ports;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Facts;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Groups;

namespace ActorMon.Host.Cluster.Facts;

/// <summary>Rule groups and their alerts: a node's part, and all parts as one.</summary>
public static class RuleFacts
{
    public static RulesOfNode Of(RuleBoard board)
    {
        var told = new RulesOfNode();
        foreach (var group in board.Groups)
            told.Groups.Add(Row(group));
        return told;
    }

    /// <param name="configured">All groups, so that those between two evaluators are shown too, and each under its file here.</param>
    public static IReadOnlyList<KnownGroup> Merge(IReadOnlyList<RulesOfNode> nodes, IReadOnlyList<ConfiguredGroup> configured)
    {
        var newest = new Dictionary<string, GroupRow>(StringComparer.Ordinal);
        foreach (var row in nodes.SelectMany(node => node.Groups))
            // While a group moves, two nodes may tell of it.
            if (!newest.TryGetValue(row.Id.Text(), out var known) || known.LastEvaluation <= row.LastEvaluation)
                newest[row.Id.Text()] = row;
        return
        [
            .. configured.Select(group => newest.TryGetValue(group.Id, out var row) ? Group(row, group) : Silent(group)).OrderBy(g => g.File, StringComparer.Ordinal).ThenBy(g => g.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Names groups between two evaluators: that none of their alerts is shown does not mean that there are none. Null: each has its evaluator.</summary>
    public static string? Unevaluated(IReadOnlyList<RulesOfNode> nodes, IReadOnlyList<ConfiguredGroup> configured)
    {
        var known = nodes.SelectMany(node => node.Groups).Select(row => row.Id.Text()).ToHashSet(StringComparer.Ordinal);
        var silent = configured.Where(group => !known.Contains(group.Id)).ToList();
        return silent.Count == 0 ? null : string.Create(
            CultureInfo.InvariantCulture, $"{silent.Count} of {configured.Count} rule groups have no evaluator at the moment, so their alerts are not shown: {string.Join(", ", silent.Take(5).Select(g => g.Group.Key))}");
    }

    public static HistoryOfNode HistoryOf(RuleBoard board, HistoryQuestion question)
    {
        var told = new HistoryOfNode();
        foreach (var group in board.Groups)
            foreach (var (change, rule, node) in group.History.Between(new TimestampMs(question.From), new TimestampMs(question.To)))
                told.Transitions.Add(new TransitionRow
                {
                    File = FactTexts.Bytes(group.Group.File),
                    Group = FactTexts.Bytes(group.Group.Name),
                    Rule = FactTexts.Bytes(rule),
                    Change = (int)change.Change,
                    Labels = change.Labels.ToWire(),
                    Annotations = change.Annotations.ToWire(),
                    Value = change.Value,
                    ActiveAt = change.ActiveAt.Value,
                    At = change.At.Value,
                    Node = FactTexts.Bytes(node),
                });
        return told;
    }

    /// <summary>Oldest first; those of one evaluation in their order.</summary>
    public static IReadOnlyList<PastTransition> Merge(IReadOnlyList<HistoryOfNode> nodes) =>
    [
        .. nodes.SelectMany(node => node.Transitions).OrderBy(row => row.At).Select(row => new PastTransition(
            row.File.Text(), row.Group.Text(), row.Rule.Text(), (AlertChange)row.Change, row.Labels.FromWire(), row.Annotations.FromWire(), row.Value, Time(row.ActiveAt), Time(row.At),
            row.Node.Text())),
    ];

    private static GroupRow Row(GroupStatus status)
    {
        var row = new GroupRow
        {
            Id = FactTexts.Bytes(status.Id),
            File = FactTexts.Bytes(status.Group.File),
            Name = FactTexts.Bytes(status.Group.Name),
            Interval = status.Group.Interval.Ticks,
            Limit = status.Group.Limit,
            EvaluationTime = status.LastDuration.Ticks,
        };
        if (status.LastEvaluation is { } last)
            row.LastEvaluation = last.Value;
        foreach (var rule in status.Rules)
            row.Rules.Add(Row(rule));
        return row;
    }

    private static RuleRow Row(RuleStatus status)
    {
        var alerting = status.Rule as AlertingRule;
        var row = new RuleRow
        {
            Alerting = alerting is not null,
            Name = FactTexts.Bytes(status.Rule.Name),
            Query = FactTexts.Bytes(status.Rule.ExpressionText),
            Labels = status.Rule.Labels.ToWire(),
            State = (int)status.State,
            Health = (int)status.Health,
            EvaluationTime = status.LastDuration.Ticks,
        };
        if (alerting is not null)
            (row.Annotations, row.Hold, row.KeepFiringFor) = (alerting.Annotations.ToWire(), alerting.For.Ticks, alerting.KeepFiringFor.Ticks);
        if (status.LastError is { } error)
            row.LastError = FactTexts.Bytes(error);
        if (status.LastEvaluation is { } last)
            row.LastEvaluation = last.Value;
        foreach (var alert in status.Alerts)
            if (alert.IsActive)
                row.Alerts.Add(Row(alert));
        return row;
    }

    private static AlertRow Row(Alert alert)
    {
        var row = new AlertRow
        {
            Labels = alert.Labels.ToWire(),
            Annotations = alert.Annotations.ToWire(),
            State = (int)alert.State,
            ActiveAt = alert.ActiveAt.Value,
            Value = alert.Value,
        };
        if (alert.KeepFiringSince is { } kept)
            row.KeepFiringSince = kept.Value;
        return row;
    }

    private static KnownGroup Group(GroupRow row, ConfiguredGroup configured) => new(
        configured.Id, configured.Group.File, row.Name.Text(), TimeSpan.FromTicks(row.Interval), row.Limit, [.. row.Rules.Select(Rule)])
    {
        EvaluationTime = TimeSpan.FromTicks(row.EvaluationTime),
        LastEvaluation = row.HasLastEvaluation ? Time(row.LastEvaluation) : null,
    };

    private static KnownRule Rule(RuleRow row) => new(
        row.Alerting, row.Name.Text(), row.Query.Text(), row.Labels.FromWire(), row.Annotations.FromWire(), TimeSpan.FromTicks(row.Hold), TimeSpan.FromTicks(row.KeepFiringFor))
    {
        State = (AlertState)row.State,
        Health = (RuleHealth)row.Health,
        LastError = row.HasLastError ? row.LastError.Text() : null,
        EvaluationTime = TimeSpan.FromTicks(row.EvaluationTime),
        LastEvaluation = row.HasLastEvaluation ? Time(row.LastEvaluation) : null,
        Alerts =
        [
            .. row.Alerts.Select(a => new ActiveAlert(
                a.Labels.FromWire(), a.Annotations.FromWire(), (AlertState)a.State, Time(a.ActiveAt), a.HasKeepFiringSince ? Time(a.KeepFiringSince) : null, a.Value)),
        ],
    };

    /// <summary>Nobody evaluates it at the moment.</summary>
    private static KnownGroup Silent(ConfiguredGroup configured) => new(
        configured.Id, configured.Group.File, configured.Group.Name, configured.Group.Interval, configured.Group.Limit,
        [
            .. configured.Group.Rules.Select(rule => rule is AlertingRule alerting
                ? new KnownRule(true, rule.Name, rule.ExpressionText, rule.Labels, alerting.Annotations, alerting.For, alerting.KeepFiringFor)
                : new KnownRule(false, rule.Name, rule.ExpressionText, rule.Labels, Model.Labels.LabelSet.Empty, TimeSpan.Zero, TimeSpan.Zero)),
        ]);

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
