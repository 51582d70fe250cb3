namespace ActorMon.PromQL.Ast;

public enum DurationOp : byte
{
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    MinOf,
    MaxOf,
}

/// <summary>An arithmetic expression inside a duration; values are seconds.</summary>
public abstract record DurationExpr(TextRange Position)
{
    /// <summary>Where the parentheses around it were written, null without any. For the printer: evaluation does not look at it.</summary>
    public TextRange? Parentheses { get; init; }
}

public sealed record DurationNumber(double Seconds, bool WrittenAsDuration, TextRange Position) : DurationExpr(Position);

/// <summary>step(): the query's step in seconds, 0 for an instant query.</summary>
public sealed record DurationStep(TextRange Position) : DurationExpr(Position);

/// <summary>range(): the query's end - start in seconds.</summary>
public sealed record DurationRange(TextRange Position) : DurationExpr(Position);

public sealed record DurationNegate(DurationExpr Operand, TextRange Position) : DurationExpr(Position);

/// <summary>Wrapped: written in parentheses (kept for the printer).</summary>
public sealed record DurationBinary(DurationOp Op, DurationExpr Left, DurationExpr Right, bool Wrapped, TextRange Position) : DurationExpr(Position);
