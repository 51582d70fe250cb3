using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>
/// rate, increase and delta over anchored and smoothed selectors: values exactly at the window's edges, taken from the sample before (anchored) or interpolated
/// between neighbours (smoothed), nothing extrapolated.
/// </summary>
internal sealed class ExtendedRate(bool isCounter, bool perSecond)
{
    public void Compute(in RangeSeries series, Column into)
    {
        for (var step = 0; step < series.Steps; step++)
        {
            if (series.HistogramCount(step) > 0)
            {
                if (series.FloatCount(step) > 0)
                    series.Notes.MixedTypes();
                else
                    QueryFailure.ThrowHistogramArithmetic("rate");
                continue;
            }
            if (series.FloatCount(step) > 0 && Change(series, step) is { } change)
                into.Set(step, perSecond ? change / series.Window.RangeSeconds : change);
        }
    }

    private double? Change(in RangeSeries series, int step)
    {
        var times = series.TimesOf(step);
        var values = series.FloatsOf(step);
        var start = series.Window.Start(step);
        var end = series.Window.End(step);
        var smoothed = series.Window.Extension == RangeExtension.Smoothed;
        if (!WindowEdges.Find(times, start, end, smoothed, out var first, out var last))
            return null;
        if (smoothed && times[first] > end)
            return null;
        var left = WindowEdges.Left(times, values, first, start, smoothed, isCounter);
        var right = WindowEdges.Right(times, values, last, end, smoothed, isCounter);
        var change = right - left;
        if (!isCounter)
            return change;

        // The edges already account for resets between the outermost samples.
        if (times[first] <= start)
            first++;
        if (times[last] >= end)
            last--;
        var correction = 0.0;
        var previous = left;
        for (var i = first; i <= last; i++)
        {
            if (values[i] < previous)
                correction += previous;
            previous = values[i];
        }
        if (right < previous)
            correction += previous;
        return change + correction;
    }
}

/// <summary>The values of a series at the two edges of a window.</summary>
internal static class WindowEdges
{
    /// <summary>The samples that decide the edges: the last at or before the start (else the first), and the last, or when smoothed the first at or after the end.</summary>
    /// <returns>False when no sample lies after the start.</returns>
    public static bool Find(ReadOnlySpan<long> times, long start, long end, bool smoothed, out int first, out int last)
    {
        last = times.Length - 1;
        first = Math.Max(0, FirstAfter(times[..last], start) - 1);
        if (smoothed)
            last = FirstAfter(times[..last], end - 1);
        return times[last] > start;
    }

    public static double Left(ReadOnlySpan<long> times, ReadOnlySpan<double> values, int first, long start, bool smoothed, bool isCounter) =>
        smoothed && times[first] < start ? Interpolate(times, values, first, start, isCounter) : values[first];

    public static double Right(ReadOnlySpan<long> times, ReadOnlySpan<double> values, int last, long end, bool smoothed, bool isCounter) =>
        smoothed && last > 0 && times[last] > end ? Interpolate(times, values, last - 1, end, isCounter) : values[last];

    /// <summary>Between samples i and i+1; a counter that was reset between them starts from zero.</summary>
    public static double Interpolate(ReadOnlySpan<long> times, ReadOnlySpan<double> values, int i, long at, bool isCounter)
    {
        var (from, to) = (values[i], values[i + 1]);
        if (isCounter && to < from)
            from = 0;
        return from + ((to - from) * (at - times[i]) / (times[i + 1] - times[i]));
    }

    private static int FirstAfter(ReadOnlySpan<long> times, long time)
    {
        var (low, high) = (0, times.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (times[middle] > time)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
