using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Planning;

/// <summary>Duration expressions to milliseconds, once the query's step and range (seconds) are known. Errors as the peer words them.</summary>
internal readonly struct DurationEvaluator(double stepSeconds, double rangeSeconds)
{
    // The peer holds durations in nanoseconds in an int64.
    private const double MaxSeconds = 9223372036.854775807;

    public long Milliseconds(QueryDuration duration, bool mayBeNegative)
    {
        if (duration.Expression is not { } expression)
            return duration.Milliseconds;
        var seconds = Seconds(expression);
        var place = expression.Position;
        if (!double.IsFinite(seconds))
            QueryFailure.Throw($"{place.Start}:{place.End}: duration is NaN or infinite");
        if (seconds <= 0 && !mayBeNegative)
            QueryFailure.Throw($"{place.Start}:{place.End}: duration must be greater than 0");
        if (Math.Abs(seconds) > MaxSeconds)
            QueryFailure.Throw($"{place.Start}:{place.End}: duration is out of range");
        return (long)(seconds * 1000);
    }

    private double Seconds(DurationExpr expression) => expression switch
    {
        DurationNumber number => number.Seconds,
        DurationStep => stepSeconds,
        DurationRange => rangeSeconds,
        DurationNegate negate => -Seconds(negate.Operand),
        DurationBinary binary => Apply(binary, Seconds(binary.Left), Seconds(binary.Right)),
        _ => throw new InvalidOperationException($"unexpected duration expression {expression.GetType().Name}"),
    };

    private static double Apply(DurationBinary node, double left, double right)
    {
        if (right == 0 && node.Op is DurationOp.Div or DurationOp.Mod)
            QueryFailure.Throw($"{node.Position.Start}:{node.Position.End}: {(node.Op == DurationOp.Div ? "division" : "modulo")} by zero");
        return node.Op switch
        {
            DurationOp.Add => left + right,
            DurationOp.Sub => left - right,
            DurationOp.Mul => left * right,
            DurationOp.Div => left / right,
            DurationOp.Mod => left % right,
            DurationOp.Pow => Math.Pow(left, right),
            DurationOp.MinOf => Math.Min(left, right),
            _ => Math.Max(left, right),
        };
    }
}
