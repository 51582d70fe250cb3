using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Planning;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Aggregation;

/// <summary>
/// topk, bottomk, limitk, limit_ratio: elements of the input as they are, chosen per group and step. An instant topk / bottomk comes best first, everything else in
/// the order of the series.
/// </summary>
internal sealed class SelectionAggregate(SeriesOperator input, ScalarOperator parameter, AggregateNode node, QueryContext context) : SeriesOperator(input.Grid)
{
    private const double MinInt64 = long.MinValue;
    private const double MaxInt64 = 9223372036854775808.0;
    private readonly List<Column> _columns = [];
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        var parameters = parameter.Evaluate();
        // The input is opened even when nothing can be chosen: its own errors count.
        var vector = MaterializedVector.From(input, context);
        if (!Check(parameters))
            return [];
        var grouping = Grouping.Of(vector.Headers, node);
        var chosen = node.Op switch
        {
            AggregateOp.LimitK => FirstOfGroup(vector, grouping, parameters),
            AggregateOp.LimitRatio => ByHash(vector, parameters),
            _ => Best(vector, grouping, parameters),
        };
        var headers = new List<SeriesHeader>();
        foreach (var (series, column) in chosen)
        {
            headers.Add(vector.Headers[series]);
            _columns.Add(column);
        }
        return headers;
    }

    public override void Next(Column into) => into.CopyFrom(_columns[_next++]);

    /// <returns>False when the parameter chooses nothing at any step.</returns>
    private bool Check(double[] parameters)
    {
        if (parameters.Length == 0)
            return false;
        var (min, max, anyNaN) = (double.MaxValue, -double.MaxValue, false);
        foreach (var value in parameters)
        {
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            anyNaN |= double.IsNaN(value);
        }
        if (node.Op == AggregateOp.LimitRatio)
            return CheckRatio(min, max, anyNaN);
        if (max < 1)
            return false;
        if (anyNaN)
            QueryFailure.Throw("Parameter value is NaN");
        if (min <= MinInt64)
            QueryFailure.Throw($"Scalar value {GoFloat.FormatG(min)} underflows int64");
        if (max >= MaxInt64)
            QueryFailure.Throw($"Scalar value {GoFloat.FormatG(max)} overflows int64");
        return true;
    }

    private bool CheckRatio(double min, double max, bool anyNaN)
    {
        if (min == 0 && max == 0)
            return false;
        if (anyNaN)
            QueryFailure.Throw("Ratio value is NaN");
        if (max > 1)
            WarnRatio(max, 1);
        if (min < -1)
            WarnRatio(min, -1);
        return true;
    }

    private void WarnRatio(double ratio, double cap) => context.Annotations.Warn(
        $"ratio value should be between -1 and 1, got {GoFloat.FormatG(ratio)}, capping to {GoFloat.FormatG(cap)}", node.Parameter!.Place);

    private List<(int Series, Column Column)> Best(MaterializedVector vector, Grouping grouping, double[] parameters)
    {
        var notes = new AggregationNotes(context.Annotations, node.Op, node.Place);
        var outputs = new Dictionary<int, Column>();
        var order = new List<int>();
        var heaps = new TopHeap[grouping.Groups.Count];
        for (var step = 0; step < Grid.Count; step++)
        {
            var k = Math.Min((long)parameters[step], vector.Columns.Count);
            if (k < 1)
                continue;
            for (var i = 0; i < heaps.Length; i++)
                heaps[i] = new TopHeap(largest: node.Op == AggregateOp.TopK);
            for (var i = 0; i < vector.Columns.Count; i++)
            {
                var column = vector.Columns[i];
                if (!column.Has(step))
                    continue;
                if (column.HistogramAt(step) is not null)
                    notes.HistogramIgnored();
                else
                    heaps[grouping.GroupOf[i]].Offer(column.Values[step], i, k);
            }
            foreach (var heap in heaps)
                foreach (var (value, series) in heap.BestFirst())
                {
                    if (!outputs.TryGetValue(series, out var output))
                    {
                        outputs.Add(series, output = new Column(Grid.Count));
                        order.Add(series);
                    }
                    output.Set(step, value);
                }
        }
        if (Grid.Count > 1)
            order.Sort();
        return [.. order.Select(series => (series, outputs[series]))];
    }

    private List<(int Series, Column Column)> FirstOfGroup(MaterializedVector vector, Grouping grouping, double[] parameters)
    {
        var taken = new long[grouping.Groups.Count][];
        for (var i = 0; i < taken.Length; i++)
            taken[i] = new long[Grid.Count];
        return Filter(vector, (series, step) => taken[grouping.GroupOf[series]][step]++ < (long)parameters[step]);
    }

    private List<(int Series, Column Column)> ByHash(MaterializedVector vector, double[] parameters)
    {
        var offsets = vector.Headers.Select(header => LabelHash.Of(header.Labels) / (double)ulong.MaxValue).ToArray();
        return Filter(vector, (series, step) =>
        {
            var ratio = Math.Clamp(parameters[step], -1, 1);
            return ratio >= 0 ? offsets[series] < ratio : offsets[series] >= 1 + ratio;
        });
    }

    private static List<(int Series, Column Column)> Filter(MaterializedVector vector, Func<int, int, bool> keep)
    {
        var chosen = new List<(int, Column)>();
        for (var series = 0; series < vector.Columns.Count; series++)
        {
            var column = vector.Columns[series];
            foreach (var step in Bits.Steps(column.Present))
                if (!keep(series, step))
                    column.Unset(step);
            if (!column.IsEmpty)
                chosen.Add((series, column));
        }
        return chosen;
    }
}
