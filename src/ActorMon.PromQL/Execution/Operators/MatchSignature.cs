using ActorMon.Model.Labels;
using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>The labels two vectors are matched by: those of on(...), or all but those of ignoring(...) and the name.</summary>
internal sealed class MatchSignature
{
    private readonly bool _on;
    private readonly string[] _names;

    public MatchSignature(VectorMatching matching)
    {
        _on = matching.On;
        _names = _on ? [.. matching.MatchingLabels] : [LabelNames.MetricName, .. matching.MatchingLabels];
    }

    public LabelSet Of(LabelSet labels) => _on ? labels.Keep(_names) : labels.Without(_names);
}
