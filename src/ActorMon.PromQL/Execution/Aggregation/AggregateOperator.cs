using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Execution.Aggregation;

/// <summary>sum, avg, min, max, count, group, stddev, stdvar: folds each input column into its group as it comes; no input is kept.</summary>
internal sealed class AggregateOperator(SeriesOperator input, AggregateNode node, QueryContext context) : SeriesOperator(input.Grid)
{
    private Grouping? _grouping;
    private Accumulator[]? _groups;
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open() => (_grouping = Grouping.Of(input.Open(), node)).Groups;

    public override void Next(Column into)
    {
        _groups ??= Fold();
        into.Clear();
        _groups[_next++].Finish(into);
        if (_next == _groups.Length)
            context.Release((long)_groups.Length * Grid.Count);
    }

    private Accumulator[] Fold()
    {
        var grouping = _grouping!;
        context.Hold((long)grouping.Groups.Count * Grid.Count);
        var notes = new AggregationNotes(context.Annotations, node.Op, node.Operand.Place);
        var groups = new Accumulator[grouping.Groups.Count];
        for (var i = 0; i < groups.Length; i++)
            groups[i] = Accumulator.Create(node.Op, Grid.Count, notes);
        var column = new Column(Grid.Count);
        foreach (var group in grouping.GroupOf)
        {
            context.CheckCancellation();
            input.Next(column);
            groups[group].Add(column);
        }
        return groups;
    }
}
