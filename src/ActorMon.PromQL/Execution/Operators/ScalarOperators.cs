using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Functions;

namespace ActorMon.PromQL.Execution.Operators;

internal sealed class ConstantScalar(StepGrid grid, double value) : ScalarOperator
{
    public override double[] Evaluate()
    {
        var values = new double[grid.Count];
        Array.Fill(values, value);
        return values;
    }
}

/// <summary>time(): the step's time in seconds.</summary>
internal sealed class TimeScalar(StepGrid grid) : ScalarOperator
{
    public override double[] Evaluate()
    {
        var values = new double[grid.Count];
        for (var step = 0; step < values.Length; step++)
            values[step] = grid.TimeAt(step) / 1000.0;
        return values;
    }
}

internal sealed class BinaryScalar(ScalarOperator left, ScalarOperator right, Func<double, double, double> function) : ScalarOperator
{
    public override double[] Evaluate()
    {
        var (a, b) = (left.Evaluate(), right.Evaluate());
        var values = new double[a.Length];
        for (var step = 0; step < values.Length; step++)
            values[step] = function(a[step], b[step]);
        return values;
    }

    public static BinaryScalar Of(BinaryOp op, ScalarOperator left, ScalarOperator right) => new(left, right, (a, b) => ScalarMath.Binary(op, a, b));
}

internal sealed class NegateScalar(ScalarOperator operand) : ScalarOperator
{
    public override double[] Evaluate() => [.. operand.Evaluate().Select(value => -value)];
}

internal sealed class RepeatScalar(StepGrid grid, ScalarOperator once) : ScalarOperator
{
    public override double[] Evaluate()
    {
        var values = new double[grid.Count];
        Array.Fill(values, once.Evaluate()[0]);
        return values;
    }
}

/// <summary>scalar(v): the only float of the step, NaN when there is none or more.</summary>
internal sealed class VectorToScalar(SeriesOperator vector) : ScalarOperator
{
    public override double[] Evaluate()
    {
        var steps = vector.Grid.Count;
        var values = new double[steps];
        var found = new int[steps];
        Array.Fill(values, double.NaN);
        var column = new Column(steps);
        var count = vector.Open().Count;
        for (var i = 0; i < count; i++)
        {
            vector.Next(column);
            column.DropHistograms();
            foreach (var step in Bits.Steps(column.Present))
                values[step] = found[step]++ == 0 ? column.Values[step] : double.NaN;
        }
        return values;
    }
}
