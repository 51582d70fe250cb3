using System.Collections.Concurrent;
using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Groups;
using ActorMon.Rules.Memory;

namespace ActorMon.Actors.Rules;

/// <summary>A rule after its last evaluation.</summary>
public sealed record RuleStatus(
    Rule Rule, AlertState State, RuleHealth Health, string? LastError, TimeSpan LastDuration, TimestampMs? LastEvaluation, IReadOnlyList<Alert> Alerts);

/// <summary>A group after its last evaluation.</summary>
/// <param name="LastEvaluation">The time evaluated at; null: not yet.</param>
public sealed record GroupStatus(
    string Id, RuleGroup Group, TimestampMs? LastEvaluation, TimeSpan LastDuration, IReadOnlyList<RuleStatus> Rules, AlertHistory History, string? JournalError);

/// <summary>What this node knows of the rule groups that it evaluates, for the API and the metrics. Each entry has one writer, its group's actor; readers see whole entries.</summary>
public sealed class RuleBoard
{
    private readonly ConcurrentDictionary<string, GroupStatus> _groups = new(StringComparer.Ordinal);

    public ICollection<GroupStatus> Groups => _groups.Values;

    public void Report(GroupStatus status) => _groups[status.Id] = status;

    public void Remove(string id) => _groups.TryRemove(id, out _);

    /// <summary>A group as its state stands now.</summary>
    public static GroupStatus StatusOf(string id, RuleGroup group, GroupState state, TimeSpan duration, AlertHistory history, string? journalError)
    {
        var rules = new RuleStatus[group.Rules.Count];
        for (var i = 0; i < rules.Length; i++)
        {
            var rule = state.Rules[i];
            rules[i] = new RuleStatus(group.Rules[i], rule.State, rule.Health, rule.LastError, rule.LastDuration, rule.LastEvaluation, rule.Alerts.Count == 0 ? [] : rule.Alerts.Snapshot());
        }
        return new GroupStatus(id, group, state.LastEvaluation, duration, rules, history, journalError);
    }
}
