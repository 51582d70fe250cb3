using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Planning;

namespace ActorMon.PromQL.Fragments;

/// <summary>A part of the plan to be computed elsewhere.</summary>
internal sealed record SplitPart(PlanFragment Fragment, PlanNode Node, StepGrid Grid);

/// <summary>
/// Finds the parts of a plan that can run where the series are with the same bits as here: leaves (a selector, a range function over one) and aggregations whose partial
/// results combine exactly, over leaves with element-wise functions of constants between. Subqueries and what other functions look at by themselves stay.
/// </summary>
internal sealed class PlanSplitter
{
    /// <summary>What scrape intervals mostly are: the guess by which columns and samples are compared.</summary>
    private const long GuessedIntervalMs = 15_000;

    /// <summary>Bytes of a value of a column against those of a stored sample, which is mostly a whole number.</summary>
    private const int ValueAgainstSample = 3;

    private readonly Dictionary<PlanNode, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(string Key, StepGrid Grid)> _seen = [];
    private readonly List<SplitPart> _parts = [];
    private readonly long _lookbackMs;

    private PlanSplitter(PlanNode plan, long lookbackMs)
    {
        _lookbackMs = lookbackMs;
        var number = 0;
        foreach (var node in Preorder(plan))
            _numbers[node] = number++;
    }

    public static IReadOnlyList<SplitPart> Split(PlanNode plan, StepGrid grid, long lookbackMs)
    {
        var splitter = new PlanSplitter(plan, lookbackMs);
        splitter.Visit(plan, grid);
        return splitter._parts;
    }

    /// <summary>The node, then those below it.</summary>
    public static IEnumerable<PlanNode> Preorder(PlanNode plan)
    {
        yield return plan;
        foreach (var child in plan.Children)
            foreach (var below in Preorder(child))
                yield return below;
    }

    /// <summary>True for what a fragment may be, whether or not it is worth it.</summary>
    public static bool CanRun(PlanNode node) => IsLeaf(node) || node is AggregateNode { Parameter: null } aggregate && ExactPartials.CanSplit(aggregate.Op) && IsChain(aggregate.Operand);

    /// <summary>The range function of a chain, or null when it begins with a selector.</summary>
    public static CallNode? RangeCallOf(PlanNode chain) => Preorder(chain).OfType<CallNode>().FirstOrDefault(call => call.RangeArgument >= 0);

    private void Visit(PlanNode node, StepGrid grid)
    {
        if (grid.Count == 0 || _parts.Count == FragmentRequest.MaxFragments)
            return;
        if (grid.Count <= PlanFragment.MaxSteps && CanRun(node) && (node is AggregateNode || IsSmaller(node, grid)))
        {
            if (_seen.Add((node.Key, grid)))
                _parts.Add(new SplitPart(new PlanFragment(_numbers[node], node.Key, grid.Start, grid.End, grid.Step), node, grid));
            return;
        }
        switch (node)
        {
            case SubqueryNode or RangeSelectNode:
                return;
            case RepeatNode repeat:
                Visit(repeat.Inner, grid.First);
                return;
            case SharedNode shared:
                Visit(shared.Inner, grid);
                return;
            case CallNode { Function: "info" } info:
                Visit(info.Arguments[0], grid);
                return;
            case CallNode { Function: "timestamp" or "start_timestamp", Arguments: [SelectNode or RepeatNode { Inner: SelectNode }] }:
                return;
        }
        foreach (var child in node.Children)
            Visit(child, grid);
    }

    /// <summary>A leaf's columns are likely to be smaller than the samples they are made of.</summary>
    private bool IsSmaller(PlanNode leaf, StepGrid grid)
    {
        var window = leaf is CallNode call ? ((RangeSelectNode)call.Arguments[call.RangeArgument]).RangeMs : _lookbackMs;
        var isAnchored = Preorder(leaf).Any(node => node is SelectNode { Selector.AtMs: not null } or RangeSelectNode { Selector.AtMs: not null });
        var samples = ((isAnchored ? 0 : grid.Last - grid.Start) + window) / GuessedIntervalMs;
        return (long)grid.Count * ValueAgainstSample <= samples;
    }

    private static bool IsLeaf(PlanNode node) => node switch
    {
        SelectNode select => select.Selector.Extension == RangeExtension.None,
        CallNode { RangeArgument: >= 0 and var range } call => call.Arguments[range] is RangeSelectNode { Selector.Extension: RangeExtension.None } && OthersAreConstant(call, range),
        _ => false,
    };

    private static bool IsChain(PlanNode node) => node switch
    {
        CallNode { Function: "absent_over_time" } => false,
        NegateNode negate => negate.Kind == ValueKind.Vector && IsChain(negate.Operand),
        BinaryNode { Right.Kind: ValueKind.Scalar, Left.Kind: ValueKind.Vector } binary => IsConstant(binary.Right) && IsChain(binary.Left),
        BinaryNode { Left.Kind: ValueKind.Scalar, Right.Kind: ValueKind.Vector } binary => IsConstant(binary.Left) && IsChain(binary.Right),
        CallNode { RangeArgument: < 0, Arguments.Count: > 0 } call => IsElementWise(call.Function) && OthersAreConstant(call, 0) && IsChain(call.Arguments[0]),
        _ => IsLeaf(node),
    };

    private static bool IsElementWise(string function) =>
        MathFunctions.ByName.ContainsKey(function) || DateFunctions.ByName.ContainsKey(function) || function is "round" or "clamp" or "clamp_min" or "clamp_max";

    private static bool OthersAreConstant(CallNode call, int vector)
    {
        for (var i = 0; i < call.Arguments.Count; i++)
            if (i != vector && !IsConstant(call.Arguments[i]))
                return false;
        return true;
    }

    /// <summary>A scalar that no series decides.</summary>
    private static bool IsConstant(PlanNode node) => node switch
    {
        NumberNode or CallNode { Function: "time" } => true,
        NegateNode or BinaryNode or RepeatNode or CallNode { Function: "max_of" or "min_of" } => node.Kind == ValueKind.Scalar && node.Children.All(IsConstant),
        _ => false,
    };
}
