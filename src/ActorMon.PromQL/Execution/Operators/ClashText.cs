using ActorMon.Model.Labels;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>Tells of series that claim the same match what they are and in which labels they differ: those are what on() or ignoring() has to tell apart.</summary>
internal static class ClashText
{
    private const int MaxSeries = 5;

    public static string Of(IReadOnlyList<LabelSet> clashing)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var labels in clashing)
            foreach (ref readonly var label in labels.AsSpan())
                names.Add(label.Name);
        names.RemoveWhere(name => clashing.All(labels => labels.Get(name) == clashing[0].Get(name)));
        var shown = string.Join(", ", clashing.Take(MaxSeries).Select(labels => labels.ToString()));
        var more = clashing.Count > MaxSeries ? $" and {clashing.Count - MaxSeries} more" : "";
        return $"clashing: {shown}{more}; they differ in: {(names.Count == 0 ? "nothing" : string.Join(", ", names))}";
    }
}
