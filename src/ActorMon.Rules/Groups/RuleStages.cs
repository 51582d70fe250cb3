using ActorMon.Model.Labels;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;

namespace ActorMon.Rules.Groups;

/// <summary>
/// Which rules of a group may be evaluated at one time without any of them seeing other data than it would one after the other: a rule comes after the rules before
/// it whose series it reads, and no earlier than the rules before it that read its series (those want the values of the last time).
/// Within a stage all queries are asked before anything is written.
/// </summary>
public sealed class RuleStages
{
    private readonly int[][] _stages;

    private RuleStages(int[][] stages, IReadOnlyList<int>[] dependencies)
    {
        _stages = stages;
        Dependencies = dependencies;
    }

    /// <summary>Stages in order; each lists rules by index, ascending.</summary>
    public IReadOnlyList<int[]> Concurrent => _stages;

    /// <summary>For each rule the rules before it whose series it reads.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Dependencies { get; }

    public static RuleStages Of(IReadOnlyList<Rule> rules)
    {
        var reads = new IReadOnlyList<VectorSelector>[rules.Count];
        var dependencies = new IReadOnlyList<int>[rules.Count];
        var stageOf = new int[rules.Count];
        var last = -1;
        for (var i = 0; i < rules.Count; i++)
        {
            reads[i] = SelectorExtraction.Of(rules[i].Expression);
            var own = new List<int>();
            var stage = 0;
            for (var j = 0; j < i; j++)
            {
                if (Reads(reads[i], rules[j]))
                {
                    own.Add(j);
                    stage = Math.Max(stage, stageOf[j] + 1);
                }
                else if (Reads(reads[j], rules[i]) || rules[j].Name == rules[i].Name)
                {
                    stage = Math.Max(stage, stageOf[j]);
                }
            }
            dependencies[i] = own;
            stageOf[i] = stage;
            last = Math.Max(last, stage);
        }
        var stages = new int[last + 1][];
        for (var s = 0; s <= last; s++)
        {
            var members = new List<int>();
            for (var i = 0; i < rules.Count; i++)
                if (stageOf[i] == s)
                    members.Add(i);
            stages[s] = [.. members];
        }
        return new RuleStages(stages, dependencies);
    }

    private static bool Reads(IReadOnlyList<VectorSelector> selectors, Rule rule)
    {
        foreach (var selector in selectors)
            if (Reads(selector, rule))
                return true;
        return false;
    }

    private static bool Reads(VectorSelector selector, Rule rule)
    {
        // A selector without a name may read anything.
        if (rule is RecordingRule)
            return MayHave(selector, LabelNames.MetricName, rule.Name);
        return (MayHave(selector, LabelNames.MetricName, RuleLabels.AlertsMetric) || MayHave(selector, LabelNames.MetricName, RuleLabels.ForStateMetric))
            && MayHave(selector, RuleLabels.AlertName, rule.Name);
    }

    private static bool MayHave(VectorSelector selector, string label, string value)
    {
        foreach (var matcher in selector.Matchers)
            if (matcher.Name == label && !matcher.Matches(value))
                return false;
        return true;
    }
}
