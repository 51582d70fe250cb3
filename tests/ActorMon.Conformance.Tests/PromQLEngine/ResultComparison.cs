using System.Globalization;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Results;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>Compares a query's value with what an eval expects.</summary>
internal static class ResultComparison
{
    public static void Compare(EvalCommand command, QueryValue value)
    {
        switch (value)
        {
            case MatrixValue matrix:
                CompareMatrix(command, matrix);
                break;
            case VectorValue vector:
                CompareVector(command, vector);
                break;
            case ScalarValue scalar:
                CompareScalar(command, scalar.Value);
                break;
            case StringValue text:
                if (command.String is null || command.String != text.Value)
                    throw new ScriptException($"expected string \"{command.String}\" but got \"{text.Value}\"");
                break;
        }
    }

    public static void CompareScalar(EvalCommand command, double value)
    {
        if (command.Scalar is not { } expected)
            throw new ScriptException($"expected vector or matrix result, but got scalar: {value}");
        if (!AlmostEqual(expected, value))
            throw new ScriptException($"expected scalar {expected} but got {value}");
    }

    public static void CompareVector(EvalCommand command, VectorValue vector, bool inOrder = true)
    {
        if (command.Scalar is not null)
            throw new ScriptException("expected scalar result, but got vector");
        if (command.RangeVector is not null)
            throw new ScriptException("expected a range vector, but got a vector");
        var seen = new HashSet<LabelSet>();
        for (var i = 0; i < vector.Count; i++)
        {
            var labels = vector.Series[i];
            if (!seen.Add(labels))
                throw new ScriptException($"duplicate series {labels}");
            var at = command.Series.FindIndex(series => series.Labels.Equals(labels));
            if (at < 0)
                throw new ScriptException($"unexpected metric {labels} in result, has value {vector.HistogramAt(i)?.ToString() ?? vector.Values[i].ToString(CultureInfo.InvariantCulture)}");
            if (inOrder && command.ExpectsOrder && at != i)
                throw new ScriptException($"expected metric {labels} at position {at + 1} but was at {i + 1}");
            if (command.Series[at].Values is not [{ } expected])
                throw new ScriptException($"the script expects no single value for {labels}");
            CompareValue(labels, expected, vector.Values[i], vector.HistogramAt(i));
        }
        foreach (var series in command.Series)
            if (!seen.Contains(series.Labels))
                throw new ScriptException($"expected metric {series.Labels} not found");
    }

    private static void CompareMatrix(EvalCommand command, MatrixValue matrix)
    {
        if (command.Scalar is not null)
            throw new ScriptException("expected scalar result, but got matrix");
        var (start, end, step) = command.RangeVector ?? (command.Start, command.End, command.Step);
        if (command.Instant && command.RangeVector is null)
            throw new ScriptException("expected a vector, but got a matrix");
        RequireSorted(matrix);
        var seen = new HashSet<LabelSet>();
        foreach (var series in matrix.Series)
        {
            if (!seen.Add(series.Labels))
                throw new ScriptException($"duplicate series {series.Labels}");
            if (command.Series.Find(known => known.Labels.Equals(series.Labels)) is not { } expected)
                throw new ScriptException($"unexpected metric {series.Labels} in result, has {series.Count} points");
            ComparePoints(expected, series, start, end, step);
        }
        foreach (var series in command.Series)
            if (!seen.Contains(series.Labels))
                throw new ScriptException($"expected metric {series.Labels} not found");
    }

    private static void ComparePoints(ScriptSeries expected, MatrixSeries actual, long start, long end, long step)
    {
        var at = 0;
        for (var i = 0; i < expected.Values.Count; i++)
        {
            if (expected.Values[i] is not { } value)
                continue;
            var time = start + (i * step);
            if (time > end)
                throw new ScriptException($"expected {expected.Values.Count} points for {expected.Labels}, but query time range cannot return this many points");
            if (at >= actual.Count)
                throw new ScriptException($"expected more points for {expected.Labels}, but got {actual.Count}");
            if (actual.Times[at] != time)
                throw new ScriptException($"expected value of {expected.Labels} at {time}, but it is at {actual.Times[at]}");
            CompareValue(expected.Labels, value, actual.Values[at], actual.HistogramAt(at));
            at++;
        }
        if (at != actual.Count)
            throw new ScriptException($"expected {at} points for {expected.Labels}, but got {actual.Count}: {string.Join(' ', actual.Times)}");
    }

    public static void RequireSorted(MatrixValue matrix)
    {
        for (var i = 1; i < matrix.Series.Count; i++)
            if (matrix.Series[i - 1].Labels.CompareTo(matrix.Series[i].Labels) >= 0)
                throw new ScriptException("matrix results should always be sorted by labels");
    }

    private static void CompareValue(LabelSet labels, ScriptValue expected, double value, NativeHistogram? histogram)
    {
        if (expected.Histogram is null != (histogram is null))
            throw new ScriptException($"expected {(expected.Histogram is null ? "float" : "histogram")} for {labels} but got the other kind");
        if (histogram is null)
        {
            if (!AlmostEqual(expected.Value, value))
                throw new ScriptException($"expected {expected.Value} for {labels} but got {value}");
        }
        else if (!SameHistogram(expected.Histogram!, histogram, expected.HintGiven))
            throw new ScriptException($"expected {expected.Histogram} for {labels} but got {histogram}");
    }

    private static bool SameHistogram(NativeHistogram expected, NativeHistogram actual, bool compareHint)
    {
        expected = expected.Compact(0);
        actual = actual.Compact(0);
        return expected.Schema == actual.Schema && AlmostEqual(expected.Count, actual.Count) && AlmostEqual(expected.Sum, actual.Sum)
            && AlmostEqual(expected.ZeroCount, actual.ZeroCount) && expected.ZeroThreshold.Equals(actual.ZeroThreshold)
            && (!expected.UsesCustomBuckets || expected.CustomValues.AsSpan().SequenceEqual(actual.CustomValues))
            && Spans(expected.PositiveSpans).SequenceEqual(Spans(actual.PositiveSpans)) && Spans(expected.NegativeSpans).SequenceEqual(Spans(actual.NegativeSpans))
            && SameBuckets(expected.PositiveBuckets, actual.PositiveBuckets) && SameBuckets(expected.NegativeBuckets, actual.NegativeBuckets)
            && (!compareHint || expected.CounterResetHint == actual.CounterResetHint);
    }

    private static IEnumerable<BucketSpan> Spans(BucketSpan[] spans) => spans.Where(span => span.Length > 0);

    private static bool SameBuckets(double[] a, double[] b) => a.Length == b.Length && a.Zip(b, AlmostEqual).All(same => same);

    private static bool AlmostEqual(double a, double b)
    {
        const double Epsilon = 1e-6;
        const double SmallestNormal = 2.2250738585072014e-308;
        if (SpecialValues.IsStale(a) || SpecialValues.IsStale(b))
            return SpecialValues.IsStale(a) && SpecialValues.IsStale(b);
        if (double.IsNaN(a) && double.IsNaN(b))
            return true;
        if (a == b)
            return true;
        var sum = Math.Abs(a) + Math.Abs(b);
        var difference = Math.Abs(a - b);
        if (a == 0 || b == 0 || sum < SmallestNormal)
            return difference < Epsilon * SmallestNormal;
        return difference / Math.Min(sum, double.MaxValue) < Epsilon;
    }
}
