using ActorMon.Model.Reading;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Execution.Aggregation;
using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Fragments;

/// <summary>Computes one fragment over the series of one node. Anything it cannot do so that the parts add up to the whole is declined, errors of the query among them: the whole tells them.</summary>
internal sealed class FragmentEvaluator(PlanNode node, StepGrid grid, QueryContext context)
{
    /// <summary>A group's column costs as much as about so many samples.</summary>
    private const int SamplesPerValue = 3;

    private readonly OperatorBuilder _builder = new(context);
    private SeriesOperator? _vector;

    /// <summary>Builds the operators, so that their selection is known.</summary>
    public void Prepare() => _vector = node is AggregateNode aggregate ? _builder.Vector(aggregate.Operand, grid) : _builder.Leaf(node, grid);

    /// <summary>Once the selection is there.</summary>
    public FragmentPart Run()
    {
        var selection = context.Selections.Only.Series;
        var part = new FragmentPart();
        for (var i = 0; i < selection.Count; i++)
            part.Series.Add(selection.LabelsAt(i));
        if ((node is AggregateNode aggregate ? Groups(aggregate, part, selection) : Columns(part, selection.Count)) is { } declined)
            return FragmentPart.Refused(declined);
        if (PlanSplitter.RangeCallOf(node) is { } call)
            part.Windows.AddRange(context.Ledger.RangeOf(call)!.Series);
        (part.TotalSamples, part.SamplesRead) = (context.TotalSamples, context.SamplesRead);
        if (context.PerStep is { } counts)
            (part.TotalPerStep, part.ReadPerStep) = (counts.Total, counts.Read);
        foreach (var (text, place, isWarning) in context.Annotations.All)
            part.Notes.Add(new FragmentNote(text, place.Start, place.End, isWarning));
        return part;
    }

    private string? Columns(FragmentPart part, int series)
    {
        var headers = _vector!.Open();
        if (headers.Count != series)
            return "series became one";
        var column = new Column(grid.Count);
        for (var i = 0; i < series; i++)
        {
            context.CheckCancellation();
            _vector.Next(column);
            if (column.HasHistograms)
                return "native histograms";
            part.Columns.Add(Packed(column.Present, column.Values, part.Columns.Count > 0 ? part.Columns[^1] : null));
        }
        return null;
    }

    private string? Groups(AggregateNode aggregate, FragmentPart part, ISeriesSelection selection)
    {
        var headers = _vector!.Open();
        if (headers.Count != selection.Count)
            return "series became one";
        var grouping = Grouping.Of(headers, aggregate);
        var perGroup = ExactPartials.ColumnsPerGroup(aggregate.Op);
        var samples = selection.Count * ((context.Selections.Only.RangeMs / 15_000) + 1);
        if ((long)grouping.Groups.Count * perGroup * grid.Count * SamplesPerValue > samples)
            return "the groups are as large as the samples";
        context.Hold((long)grouping.Groups.Count * grid.Count);
        var notes = new AggregationNotes(context.Annotations, aggregate.Op, aggregate.Operand.Place);
        var groups = new Accumulator[grouping.Groups.Count];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = Accumulator.Create(aggregate.Op, grid.Count, notes);
            if (aggregate.Op == AggregateOp.Sum)
                part.Orders.Add(ExactPartials.NoOrders);
        }
        var column = new Column(grid.Count);
        foreach (var group in grouping.GroupOf)
        {
            context.CheckCancellation();
            _vector.Next(column);
            if (column.HasHistograms)
                return "native histograms";
            if (aggregate.Op is AggregateOp.Min or AggregateOp.Max && !ExactPartials.IsOrderFree(column))
                return "values whose order decides";
            if (aggregate.Op == AggregateOp.Sum)
            {
                var orders = part.Orders[group];
                if (!ExactPartials.Note(column, ref orders))
                    return "values without an order";
                part.Orders[group] = orders;
            }
            groups[group].Add(column);
        }
        foreach (var group in groups)
            Finish(group, part);
        foreach (var inner in VectorsOf(aggregate.Operand))
        {
            if (context.Ledger.Of(inner) is not { } tally || tally.HasHistograms)
                return "native histograms";
            part.Tallies.Add(new FragmentTally(tally.Size, tally.Changes[..grid.Count].ToArray()));
        }
        return null;
    }

    /// <summary>Parts of a plan that give vectors, as their samples are counted.</summary>
    public static IEnumerable<PlanNode> VectorsOf(PlanNode chain) => PlanSplitter.Preorder(chain).Where(inner => inner.Kind == ValueKind.Vector);

    private void Finish(Accumulator group, FragmentPart part)
    {
        if (group is SumAccumulator sum)
        {
            part.Columns.Add(Packed(sum.Present, sum.Sums, null));
            part.Columns.Add(Packed(sum.Present, sum.Compensations, part.Columns[^1]));
            return;
        }
        var column = new Column(grid.Count);
        group.Finish(column);
        part.Columns.Add(Packed(column.Present, column.Values, null));
    }

    private FragmentColumn Packed(ulong[] present, ReadOnlySpan<double> values, FragmentColumn? before)
    {
        var count = Bits.Count(present);
        context.Hold((count / 2) + 1);
        var packed = new double[count];
        if (count == grid.Count)
            values[..count].CopyTo(packed);
        else
        {
            var at = 0;
            foreach (var step in Bits.Steps(present))
                packed[at++] = values[step];
        }
        return new FragmentColumn(before is not null && before.Present.AsSpan().SequenceEqual(present) ? before.Present : (ulong[])present.Clone(), packed);
    }
}
