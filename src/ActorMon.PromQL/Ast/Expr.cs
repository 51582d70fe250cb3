using ActorMon.Model.Matchers;

namespace ActorMon.PromQL.Ast;

/// <summary>Byte offsets of a piece of the query text (UTF-8), end exclusive.</summary>
public readonly record struct TextRange(int Start, int End);

public enum ValueKind : byte
{
    Scalar,
    Vector,
    Matrix,
    String,
    None,
}

/// <summary>A node of a parsed query. Immutable; equality is by reference (positions would make equal queries differ).</summary>
public abstract class Expr
{
    public TextRange Position { get; init; }

    public abstract ValueKind Kind { get; }

    /// <summary>Levels of the tree from here down, 1 for a leaf. The parser keeps it below a limit, so walking a tree recursively is safe.</summary>
    public int Height { get; init; } = 1;
}

public sealed class NumberLiteral(double value) : Expr
{
    public double Value { get; } = value;

    /// <summary>Written as a duration (5m), so printed as one.</summary>
    public bool IsDuration { get; init; }
    public override ValueKind Kind => ValueKind.Scalar;
}

public sealed class StringLiteral(string value) : Expr
{
    public string Value { get; } = value;
    public override ValueKind Kind => ValueKind.String;
}

public sealed class ParenExpr(Expr inner) : Expr
{
    public Expr Inner { get; } = inner;
    public override ValueKind Kind => Inner.Kind;
}

public sealed class UnaryExpr(bool negative, Expr operand) : Expr
{
    public bool Negative { get; } = negative;
    public Expr Operand { get; } = operand;
    public override ValueKind Kind => Operand.Kind;
}

public enum AtKind : byte
{
    None,
    Timestamp,
    Start,
    End,
}

/// <summary>
/// A duration as the query wrote it: a plain number of milliseconds, or an expression over numbers, step(), range(), min_of, max_of that is
/// known only when the query's start, end and step are (duration expressions).
/// </summary>
public sealed record QueryDuration(long Milliseconds, DurationExpr? Expression = null)
{
    public static readonly QueryDuration Zero = new(0);
}

/// <summary>Offset and @ of a selector or subquery. Effective time = (@ or evaluation time) - offset.</summary>
public sealed record TimeShift(QueryDuration Offset, AtKind At = AtKind.None, long AtTimestamp = 0)
{
    public static readonly TimeShift None = new(QueryDuration.Zero);
}

/// <summary>anchored / smoothed modifiers of range selectors (experimental).</summary>
public enum RangeExtension : byte
{
    None,
    Anchored,
    Smoothed,
}

public sealed class VectorSelector(string name, IReadOnlyList<Matcher> matchers) : Expr
{
    /// <summary>The metric name outside the braces, "" when there was none. Also present as a matcher.</summary>
    public string Name { get; } = name;

    /// <summary>All matchers, the one for the name included (last).</summary>
    public IReadOnlyList<Matcher> Matchers { get; } = matchers;
    public TimeShift Shift { get; init; } = TimeShift.None;
    public RangeExtension Extension { get; init; }

    /// <summary>The second argument of info(): it may match everything.</summary>
    public bool MayMatchAll { get; init; }
    public override ValueKind Kind => ValueKind.Vector;
}

public sealed class MatrixSelector(VectorSelector selector, QueryDuration range) : Expr
{
    /// <summary>Carries the matchers and the time shift.</summary>
    public VectorSelector Selector { get; } = selector;
    public QueryDuration Range { get; } = range;
    public override ValueKind Kind => ValueKind.Matrix;
}

public sealed class SubqueryExpr(Expr inner, QueryDuration range, QueryDuration? step) : Expr
{
    public Expr Inner { get; } = inner;
    public QueryDuration Range { get; } = range;

    /// <summary>Null: the server's default evaluation interval.</summary>
    public QueryDuration? Step { get; } = step;
    public TimeShift Shift { get; init; } = TimeShift.None;
    public override ValueKind Kind => ValueKind.Matrix;
}

public sealed class CallExpr(FunctionSignature function, IReadOnlyList<Expr> arguments) : Expr
{
    public FunctionSignature Function { get; } = function;
    public IReadOnlyList<Expr> Arguments { get; } = arguments;
    public override ValueKind Kind => Function.Returns;
}

public enum AggregateOp : byte
{
    Sum,
    Avg,
    Min,
    Max,
    Group,
    Count,
    CountValues,
    Stddev,
    Stdvar,
    TopK,
    BottomK,
    Quantile,
    LimitK,
    LimitRatio,
}

public sealed class AggregateExpr(AggregateOp op, Expr operand, Expr? parameter, IReadOnlyList<string> grouping, bool without) : Expr
{
    public AggregateOp Op { get; } = op;
    public Expr Operand { get; } = operand;

    /// <summary>k, phi, the label of count_values; null for the others.</summary>
    public Expr? Parameter { get; } = parameter;
    public IReadOnlyList<string> Grouping { get; } = grouping;
    public bool Without { get; } = without;
    public override ValueKind Kind => ValueKind.Vector;
}

public enum BinaryOp : byte
{
    Pow,
    Mul,
    Div,
    Mod,
    Atan2,
    Add,
    Sub,
    Eql,
    Neq,
    Lte,
    Lss,
    Gte,
    Gtr,
    TrimUpper,
    TrimLower,
    And,
    Unless,
    Or,
}

public enum MatchCardinality : byte
{
    OneToOne,
    ManyToOne,
    OneToMany,
    ManyToMany,
}

/// <summary>How two vectors are matched: on / ignoring labels, group_left / group_right with included labels, fill values (null: no fill).</summary>
public sealed record VectorMatching
{
    public MatchCardinality Cardinality { get; init; }
    public IReadOnlyList<string> MatchingLabels { get; init; } = [];

    /// <summary>True for on(...), false for ignoring(...) and for no clause.</summary>
    public bool On { get; init; }
    public IReadOnlyList<string> Include { get; init; } = [];
    public double? FillLeft { get; init; }
    public double? FillRight { get; init; }
}

public sealed class BinaryExpr(BinaryOp op, Expr left, Expr right) : Expr
{
    public BinaryOp Op { get; } = op;
    public Expr Left { get; } = left;
    public Expr Right { get; } = right;

    /// <summary>Set exactly when both sides are vectors.</summary>
    public VectorMatching? Matching { get; init; }
    public bool ReturnBool { get; init; }

    /// <summary>The clause as the query wrote it, also where one side is a scalar; for the type check.</summary>
    internal VectorMatching? WrittenMatching { get; init; }
    public override ValueKind Kind => Left.Kind == ValueKind.Scalar && Right.Kind == ValueKind.Scalar ? ValueKind.Scalar : ValueKind.Vector;
}
