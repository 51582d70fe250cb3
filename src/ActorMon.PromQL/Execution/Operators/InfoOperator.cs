using ActorMon.Model.Labels;
using ActorMon.PromQL.Planning;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>
/// info(v, selector): adds labels of info series with the same instance and job, per info metric the one with the newest sample. Info series are themselves left
/// alone. Both inputs are held in memory, because the labels may change from step to step.
/// </summary>
/// <param name="infoTimes">The info series; values are the samples' own times in seconds.</param>
internal sealed class InfoOperator(SeriesOperator input, SeriesOperator infoTimes, InfoSelector selector, QueryContext context) : SeriesOperator(input.Grid)
{
    private static readonly string[] Identifying = [LabelNames.Instance, LabelNames.Job];
    private readonly OutputTable _outputs = new(input.Grid.Count, context);
    private readonly Column _single = new(input.Grid.Count);
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        var vector = MaterializedVector.From(input, context);
        var infos = MaterializedVector.From(infoTimes, context);
        var bySignature = GroupInfos(infos);
        var keepsUnmatched = selector.DataMatchers.All(matcher => matcher.MatchesEmpty);
        for (var i = 0; i < vector.Columns.Count; i++)
        {
            context.CheckCancellation();
            Enrich(vector.Headers[i], vector.Columns[i], infos, bySignature, keepsUnmatched);
        }
        vector.Release(context);
        infos.Release(context);
        return _outputs.Headers;
    }

    public override void Next(Column into) => into.CopyFrom(_outputs.Columns[_next++]);

    /// <summary>Per identifying labels the info metrics, per metric its series.</summary>
    private static Dictionary<LabelSet, SortedDictionary<string, List<int>>> GroupInfos(MaterializedVector infos)
    {
        var groups = new Dictionary<LabelSet, SortedDictionary<string, List<int>>>();
        for (var i = 0; i < infos.Columns.Count; i++)
        {
            var labels = infos.Headers[i].Labels;
            var identity = labels.Keep(Identifying);
            if (identity.Count == 0)
                continue;
            if (!groups.TryGetValue(identity, out var metrics))
                groups.Add(identity, metrics = new SortedDictionary<string, List<int>>(StringComparer.Ordinal));
            if (!metrics.TryGetValue(labels.MetricName, out var series))
                metrics.Add(labels.MetricName, series = []);
            series.Add(i);
        }
        return groups;
    }

    private void Enrich(
        SeriesHeader header, Column column, MaterializedVector infos, Dictionary<LabelSet, SortedDictionary<string, List<int>>> bySignature, bool keepsUnmatched)
    {
        if (selector.NameMatchers.All(matcher => matcher.Matches(header.Labels.MetricName)))
        {
            _outputs.Add(header, column);
            return;
        }
        bySignature.TryGetValue(header.Labels.Keep(Identifying), out var metrics);
        var enriched = new Dictionary<string, SeriesHeader?>(StringComparer.Ordinal);
        foreach (var step in Bits.Steps(column.Present))
        {
            var newest = metrics is null ? [] : NewestAt(step, infos, metrics);
            var key = string.Join(',', newest);
            if (!enriched.TryGetValue(key, out var result))
                enriched.Add(key, result = newest.Count == 0 && !keepsUnmatched ? null : WithInfo(header, infos, newest));
            if (result is not { } target)
                continue;
            _single.Clear();
            _single.SetFrom(column, step, step);
            _outputs.Add(target, _single);
        }
    }

    private static List<int> NewestAt(int step, MaterializedVector infos, SortedDictionary<string, List<int>> metrics)
    {
        var newest = new List<int>();
        foreach (var series in metrics.Values)
        {
            var best = -1;
            foreach (var i in series)
            {
                if (!infos.Columns[i].Has(step))
                    continue;
                if (best >= 0 && infos.Columns[best].Values[step] == infos.Columns[i].Values[step])
                    ThrowConflict(infos, best, i, step);
                if (best < 0 || infos.Columns[best].Values[step] < infos.Columns[i].Values[step])
                    best = i;
            }
            if (best >= 0)
                newest.Add(best);
        }
        return newest;
    }

    private SeriesHeader WithInfo(SeriesHeader header, MaterializedVector infos, List<int> newest)
    {
        var added = new LabelSetBuilder();
        foreach (var i in newest)
        {
            foreach (ref readonly var label in infos.Headers[i].Labels.AsSpan())
            {
                var name = label.Name;
                if (name == LabelNames.MetricName || (selector.DataMatchers.Count > 0 && !selector.DataMatchers.Any(matcher => matcher.Name == name)))
                    continue;
                if (added.Get(name) is { Length: > 0 } other && other != label.Value)
                    QueryFailure.Throw($"conflicting label: {name}");
                if (!header.Labels.Has(name))
                    added.Set(name, label.Value);
            }
        }
        var builder = new LabelSetBuilder(header.Labels);
        foreach (var label in added.Snapshot())
            builder.Set(label.Name, label.Value);
        return header with { Labels = builder.Build() };
    }

    private static void ThrowConflict(MaterializedVector infos, int first, int second, int step)
    {
        var time = (long)Math.Round(infos.Columns[first].Values[step] * 1000);
        QueryFailure.Throw(
            $"found duplicate series for info metric: existing {infos.Headers[first].Labels} @ {time}, new {infos.Headers[second].Labels} @ {time}");
    }
}
