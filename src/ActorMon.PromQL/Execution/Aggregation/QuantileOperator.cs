using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Planning;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Aggregation;

/// <summary>quantile(q, v): keeps every float of a group per step, so memory is that of the input.</summary>
internal sealed class QuantileOperator(SeriesOperator input, ScalarOperator parameter, AggregateNode node, QueryContext context) : SeriesOperator(input.Grid)
{
    private Grouping? _grouping;
    private List<double>?[][] _values = [];
    private double[] _quantiles = [];
    private long _held;
    private int _next;
    private bool _folded;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        _quantiles = parameter.Evaluate();
        _grouping = Grouping.Of(input.Open(), node);
        NoteInvalid();
        return _grouping.Groups;
    }

    public override void Next(Column into)
    {
        if (!_folded)
            Fold();
        into.Clear();
        var values = _values[_next++];
        for (var step = 0; step < into.Steps; step++)
        {
            if (values[step] is not { } floats)
                continue;
            floats.Sort();
            into.Set(step, Quantiles.OfSorted(_quantiles[step], System.Runtime.InteropServices.CollectionsMarshal.AsSpan(floats)));
        }
        if (_next == _values.Length)
            context.Release(_held);
    }

    private void Fold()
    {
        _folded = true;
        var grouping = _grouping!;
        var notes = new AggregationNotes(context.Annotations, node.Op, node.Operand.Place);
        _values = [.. grouping.Groups.Select(_ => new List<double>?[Grid.Count])];
        var column = new Column(Grid.Count);
        foreach (var group in grouping.GroupOf)
        {
            context.CheckCancellation();
            input.Next(column);
            if (column.HasHistograms)
            {
                var before = column.Count;
                column.DropHistograms();
                if (column.Count < before)
                    notes.HistogramIgnored();
            }
            var held = column.Count;
            context.Hold(held);
            _held += held;
            foreach (var step in Bits.Steps(column.Present))
                (_values[group][step] ??= []).Add(column.Values[step]);
        }
    }

    /// <summary>One warning for each way the parameter is out of range, worded with its extremes.</summary>
    private void NoteInvalid()
    {
        var (min, max) = (_quantiles[0], _quantiles[0]);
        foreach (var quantile in _quantiles)
        {
            if (double.IsNaN(quantile))
                Warn(double.NaN);
            min = Math.Min(min, quantile);
            max = Math.Max(max, quantile);
        }
        if (max > 1)
            Warn(max);
        if (min < 0)
            Warn(min);
    }

    private void Warn(double quantile) =>
        context.Annotations.Warn($"quantile value should be between 0 and 1, got {GoFloat.FormatG(quantile)}", node.Parameter!.Place);
}
