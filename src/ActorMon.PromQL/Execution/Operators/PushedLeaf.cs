using ActorMon.PromQL.Execution.Accounting;
using ActorMon.PromQL.Fragments;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>
/// A leaf whose columns were computed where the series are, in the order in which this node would have computed them. Below an aggregation that was computed there, too, it
/// has labels only.
/// </summary>
/// <param name="tally">Of a range function.</param>
/// <param name="function">Null: a selector.</param>
internal sealed class PushedLeaf(PushedFragment fragment, PlanNode node, StepGrid grid, QueryContext context, RangeTally? tally, RangeFunction? function) : SeriesOperator(grid)
{
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        var headers = new SeriesHeader[fragment.Count];
        for (var i = 0; i < headers.Length; i++)
            headers[i] = new SeriesHeader(fragment.LabelsAt(i));
        return function is null ? headers : RangeCall.Renamed(headers, function, context);
    }

    public override void Next(Column into)
    {
        if (fragment.IsGrouped)
            throw new FragmentsUnusable("series have become one, whose values are not there");
        context.CheckCancellation();
        if (_next == 0)
            Settle();
        var (part, index) = fragment[_next++];
        into.Fill(fragment.Parts[part].Columns[index]);
    }

    private void Settle()
    {
        fragment.Settle(context, node);
        if (tally is not null)
            fragment.Tally(tally);
    }
}
