using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution.Aggregation;
using ActorMon.PromQL.Execution.Operators;
using ActorMon.PromQL.Explain;
using ActorMon.PromQL.Fragments;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Execution;

/// <summary>
/// Plan to operators on a grid of steps, selections registered on the way. A subquery's inner part gets the subquery's own grid, a step-invariant part the first step.
/// Functions are in the other half of the class.
/// </summary>
internal sealed partial class OperatorBuilder(QueryContext context)
{
    /// <summary>An operator's own column, the windows of its steps and the tally of its samples.</summary>
    private const long BytesPerStep = 24;

    private ReadWindow? _reads;

    /// <summary>The fragment of which the leaf that is built next is a part; null: leaves are looked up by themselves.</summary>
    private PushedFragment? _within;

    private bool Delayed => context.Features.DelayedNameRemoval;

    public ScalarOperator Scalar(PlanNode node, StepGrid grid) => node switch
    {
        NumberNode number => new ConstantScalar(grid, number.Value),
        NegateNode negate => new NegateScalar(Scalar(negate.Operand, grid)),
        BinaryNode binary => BinaryScalar.Of(binary.Op, Scalar(binary.Left, grid), Scalar(binary.Right, grid)),
        RepeatNode repeat => new RepeatScalar(grid, Scalar(repeat.Inner, grid.First)),
        CallNode { Function: "time" } => new TimeScalar(grid),
        CallNode { Function: "scalar" } call => new VectorToScalar(Vector(call.Arguments[0], grid)),
        CallNode { Function: "max_of" } call => new BinaryScalar(Scalar(call.Arguments[0], grid), Scalar(call.Arguments[1], grid), Math.Max),
        CallNode { Function: "min_of" } call => new BinaryScalar(Scalar(call.Arguments[0], grid), Scalar(call.Arguments[1], grid), Math.Min),
        _ => throw new InvalidOperationException($"no scalar operator for {node.Describe()}"),
    };

    /// <summary>On a grid without steps (a subquery shorter than its step) nothing is evaluated, so nothing below can fail or annotate.</summary>
    public SeriesOperator Vector(PlanNode node, StepGrid grid)
    {
        if (grid.Count == 0)
            return new EmptyVector(grid);
        context.Reservation.Take(grid.Count * BytesPerStep);
        var vector = context.Ledger.Tally(node, Unmeasured(node, grid));
        return context.Profile is { } profile ? new MeasuredOperator(vector, profile.Of(node), context) : vector;
    }

    /// <summary>A leaf of the plan by itself: series as the selector has them, names that clash not merged yet.</summary>
    public SeriesOperator Leaf(PlanNode node, StepGrid grid) => node is CallNode call ? RangeOperation(call, grid) : Select((SelectNode)node, grid);

    private SeriesOperator Unmeasured(PlanNode node, StepGrid grid) => node switch
    {
        SelectNode select when PushedOf(node, grid) is { } pushed => new PushedLeaf(pushed, select, grid, context, null, null),
        SelectNode select => Select(select, grid),
        RepeatNode repeat => new RepeatOperator(grid, context, Vector(repeat.Inner, grid.First)),
        SharedNode shared => new ReplayOperator(grid, Shared(shared, grid)),
        NegateNode negate => Renamed(new NegateOperator(Vector(negate.Operand, grid), context)),
        AggregateNode aggregate => Aggregate(aggregate, grid),
        BinaryNode binary => Binary(binary, grid),
        CallNode call => Call(call, grid),
        _ => throw new InvalidOperationException($"no vector operator for {node.Describe()}"),
    };

    /// <summary>The subquery's own steps: multiples of its step in (first step - range, last step].</summary>
    public static StepGrid SubqueryGrid(SubqueryNode subquery, StepGrid outer)
    {
        var shift = new TimeShiftMs(subquery.OffsetMs, subquery.AtMs);
        var (first, last) = (shift.Apply(outer.Start), shift.Apply(outer.Last));
        var after = first - subquery.RangeMs;
        var start = subquery.StepMs * (after / subquery.StepMs);
        if (start <= after)
            start += subquery.StepMs;
        return new StepGrid(start, last, subquery.StepMs);
    }

    /// <summary>A range vector's series and windows.</summary>
    public (RangeSource Source, RangeWindow Window) Range(PlanNode node, StepGrid grid)
    {
        if (node is SubqueryNode subquery)
        {
            var shift = new TimeShiftMs(subquery.OffsetMs, subquery.AtMs);
            var outer = _reads;
            _reads = new ReadWindow(grid, shift, subquery.RangeMs, outer);
            var inner = VectorOrScalar(subquery.Inner, SubqueryGrid(subquery, grid));
            _reads = outer;
            return (new SubquerySource(inner, context), new RangeWindow(grid, shift, subquery.RangeMs, RangeExtension.None, 0));
        }
        var range = (RangeSelectNode)node;
        var selector = range.Selector;
        var window = new RangeWindow(grid, new TimeShiftMs(selector.OffsetMs, selector.AtMs), range.RangeMs, selector.Extension, context.LookbackMs);
        var selection = grid.Count == 0
            ? context.Selections.Register(selector.Matchers, 0, -1)
            : context.Selections.Register(selector.Matchers, window.VisibleStart(0) + 1, window.VisibleEnd(grid.Count - 1));
        RangeSource source = new SelectorSource(selection);
        return (context.Profile is { } profile ? new MeasuredSource(source, profile.Of(range)) : source, window);
    }

    /// <summary>A subquery's inner part may be a scalar: then it is one series without labels.</summary>
    public SeriesOperator VectorOrScalar(PlanNode node, StepGrid grid) =>
        node.Kind == ValueKind.Scalar ? new ScalarToVector(grid, Scalar(node, grid)) : Vector(node, grid);

    private SeriesOperator Select(SelectNode node, StepGrid grid, SelectedValue wanted = SelectedValue.Sample)
    {
        var selector = node.Selector;
        var shift = new TimeShiftMs(selector.OffsetMs, selector.AtMs);
        if (selector.Extension == RangeExtension.Smoothed)
        {
            var both = new RangeWindow(grid, shift, 0, RangeExtension.Smoothed, context.LookbackMs);
            var visible = context.Selections.Register(selector.Matchers, both.VisibleStart(0) + 1, both.VisibleEnd(grid.Count - 1));
            return new SmoothedSelector(both, context, new SelectorSource(visible), node.Place);
        }
        return new InstantSelector(grid, context, Register(selector, shift, grid), shift, wanted, _reads);
    }

    private Selection Register(SelectorSpec selector, TimeShiftMs shift, StepGrid grid) => grid.Count == 0
        ? context.Selections.Register(selector.Matchers, 0, -1)
        : context.Selections.Register(selector.Matchers, shift.Apply(grid.Start) - context.LookbackMs + 1, shift.Apply(grid.Last));

    private SharedColumns Shared(SharedNode node, StepGrid grid)
    {
        if (!context.Shared.TryGetValue((node.SharedKey, grid), out var columns))
        {
            context.Shared.Add((node.SharedKey, grid), columns = new SharedColumns(Vector(node.Inner, grid), context));
            context.Ledger.Share(node, grid);
        }
        return columns;
    }

    /// <summary>What was computed elsewhere; not within a subquery, whose steps have other counts.</summary>
    private PushedFragment? PushedOf(PlanNode node, StepGrid grid) => _reads is null ? _within ?? context.Pushed.Of(node, grid) : null;

    private PushedAggregate Aggregate(AggregateNode node, StepGrid grid, PushedFragment pushed)
    {
        _within = pushed;
        var headers = Vector(node.Operand, grid);
        _within = null;
        return new PushedAggregate(headers, pushed, node, context);
    }

    private SeriesOperator Aggregate(AggregateNode node, StepGrid grid)
    {
        if (PushedOf(node, grid) is { } pushed)
            return Aggregate(node, grid, pushed);
        // The peer evaluates the parameter first.
        var parameter = node.Parameter is { } expression and not StringNode ? Scalar(expression, grid) : null;
        var input = Vector(node.Operand, grid);
        return node.Op switch
        {
            AggregateOp.CountValues => new CountValuesOperator(input, ((StringNode)node.Parameter!).Value, node, context),
            AggregateOp.Quantile => new QuantileOperator(input, parameter!, node, context),
            AggregateOp.TopK or AggregateOp.BottomK or AggregateOp.LimitK or AggregateOp.LimitRatio => new SelectionAggregate(input, parameter!, node, context),
            _ => new AggregateOperator(input, node, context),
        };
    }

    private SeriesOperator Binary(BinaryNode node, StepGrid grid)
    {
        if (node.Right.Kind == ValueKind.Scalar)
            return Renamed(new VectorScalarBinary(Vector(node.Left, grid), Scalar(node.Right, grid), scalarIsLeft: false, node, context));
        if (node.Left.Kind == ValueKind.Scalar)
            return Renamed(new VectorScalarBinary(Vector(node.Right, grid), Scalar(node.Left, grid), scalarIsLeft: true, node, context));
        var (left, right) = (Vector(node.Left, grid), Vector(node.Right, grid));
        return node.Op switch
        {
            BinaryOp.And => new FilterBySignature(left, right, node.Matching!, keepMatched: true),
            BinaryOp.Unless => new FilterBySignature(left, right, node.Matching!, keepMatched: false),
            BinaryOp.Or => new MergeDuplicates(new UnionBySignature(left, right, node.Matching!), context),
            _ => new VectorBinary(left, right, node, context),
        };
    }

    /// <summary>After a name was dropped at once, series may have become equal; with delayed removal that is looked at when the query ends.</summary>
    private SeriesOperator Renamed(SeriesOperator input) => Delayed ? input : new MergeDuplicates(input, context);
}
