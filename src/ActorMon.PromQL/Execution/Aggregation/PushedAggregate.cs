using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Fragments;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Execution.Aggregation;

/// <summary>An aggregation of which each node computed its part: the parts are put together when they give the bits of the whole, else the query runs again over samples.</summary>
/// <param name="labels">The aggregation's operand; it is opened for the labels and gives no values.</param>
internal sealed class PushedAggregate(SeriesOperator labels, PushedFragment fragment, AggregateNode node, QueryContext context) : SeriesOperator(labels.Grid)
{
    private Grouping? _grouping;
    private GroupParts[]? _groups;
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        var headers = labels.Open();
        if (headers.Count != fragment.Count)
            throw new FragmentsUnusable("series have become one");
        return (_grouping = Grouping.Of(headers, node)).Groups;
    }

    public override void Next(Column into)
    {
        _groups ??= Gather();
        into.Clear();
        Combine(_groups[_next++], into);
    }

    private GroupParts[] Gather()
    {
        fragment.Settle(context, node);
        var inner = FragmentEvaluator.VectorsOf(node.Operand).Select(context.Ledger.Of).ToArray();
        foreach (var part in fragment.Parts)
        {
            if (part.Tallies.Count != inner.Length)
                throw new FragmentsUnusable("the parts of the plan are counted differently");
            for (var i = 0; i < inner.Length; i++)
            {
                inner[i]!.Add(part.Tallies[i].Changes, part.Tallies[i].Size);
                context.Ledger.Check(inner[i]!.Size);
            }
        }
        if (PlanSplitter.RangeCallOf(node.Operand) is { } call && fragment.Count > 0)
            fragment.Tally(context.Ledger.RangeOf(call)!);
        return Groups();
    }

    /// <summary>A part's groups come in the order of their first series, as those of the whole do.</summary>
    private GroupParts[] Groups()
    {
        var grouping = _grouping!;
        var groups = new GroupParts[grouping.Groups.Count];
        for (var i = 0; i < groups.Length; i++)
            groups[i] = new GroupParts();
        var groupsOf = new int[fragment.Parts.Count];
        for (var i = 0; i < fragment.Count; i++)
        {
            var part = fragment[i].Part;
            var group = groups[grouping.GroupOf[i]];
            group.Series++;
            if (group.TryBegin(part))
                group.Places.Add((part, groupsOf[part]++));
        }
        var perGroup = ExactPartials.ColumnsPerGroup(node.Op);
        for (var part = 0; part < groupsOf.Length; part++)
            if (fragment.Parts[part].Columns.Count != groupsOf[part] * perGroup || (node.Op == AggregateOp.Sum && fragment.Parts[part].Orders.Count != groupsOf[part]))
                throw new FragmentsUnusable("a part has other groups");
        return groups;
    }

    private void Combine(GroupParts group, Column into)
    {
        switch (node.Op)
        {
            case AggregateOp.Sum:
                Sum(group, into);
                break;
            case AggregateOp.Count:
                foreach (var (part, place) in group.Places)
                    into.Add(fragment.Parts[part].Columns[place]);
                break;
            default:
                var accumulator = Accumulator.Create(node.Op, Grid.Count, new AggregationNotes(context.Annotations, node.Op, node.Operand.Place));
                var column = new Column(Grid.Count);
                foreach (var (part, place) in group.Places)
                {
                    column.Fill(fragment.Parts[part].Columns[place]);
                    accumulator.Add(column);
                }
                accumulator.Finish(into);
                break;
        }
    }

    private void Sum(GroupParts group, Column into)
    {
        var orders = ExactPartials.NoOrders;
        foreach (var (part, place) in group.Places)
            orders = ExactPartials.Union(orders, fragment.Parts[part].Orders[place]);
        if (!ExactPartials.IsExact(orders, group.Series))
            throw new FragmentsUnusable("the order of additions decides the last bits of a sum");
        var compensations = new double[Grid.Count];
        foreach (var (part, place) in group.Places)
        {
            var sums = fragment.Parts[part].Columns[2 * place];
            var rests = fragment.Parts[part].Columns[(2 * place) + 1];
            var at = 0;
            foreach (var step in Bits.Steps(sums.Present))
            {
                if (into.Has(step))
                    KahanSum.Add(sums.Values[at], ref into.Values[step], ref compensations[step]);
                else
                    into.Set(step, sums.Values[at]);
                compensations[step] += rests.Values[at++];
            }
        }
        foreach (var step in Bits.Steps(into.Present))
            into.Values[step] += compensations[step];
    }

    /// <summary>Where a group's parts are.</summary>
    private sealed class GroupParts
    {
        private readonly HashSet<int> _begun = [];

        public int Series { get; set; }

        public List<(int Part, int Place)> Places { get; } = [];

        public bool TryBegin(int part) => _begun.Add(part);
    }
}
