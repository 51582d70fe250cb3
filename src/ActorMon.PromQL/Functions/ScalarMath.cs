using System.Runtime.CompilerServices;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;

namespace ActorMon.PromQL.Functions;

/// <summary>Arithmetic and comparison of two floats, IEEE 754; % has the sign of the dividend.</summary>
internal static class ScalarMath
{
    public static double Binary(BinaryOp op, double left, double right) => op switch
    {
        BinaryOp.Add => left + right,
        BinaryOp.Sub => left - right,
        BinaryOp.Mul => left * right,
        BinaryOp.Div => left / right,
        BinaryOp.Mod => left % right,
        BinaryOp.Pow => Math.Pow(left, right),
        BinaryOp.Atan2 => Math.Atan2(left, right),
        BinaryOp.TrimLower or BinaryOp.TrimUpper => NoTrim(op),
        _ => Compare(op, left, right) ? 1 : 0,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Compare(BinaryOp op, double left, double right) => op switch
    {
        BinaryOp.Eql => left == right,
        BinaryOp.Neq => left != right,
        BinaryOp.Gtr => left > right,
        BinaryOp.Lss => left < right,
        BinaryOp.Gte => left >= right,
        BinaryOp.Lte => left <= right,
        _ => throw new InvalidOperationException($"{op} does not compare"),
    };

    public static bool IsComparison(BinaryOp op) => op is BinaryOp.Eql or BinaryOp.Neq or BinaryOp.Gtr or BinaryOp.Lss or BinaryOp.Gte or BinaryOp.Lte;

    /// <summary>These cut buckets off histograms and mean nothing between floats.</summary>
    public static bool IsTrim(BinaryOp op) => op is BinaryOp.TrimLower or BinaryOp.TrimUpper;

    /// <summary>Arithmetic changes what the number means, so the metric's name no longer fits.</summary>
    public static bool DropsName(BinaryOp op) => op is BinaryOp.Add or BinaryOp.Sub or BinaryOp.Mul or BinaryOp.Div or BinaryOp.Mod or BinaryOp.Pow or BinaryOp.Atan2;

    private static double NoTrim(BinaryOp op)
    {
        QueryFailure.Throw($"operator {GoQuote.Quote(op.Symbol())} not allowed for Scalar operations");
        return double.NaN;
    }
}
