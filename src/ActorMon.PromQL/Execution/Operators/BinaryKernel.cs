using ActorMon.Model.Histograms;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>One binary operation over whole columns: comparisons filter (or give 0 / 1 with bool), combinations of floats and histograms that mean nothing are dropped with an info.</summary>
internal sealed class BinaryKernel(BinaryOp op, bool returnBool, AnnotationSet annotations, TextRange place)
{
    /// <summary>
    /// Computes where both have a value. <paramref name="result"/> may be one of the inputs' own column only if it is <paramref name="left"/>.
    /// <paramref name="matched"/>: the steps that had an operation at all, comparisons that filter included.
    /// </summary>
    public void Apply(Column left, Column right, Column result, Span<ulong> matched)
    {
        if (left.HasHistograms || right.HasHistograms)
        {
            ApplyMixed(left, right, result, matched);
            return;
        }
        if (!ReferenceEquals(left, result))
            result.Clear();
        var present = result.Present;
        for (var i = 0; i < present.Length; i++)
            matched[i] = present[i] = left.Present[i] & right.Present[i];
        if (ScalarMath.IsComparison(op))
            Compare(left.Values, right.Values, result);
        else if (ScalarMath.IsTrim(op))
        {
            if (!result.IsEmpty)
                Incompatible("float", "float");
            result.Clear();
            matched.Clear();
        }
        else
            Compute(op, left.Values, right.Values, result.Values);
    }

    /// <summary>A column against the scalar of each step. A comparison keeps the vector's value on either side.</summary>
    public void ApplyScalar(Column column, double[] scalar, bool scalarIsLeft)
    {
        if (column.HasHistograms || ScalarMath.IsTrim(op))
            ScalarWithHistograms(column, scalarIsLeft);
        if (ScalarMath.IsTrim(op))
            return;
        var values = column.Values;
        if (!ScalarMath.IsComparison(op))
        {
            if (scalarIsLeft)
                Compute(op, scalar, values, values);
            else
                Compute(op, values, scalar, values);
            return;
        }
        foreach (var step in Bits.Steps(column.Present))
        {
            var holds = scalarIsLeft ? ScalarMath.Compare(op, scalar[step], values[step]) : ScalarMath.Compare(op, values[step], scalar[step]);
            if (returnBool)
                values[step] = holds ? 1 : 0;
            else if (!holds)
                column.Unset(step);
        }
    }

    private void Compare(double[] left, double[] right, Column result)
    {
        var values = result.Values;
        foreach (var step in Bits.Steps(result.Present))
        {
            var holds = ScalarMath.Compare(op, left[step], right[step]);
            if (returnBool)
                values[step] = holds ? 1 : 0;
            else if (holds)
                values[step] = left[step];
            else
                result.Unset(step);
        }
    }

    /// <summary>All steps alike: computing on absent ones is cheaper than asking.</summary>
    private static void Compute(BinaryOp op, ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result)
    {
        right = right[..left.Length];
        result = result[..left.Length];
        switch (op)
        {
            case BinaryOp.Add:
                for (var i = 0; i < left.Length; i++)
                    result[i] = left[i] + right[i];
                break;
            case BinaryOp.Sub:
                for (var i = 0; i < left.Length; i++)
                    result[i] = left[i] - right[i];
                break;
            case BinaryOp.Mul:
                for (var i = 0; i < left.Length; i++)
                    result[i] = left[i] * right[i];
                break;
            case BinaryOp.Div:
                for (var i = 0; i < left.Length; i++)
                    result[i] = left[i] / right[i];
                break;
            default:
                for (var i = 0; i < left.Length; i++)
                    result[i] = ScalarMath.Binary(op, left[i], right[i]);
                break;
        }
    }

    private void ApplyMixed(Column left, Column right, Column result, Span<ulong> matched)
    {
        var (a, b) = (left, right);
        if (ReferenceEquals(left, result))
        {
            a = new Column(left.Steps);
            a.CopyFrom(left);
        }
        result.Clear();
        matched.Clear();
        foreach (var step in Bits.Steps(a.Present))
        {
            if (!b.Has(step))
                continue;
            var (leftIs, rightIs) = (a.HistogramAt(step) is not null, b.HistogramAt(step) is not null);
            if (leftIs && rightIs && (op is BinaryOp.Eql or BinaryOp.Neq))
            {
                Bits.Set(matched, step);
                CompareHistograms(a.HistogramAt(step)!, b.HistogramAt(step)!, step, result);
                continue;
            }
            if (leftIs || rightIs || ScalarMath.IsTrim(op))
            {
                RequireNoArithmetic(leftIs, rightIs);
                Incompatible(leftIs ? "histogram" : "float", rightIs ? "histogram" : "float");
                continue;
            }
            Bits.Set(matched, step);
            var (x, y) = (a.Values[step], b.Values[step]);
            if (!ScalarMath.IsComparison(op))
                result.Set(step, ScalarMath.Binary(op, x, y));
            else if (ScalarMath.Compare(op, x, y) is var holds && (holds || returnBool))
                result.Set(step, returnBool ? holds ? 1 : 0 : x);
        }
    }

    private void CompareHistograms(NativeHistogram left, NativeHistogram right, int step, Column result)
    {
        var holds = left.SameContent(right) == (op == BinaryOp.Eql);
        if (returnBool)
            result.Set(step, holds ? 1 : 0);
        else if (holds)
            result.Set(step, left);
    }

    private void ScalarWithHistograms(Column column, bool scalarIsLeft)
    {
        foreach (var step in Bits.Steps(column.Present))
        {
            var histogram = column.HistogramAt(step) is not null;
            if (!histogram && !ScalarMath.IsTrim(op))
                continue;
            RequireNoArithmetic(histogram && !scalarIsLeft, histogram && scalarIsLeft);
            Incompatible(histogram && !scalarIsLeft ? "histogram" : "float", histogram && scalarIsLeft ? "histogram" : "float");
            column.Unset(step);
        }
        column.DropHistograms();
    }

    /// <summary>Fails for the combinations that have a meaning: they compute new histograms.</summary>
    private void RequireNoArithmetic(bool leftIsHistogram, bool rightIsHistogram)
    {
        var meaningful = (leftIsHistogram, rightIsHistogram) switch
        {
            (true, true) => op is BinaryOp.Add or BinaryOp.Sub,
            (true, false) => op is BinaryOp.Mul or BinaryOp.Div or BinaryOp.TrimLower or BinaryOp.TrimUpper,
            (false, true) => op is BinaryOp.Mul,
            _ => false,
        };
        if (meaningful)
            QueryFailure.ThrowHistogramArithmetic($"operator {op.Symbol()}");
    }

    private void Incompatible(string left, string right)
    {
        var symbol = op.Symbol();
        annotations.Inform($"incompatible sample types encountered for binary operator {GoQuote.Quote(symbol)}: {left} {symbol} {right}", place);
    }
}
