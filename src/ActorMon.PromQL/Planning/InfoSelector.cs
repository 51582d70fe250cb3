using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;

namespace ActorMon.PromQL.Planning;

/// <summary>What info() looks for: which info metrics, and which of their labels to add (none named: all).</summary>
internal sealed class InfoSelector
{
    private const string DefaultMetric = "target_info";

    public InfoSelector(IReadOnlyList<Matcher>? matchers)
    {
        var names = (matchers ?? [Matcher.MetricNamed(DefaultMetric)]).Where(m => m.Name == LabelNames.MetricName).ToList();
        NameMatchers = EffectiveNames(names);
        DataMatchers = [.. (matchers ?? []).Where(m => m.Name != LabelNames.MetricName)];
        SelectionMatchers = [.. DataMatchers, .. NameMatchers];
    }

    /// <summary>All that choose the metric: with exclusions alone, among metrics named *_info; with nothing, target_info.</summary>
    public IReadOnlyList<Matcher> NameMatchers { get; }
    public IReadOnlyList<Matcher> DataMatchers { get; }
    public IReadOnlyList<Matcher> SelectionMatchers { get; }

    private static List<Matcher> EffectiveNames(List<Matcher> names)
    {
        if (names.Count == 0)
            return [Matcher.MetricNamed(DefaultMetric)];
        return names.Exists(m => m.Operator is MatchOperator.Equal or MatchOperator.Regex)
            ? names
            : [new Matcher(MatchOperator.Regex, LabelNames.MetricName, ".+_info"), .. names];
    }
}
