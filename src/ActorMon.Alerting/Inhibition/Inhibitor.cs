using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Inhibition;

/// <summary>A rule that holds an alert back, and the source it does so for.</summary>
public sealed record InhibitedBy(InhibitRule Rule, LabelSet Source);

/// <summary>All inhibition rules; only those whose literal labels fit an alert are asked. Not thread-safe.</summary>
public sealed class Inhibitor
{
    private readonly InhibitionRuleState[] _rules;
    private readonly MatcherIndex<int> _bySource = new();
    private readonly MatcherIndex<int> _byTarget = new();
    private readonly HashSet<int> _found = [];

    public Inhibitor(IEnumerable<InhibitRule> rules)
    {
        _rules = [.. rules.Select(rule => new InhibitionRuleState(rule))];
        for (var i = 0; i < _rules.Length; i++)
        {
            _bySource.Add(i, [_rules[i].Rule.Source]);
            _byTarget.Add(i, [_rules[i].Rule.Target]);
        }
    }

    public void Observe(Alert alert)
    {
        foreach (var rule in Found(_bySource, alert.Labels))
            _rules[rule].Observe(alert);
    }

    public void Prune(DateTimeOffset now)
    {
        foreach (var rule in _rules)
            rule.Prune(now);
    }

    /// <summary>The first rule that holds an alert back, in the order of the configuration; null: none.</summary>
    public InhibitedBy? Inhibiting(LabelSet target, DateTimeOffset now)
    {
        InhibitedBy? first = null;
        var firstRule = int.MaxValue;
        foreach (var rule in Found(_byTarget, target))
            if (rule < firstRule && _rules[rule].Inhibitor(target, now) is { } source)
                (first, firstRule) = (new InhibitedBy(_rules[rule].Rule, source), rule);
        return first;
    }

    private HashSet<int> Found(MatcherIndex<int> index, LabelSet labels)
    {
        _found.Clear();
        index.Find(labels, _found);
        return _found;
    }
}
