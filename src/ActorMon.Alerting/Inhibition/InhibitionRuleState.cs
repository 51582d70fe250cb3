using ActorMon.Alerting.Alerts;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Inhibition;

/// <summary>
/// One rule and the source alerts it knows, filed by their values of the equal labels, so that asking costs the same whatever their number. Not thread-safe: one
/// owner, such as one actor a rule.
/// </summary>
public sealed class InhibitionRuleState(InhibitRule rule)
{
    private readonly string[] _equal = [.. rule.Equal];
    private readonly Dictionary<LabelSet, Dictionary<LabelSet, Source>> _sources = [];

    public InhibitRule Rule { get; } = rule;

    /// <summary>Source alerts known, the ended ones that were not yet pruned too.</summary>
    public int SourceCount { get; private set; }

    /// <summary>An alert came or changed; those that do not match the source are passed over.</summary>
    public void Observe(Alert alert)
    {
        if (!Rule.Source.Matches(alert.Labels))
            return;
        var key = alert.Labels.Keep(_equal);
        if (!_sources.TryGetValue(key, out var sources))
            _sources[key] = sources = [];
        if (!sources.ContainsKey(alert.Labels))
            SourceCount++;
        sources[alert.Labels] = new Source(alert.EndsAt, Rule.Target.Matches(alert.Labels));
    }

    /// <summary>Forgets sources that ended; the others stay.</summary>
    public void Prune(DateTimeOffset now)
    {
        foreach (var (key, sources) in _sources)
        {
            foreach (var (labels, source) in sources)
                if (!source.IsActive(now) && sources.Remove(labels))
                    SourceCount--;
            if (sources.Count == 0)
                _sources.Remove(key);
        }
    }

    /// <summary>
    /// The labels of a firing source that holds an alert back, or null. An alert that matches both sides is not held back by a source that matches both as well.
    /// </summary>
    public LabelSet? Inhibitor(LabelSet target, DateTimeOffset now)
    {
        if (!Rule.Target.Matches(target))
            return null;
        return ActiveSource(target, withoutTargets: Rule.Source.Matches(target), now);
    }

    /// <summary>True when a firing source has the equal labels of <paramref name="target"/>, whatever else matches.</summary>
    internal bool HasActiveSource(LabelSet target, DateTimeOffset now) => ActiveSource(target, withoutTargets: false, now) is not null;

    private LabelSet? ActiveSource(LabelSet target, bool withoutTargets, DateTimeOffset now)
    {
        if (!_sources.TryGetValue(target.Keep(_equal), out var sources))
            return null;
        foreach (var (labels, source) in sources)
            if (source.IsActive(now) && !(withoutTargets && source.IsTarget))
                return labels;
        return null;
    }

    private readonly record struct Source(DateTimeOffset? EndsAt, bool IsTarget)
    {
        public bool IsActive(DateTimeOffset now) => EndsAt is not { } end || end > now;
    }
}
