using ActorMon.Model.Matchers;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Planning;

/// <summary>
/// One node of the logical plan: the query with every duration, @ and query-context function resolved to numbers. Nodes are immutable values; rewrites build new ones.
/// Two nodes with equal <see cref="Key"/> compute the same on the same steps.
/// </summary>
internal abstract record PlanNode(ValueKind Kind, TextRange Place)
{
    public abstract IReadOnlyList<PlanNode> Children { get; }

    public abstract PlanNode With(IReadOnlyList<PlanNode> children);

    /// <summary>What the node does, without its children: part of the key and of EXPLAIN.</summary>
    public abstract string Describe();

    public string Key => Children.Count == 0 ? Describe() : $"{Describe()}({string.Join(", ", Children.Select(child => child.Key))})";
}

internal abstract record LeafNode(ValueKind Kind, TextRange Place) : PlanNode(Kind, Place)
{
    public override IReadOnlyList<PlanNode> Children => [];
    public override PlanNode With(IReadOnlyList<PlanNode> children) => this;
}

internal sealed record NumberNode(double Value, TextRange Place) : LeafNode(ValueKind.Scalar, Place)
{
    public override string Describe() => "number " + GoFloat.FormatG(Value);
}

internal sealed record StringNode(string Value, TextRange Place) : LeafNode(ValueKind.String, Place)
{
    public override string Describe() => "string " + GoQuote.Quote(Value);
}

/// <summary>Which series and when: effective time = (@ or the step's time) - offset, milliseconds.</summary>
internal sealed record SelectorSpec(IReadOnlyList<Matcher> Matchers, long OffsetMs, long? AtMs, RangeExtension Extension)
{
    public string Describe() => $"{{{string.Join(",", Matchers)}}} offset {OffsetMs} @ {AtMs} {Extension}";
}

internal sealed record SelectNode(SelectorSpec Selector, TextRange Place) : LeafNode(ValueKind.Vector, Place)
{
    public override string Describe() => "select " + Selector.Describe();
}

internal sealed record RangeSelectNode(SelectorSpec Selector, long RangeMs, TextRange Place) : LeafNode(ValueKind.Matrix, Place)
{
    public override string Describe() => $"range {RangeMs} {Selector.Describe()}";
}

internal sealed record SubqueryNode(PlanNode Inner, long RangeMs, long StepMs, long OffsetMs, long? AtMs, TextRange Place) : PlanNode(ValueKind.Matrix, Place)
{
    public override IReadOnlyList<PlanNode> Children => [Inner];
    public override PlanNode With(IReadOnlyList<PlanNode> children) => this with { Inner = children[0] };
    public override string Describe() => $"subquery {RangeMs}:{StepMs} offset {OffsetMs} @ {AtMs}";
}

/// <summary>Any function; <see cref="Arguments"/> as written, parentheses around them dropped.</summary>
internal sealed record CallNode(string Function, IReadOnlyList<PlanNode> Arguments, ValueKind Kind, TextRange Place) : PlanNode(Kind, Place)
{
    public override IReadOnlyList<PlanNode> Children => Arguments;
    public override PlanNode With(IReadOnlyList<PlanNode> children) => this with { Arguments = children };
    public override string Describe() => "call " + Function;

    /// <summary>Index of the range vector argument, -1 when there is none.</summary>
    public int RangeArgument
    {
        get
        {
            for (var i = 0; i < Arguments.Count; i++)
                if (Arguments[i].Kind == ValueKind.Matrix)
                    return i;
            return -1;
        }
    }
}

internal sealed record NegateNode(PlanNode Operand, TextRange Place) : PlanNode(Operand.Kind, Place)
{
    public override IReadOnlyList<PlanNode> Children => [Operand];
    public override PlanNode With(IReadOnlyList<PlanNode> children) => this with { Operand = children[0] };
    public override string Describe() => "negate";
}

internal sealed record BinaryNode(BinaryOp Op, PlanNode Left, PlanNode Right, VectorMatching? Matching, bool ReturnBool, TextRange Place)
    : PlanNode(Left.Kind == ValueKind.Scalar && Right.Kind == ValueKind.Scalar ? ValueKind.Scalar : ValueKind.Vector, Place)
{
    public override IReadOnlyList<PlanNode> Children => [Left, Right];
    public override PlanNode With(IReadOnlyList<PlanNode> children) => this with { Left = children[0], Right = children[1] };

    public override string Describe()
    {
        var matching = Matching is { } m
            ? $" {m.Cardinality} {(m.On ? "on" : "ignoring")} [{string.Join(",", m.MatchingLabels)}] include [{string.Join(",", m.Include)}] fill {m.FillLeft} {m.FillRight}"
            : "";
        return $"binary {Op}{(ReturnBool ? " bool" : "")}{matching}";
    }
}

internal sealed record AggregateNode(AggregateOp Op, PlanNode Operand, PlanNode? Parameter, IReadOnlyList<string> Grouping, bool Without, TextRange Place)
    : PlanNode(ValueKind.Vector, Place)
{
    public override IReadOnlyList<PlanNode> Children => Parameter is null ? [Operand] : [Operand, Parameter];
    public override PlanNode With(IReadOnlyList<PlanNode> children) => this with { Operand = children[0], Parameter = children.Count > 1 ? children[1] : null };
    public override string Describe() => $"aggregate {Op} {(Without ? "without" : "by")} [{string.Join(",", Grouping)}]";
}

/// <summary>A step-invariant part: evaluated at the first step alone, its value repeated at all.</summary>
internal sealed record RepeatNode(PlanNode Inner) : PlanNode(Inner.Kind, Inner.Place)
{
    public override IReadOnlyList<PlanNode> Children => [Inner];
    public override PlanNode With(IReadOnlyList<PlanNode> children) => new RepeatNode(children[0]);
    public override string Describe() => "repeat";
}

/// <summary>A part the query has several times: computed once, replayed to each user.</summary>
internal sealed record SharedNode(string SharedKey, int Uses, PlanNode Inner) : PlanNode(Inner.Kind, Inner.Place)
{
    public override IReadOnlyList<PlanNode> Children => [Inner];
    public override PlanNode With(IReadOnlyList<PlanNode> children) => this with { Inner = children[0] };
    public override string Describe() => $"shared x{Uses}";
}
