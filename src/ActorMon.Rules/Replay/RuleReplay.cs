using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Groups;
using ActorMon.Rules.UnitTests;

namespace ActorMon.Rules.Replay;

/// <summary>An alert as it would have been.</summary>
/// <param name="Labels">With alertname.</param>
/// <param name="ActiveAt">Since when its condition held.</param>
/// <param name="FiredAt">Null: it never fired.</param>
/// <param name="EndedAt">When it was resolved, or its condition ended before it fired; null: not within the stretch.</param>
public sealed record ReplayedAlert(string Rule, LabelSet Labels, LabelSet Annotations, TimestampMs ActiveAt, TimestampMs? FiredAt, TimestampMs? EndedAt);

/// <summary>What a group's rules would have done.</summary>
/// <param name="Alerts">By the time they became active.</param>
/// <param name="Errors">Each text of an error once, with the rule's name.</param>
/// <param name="Evaluations">Evaluations of the group.</param>
/// <param name="Series">What the rules would have written.</param>
public sealed record GroupReplay(RuleGroup Group, IReadOnlyList<ReplayedAlert> Alerts, IReadOnlyList<string> Errors, long Evaluations, MemoryStore Series);

/// <summary>
/// What would these rules have done over a stretch of the past: their group is evaluated at the times it would have run. Rules read what is stored, not what the rules
/// before them would have written.
/// </summary>
public static class RuleReplay
{
    public static async Task<GroupReplay> RunAsync(
        RuleGroup group, RuleSettings settings, IRangeQueries source, TimestampMs start, TimestampMs end, CancellationToken cancellation)
    {
        var series = new MemoryStore();
        var offset = group.QueryOffset ?? settings.QueryOffset;
        var queries = new RangeRuleQueries(source, end - offset, group.Interval);
        var state = new GroupState(group, restore: false);
        var evaluator = new GroupEvaluator(group, state, settings, queries, series);
        var alerts = new List<ReplayedAlert>();
        var open = new Dictionary<(int Rule, LabelSet Labels), int>();
        var errors = new SortedSet<string>(StringComparer.Ordinal);
        var schedule = new GroupSchedule(group);
        for (var at = schedule.Next(start - TimeSpan.FromMilliseconds(1)); at <= end; at += group.Interval)
        {
            queries.Now = at - offset;
            foreach (var change in (await evaluator.EvaluateAsync(at, cancellation).ConfigureAwait(false)).Events)
                Note(group.Rules[change.Rule].Name, change, alerts, open);
            for (var i = 0; i < state.Rules.Count; i++)
                if (state.Rules[i].LastError is { } error)
                    errors.Add($"{group.Rules[i].Name}: {error}");
        }
        return new GroupReplay(group, alerts, [.. errors], state.Evaluations, series);
    }

    private static void Note(string rule, RuleEvent change, List<ReplayedAlert> alerts, Dictionary<(int, LabelSet), int> open)
    {
        var what = change.Event;
        switch (what.Change)
        {
            case AlertChange.Pending:
                open[(change.Rule, what.Labels)] = alerts.Count;
                alerts.Add(new ReplayedAlert(rule, what.Labels, what.Annotations, what.ActiveAt, null, null));
                break;
            case AlertChange.Firing when open.TryGetValue((change.Rule, what.Labels), out var firing):
                alerts[firing] = alerts[firing] with { FiredAt = what.At, Annotations = what.Annotations };
                break;
            case AlertChange.Resolved or AlertChange.Withdrawn when open.Remove((change.Rule, what.Labels), out var ended):
                alerts[ended] = alerts[ended] with { EndedAt = what.At };
                break;
            case AlertChange.Cleared:
                foreach (var (key, place) in open)
                    if (key.Item1 == change.Rule && open.Remove(key))
                        alerts[place] = alerts[place] with { EndedAt = what.At };
                break;
        }
    }
}
