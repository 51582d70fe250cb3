using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>absent() and absent_over_time(): 1 where the input has no series, labelled by what the selector's matchers pin down.</summary>
internal sealed class AbsentOperator(SeriesOperator input, LabelSet labels, bool dropName) : SeriesOperator(input.Grid)
{
    private int _inputs;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        _inputs = input.Open().Count;
        return [new SeriesHeader(labels, dropName)];
    }

    public override void Next(Column into)
    {
        var present = new ulong[into.Present.Length];
        for (var i = 0; i < _inputs; i++)
        {
            input.Next(into);
            Bits.Or(present, into.Present);
        }
        into.Clear();
        for (var step = 0; step < into.Steps; step++)
            if (!Bits.Has(present, step))
                into.Set(step, 1);
    }

    /// <summary>Labels matched by exactly one = matcher; a label named twice is left out.</summary>
    public static LabelSet LabelsOf(IReadOnlyList<Matcher> matchers)
    {
        var builder = new LabelSetBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var matcher in matchers)
        {
            if (matcher.Name == LabelNames.MetricName)
                continue;
            if (matcher.Operator == MatchOperator.Equal && seen.Add(matcher.Name))
                builder.Set(matcher.Name, matcher.Value);
            else
                builder.Remove(matcher.Name);
        }
        return builder.Build();
    }
}
