using ActorMon.Model.Labels;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>
/// Stands after operations that change labels: series that became equal are merged when they never have a value at the same step, else the query fails;
/// <paramref name="strict"/>: fails whenever two of them have values at all. Costs nothing while labels stay distinct.
/// </summary>
internal sealed class MergeDuplicates(SeriesOperator input, QueryContext context, bool strict = false) : SeriesOperator(input.Grid)
{
    private List<Column>? _merged;
    private long _held;
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        var headers = input.Open();
        if (AllDistinct(headers))
            return headers;
        var places = new Dictionary<LabelSet, int>(headers.Count);
        var distinct = new List<SeriesHeader>(headers.Count);
        _merged = new List<Column>(headers.Count);
        var column = new Column(Grid.Count);
        foreach (var header in headers)
        {
            input.Next(column);
            if (column.IsEmpty)
                continue;
            var size = column.Size;
            context.Hold(size);
            _held += size;
            if (places.TryGetValue(header.Labels, out var place))
            {
                MergeInto(_merged[place], column);
                continue;
            }
            places.Add(header.Labels, _merged.Count);
            distinct.Add(header);
            _merged.Add(column);
            column = new Column(Grid.Count);
        }
        return distinct;
    }

    public override void Next(Column into)
    {
        if (_merged is null)
        {
            input.Next(into);
            return;
        }
        into.CopyFrom(_merged[_next++]);
        if (_next == _merged.Count)
            context.Release(_held);
    }

    private void MergeInto(Column target, Column column)
    {
        if (strict || Bits.FirstCommon(target.Present, column.Present) >= 0)
            QueryFailure.ThrowSameLabelSet();
        foreach (var step in Bits.Steps(column.Present))
            target.SetFrom(column, step, step);
    }

    private static bool AllDistinct(IReadOnlyList<SeriesHeader> headers)
    {
        if (headers.Count < 2 || headers is SelectionHeaders)
            return true;
        // Selections come in label order and mostly lose the same name: neighbours that ascend are distinct, and cheaper to compare than labels to hash.
        var ascending = 1;
        while (ascending < headers.Count && headers[ascending - 1].Labels.CompareTo(headers[ascending].Labels) < 0)
            ascending++;
        if (ascending == headers.Count)
            return true;
        var seen = new HashSet<LabelSet>(headers.Count);
        foreach (var header in headers)
            if (!seen.Add(header.Labels))
                return false;
        return true;
    }
}
