using ActorMon.Model.Labels;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;
using ActorMon.Rules.Templating;

namespace ActorMon.Rules.Groups;

/// <summary>
/// Which rules of a group may be evaluated at one time without any of them seeing other data than it would one after the other: a rule comes after the rules before
/// it whose series it reads, and no earlier than the rules before it that read its series (those want the values of the last time).
/// Within a batch all queries are asked before anything is written.
/// </summary>
public sealed class RuleStages
{
    /// <summary>So many rules at most are asked at once: what they select is held until all of them have their results.</summary>
    public const int MostAtOnce = 64;

    private RuleStages(IReadOnlyList<int[]> batches) => Batches = batches;

    /// <summary>In order; each lists rules by index, ascending.</summary>
    public IReadOnlyList<int[]> Batches { get; }

    public static RuleStages Of(IReadOnlyList<Rule> rules)
    {
        var reads = new IReadOnlyList<VectorSelector>[rules.Count];
        var asks = new bool[rules.Count];
        var stageOf = new int[rules.Count];
        var last = -1;
        for (var i = 0; i < rules.Count; i++)
        {
            reads[i] = SelectorExtraction.Of(rules[i].Expression);
            asks[i] = AsksInTemplates(rules[i]);
            var stage = 0;
            for (var j = 0; j < i; j++)
            {
                if (asks[i] || Reads(reads[i], rules[j]))
                    stage = Math.Max(stage, stageOf[j] + 1);
                else if (asks[j] || Reads(reads[j], rules[i]) || rules[j].Name == rules[i].Name)
                    stage = Math.Max(stage, stageOf[j]);
            }
            stageOf[i] = stage;
            last = Math.Max(last, stage);
        }
        var batches = new List<int[]>();
        for (var s = 0; s <= last; s++)
        {
            var members = new List<int>();
            for (var i = 0; i < rules.Count; i++)
                if (stageOf[i] == s)
                    members.Add(i);
            batches.AddRange(members.Chunk(MostAtOnce));
        }
        return new RuleStages(batches);
    }

    /// <summary>Its templates may run queries, whose text is known only then: it may read anything.</summary>
    private static bool AsksInTemplates(Rule rule) => rule is AlertingRule alerting && (Ask(alerting.LabelTexts) || Ask(alerting.AnnotationTexts));

    private static bool Ask(TemplatedText[] texts) => Array.Exists(texts, static text => !text.IsPlain && text.Source.Contains("query", StringComparison.Ordinal));

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
