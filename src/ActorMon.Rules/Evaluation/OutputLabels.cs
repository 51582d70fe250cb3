using ActorMon.Model.Labels;

namespace ActorMon.Rules.Evaluation;

/// <summary>
/// The labels a rule gives to its results: the sample's, without the metric name, then those the rule sets. Results recur from evaluation to evaluation, so each is
/// built once. Not thread-safe.
/// </summary>
public sealed class OutputLabels(LabelSet set)
{
    private const int Spare = 64;
    private readonly Dictionary<LabelSet, LabelSet> _built = [];
    private readonly LabelSetBuilder _builder = new();

    /// <summary>Forgets results of the past when there are more of them than a result of this size can account for.</summary>
    public void Expect(int results)
    {
        if (_built.Count > (2 * results) + Spare)
            _built.Clear();
    }

    public LabelSet Of(LabelSet sample)
    {
        if (_built.TryGetValue(sample, out var known))
            return known;
        _builder.Reset(sample);
        _builder.Remove(LabelNames.MetricName);
        foreach (ref readonly var label in set.AsSpan())
            _builder.Set(label.Name, label.Value);
        var labels = _builder.Build();
        _built.Add(sample, labels);
        return labels;
    }
}
