using ActorMon.Model.Labels;
using ActorMon.Rules.Files;

namespace ActorMon.Rules.Groups;

/// <summary>Labels that rules set and series names that alerts are written under.</summary>
public static class RuleLabels
{
    public const string AlertName = "alertname";
    public const string AlertState = "alertstate";
    public const string AlertsMetric = "ALERTS";
    public const string ForStateMetric = "ALERTS_FOR_STATE";

    /// <summary>A rule's labels over those of its group.</summary>
    public static LabelSet Of(RuleGroupSection group, RuleSection rule)
    {
        var labels = new LabelSetBuilder();
        foreach (var (name, value) in group.Labels)
            labels.Set(name, value);
        foreach (var (name, value) in rule.Labels)
            labels.Set(name, value);
        return labels.Build();
    }

    /// <summary>Names and texts as a sorted set that holds empty texts, too: an annotation may be empty.</summary>
    public static LabelSet Texts(IReadOnlyDictionary<string, string> texts)
    {
        var sorted = new List<Label>(texts.Count);
        foreach (var (name, text) in texts)
            sorted.Add(new Label(name, text));
        sorted.Sort(static (a, b) => Model.Text.ByteText.Compare(a.Name, b.Name));
        return LabelSet.FromSortedUnchecked([.. sorted]);
    }
}
