using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Evaluation;

/// <summary>How the last evaluation of a rule ended.</summary>
public enum RuleHealth : byte
{
    Unknown,
    Ok,
    Err,
}

/// <summary>What a rule remembers between evaluations. Not thread-safe.</summary>
public sealed class RuleState
{
    internal RuleState(Rule rule)
    {
        var set = new LabelSetBuilder(rule.Labels);
        set.Set(rule is AlertingRule ? RuleLabels.AlertName : LabelNames.MetricName, rule.Name);
        Output = new OutputLabels(set.Build());
    }

    /// <summary>Of an alerting rule; empty for a recording rule.</summary>
    public AlertBook Alerts { get; internal set; } = new();

    /// <summary>Series written last.</summary>
    public SeriesTracker Series { get; internal set; } = new();

    /// <summary>False: states of the time before a restart were not looked for yet, so the series of alerts are not written: they would hide them.</summary>
    public bool Restored { get; set; }
    public RuleHealth Health { get; internal set; }

    /// <summary>Null when the last evaluation went well.</summary>
    public string? LastError { get; internal set; }
    public TimeSpan LastDuration { get; internal set; }
    public TimestampMs? LastEvaluation { get; internal set; }

    /// <summary>The greatest of its alerts' states, also of those of another time; unknown before the first evaluation.</summary>
    public AlertState State => LastEvaluation is null && Alerts.Count == 0 ? AlertState.Unknown : Alerts.State;

    internal OutputLabels Output { get; }

    /// <summary>Goes on with alerts of another time or node, and with the series they are written as: those end with their alerts.</summary>
    public void Resume(AlertBook alerts)
    {
        Alerts = alerts;
        Series.Begin();
        foreach (var entry in alerts.Entries)
        {
            if (!entry.Alert.IsActive)
                continue;
            Series.Track(entry.StateSeries);
            Series.Track(entry.ForStateSeries);
        }
        Series.Commit();
    }

    /// <summary>Goes on with alerts of another time; those that are active again in <paramref name="onto"/> keep their newer value and annotations.</summary>
    public void Resume(AlertBook alerts, AlertBook onto)
    {
        foreach (var entry in alerts.Entries)
        {
            var earlier = entry.Alert;
            if (onto.TryGet(earlier.Labels, out var now) && (!now.IsActive || !earlier.IsActive))
                continue;
            onto.Put(now is null ? earlier : earlier with { Value = now.Value, Annotations = now.Annotations, LastSentAt = now.LastSentAt, ValidUntil = now.ValidUntil });
        }
    }
}

/// <summary>What a group remembers between evaluations. Not thread-safe: it belongs to the one evaluator of its group.</summary>
public sealed class GroupState
{
    /// <param name="restore">States are looked for in storage before series of alerts are written; false for a new rule of a server that runs.</param>
    public GroupState(RuleGroup group, bool restore)
    {
        var rules = new RuleState[group.Rules.Count];
        for (var i = 0; i < rules.Length; i++)
            rules[i] = new RuleState(group.Rules[i]) { Restored = !restore };
        Rules = rules;
        NeedsRestore = restore;
    }

    /// <summary>Beside the group's rules.</summary>
    public IReadOnlyList<RuleState> Rules { get; }

    /// <summary>Series of rules that are no more; ended by the next evaluation.</summary>
    internal List<LabelSet> Orphans { get; } = [];

    /// <summary>Evaluations of this state.</summary>
    public long Evaluations { get; internal set; }

    /// <summary>The time evaluated at last.</summary>
    public TimestampMs? LastEvaluation { get; internal set; }

    /// <summary>True until states were restored or known not to be needed. It is done after the second evaluation: before, data and recorded series may not be there yet.</summary>
    public bool NeedsRestore { get; internal set; }

    /// <summary>
    /// Until then nothing is taken for over because it is not in a result: the evaluator, and perhaps the scrapers with it, were away, so silence says nothing. Null: as always.
    /// </summary>
    public TimestampMs? ListensUntil { get; set; }

    /// <summary>Now is the time to restore.</summary>
    public bool RestoreDue => NeedsRestore && Evaluations >= 2;

    /// <summary>State came from elsewhere (a journal, another node), so storage need not be asked.</summary>
    public void MarkRestored()
    {
        NeedsRestore = false;
        foreach (var rule in Rules)
            rule.Restored = true;
    }
}
