using ActorMon.Model.Labels;
using ActorMon.PromQL.Functions;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>sort, sort_desc, sort_by_label, sort_by_label_desc of an instant query. NaN comes last either way; equal elements keep their order.</summary>
internal sealed class SortOperator(SeriesOperator input, QueryContext context, Comparison<(SeriesHeader Header, double Value)> order, bool floatsOnly)
    : SeriesOperator(input.Grid)
{
    private MaterializedVector? _vector;
    private int[] _sorted = [];
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        var vector = _vector = MaterializedVector.From(input, context);
        _sorted = [.. Enumerable.Range(0, vector.Columns.Count).Where(i => !floatsOnly || vector.Columns[i].HistogramAt(0) is null)
            .Order(Comparer<int>.Create((a, b) => order((vector.Headers[a], vector.Columns[a].Values[0]), (vector.Headers[b], vector.Columns[b].Values[0]))))];
        return [.. _sorted.Select(i => vector.Headers[i])];
    }

    public override void Next(Column into) => into.CopyFrom(_vector!.Columns[_sorted[_next++]]);

    public static int ByValue((SeriesHeader Header, double Value) a, (SeriesHeader Header, double Value) b, bool descending)
    {
        if (double.IsNaN(a.Value) || double.IsNaN(b.Value))
            return double.IsNaN(a.Value).CompareTo(double.IsNaN(b.Value));
        return descending ? b.Value.CompareTo(a.Value) : a.Value.CompareTo(b.Value);
    }

    public static int ByLabels(LabelSet a, LabelSet b, string[] names)
    {
        foreach (var name in names)
            if (NaturalOrder.Compare(a.Get(name), b.Get(name)) is var order and not 0)
                return order;
        return a.CompareTo(b);
    }
}
