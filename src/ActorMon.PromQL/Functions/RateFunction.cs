using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>
/// rate, increase and delta: last minus first sample of the window, counters corrected for resets, extrapolated to the window's edges when samples come close
/// to them (1.1 average distances), else by half an average distance; a counter is never extrapolated below zero.
/// </summary>
internal sealed class RateFunction(bool isCounter, bool perSecond) : RangeFunction
{
    private readonly CounterResets _resets = new();
    private readonly ExtendedRate _extended = new(isCounter, perSecond);
    private WindowEdgeTimes[] _edges = [];
    private int _edgesVersion = -1;

    public override void Compute(in RangeSeries series, Column into)
    {
        if (series.Window.Extension != RangeExtension.None)
        {
            _extended.Compute(series, into);
            return;
        }
        if (isCounter)
            _resets.Find(series.Values, series.Times, series.StartTimes);
        if (series.Histograms.IsEmpty && series.StartTimes.IsEmpty)
        {
            FloatsOnly(series, into);
            return;
        }
        for (var step = 0; step < series.Steps; step++)
        {
            if (series.HistogramCount(step) > 0)
            {
                if (series.FloatCount(step) > 0)
                    series.Notes.MixedTypes();
                else if (series.HistogramCount(step) > 1)
                    QueryFailure.ThrowHistogramArithmetic("rate");
                continue;
            }
            if (series.FloatCount(step) >= 2 || (series.FloatCount(step) == 1 && StartsInside(series, step)))
                into.Set(step, Extrapolated(series, step));
        }
    }

    /// <summary>What follows from the times alone is computed once for all series that share them.</summary>
    private void FloatsOnly(in RangeSeries series, Column into)
    {
        if (series.WindowVersion < 0 || series.WindowVersion != _edgesVersion)
            FindEdges(series);
        var values = series.Values;
        var first = series.First;
        var limit = series.Limit;
        var edges = _edges.AsSpan(0, series.Steps);
        var rangeSeconds = series.Window.RangeSeconds;
        var output = into.Values.AsSpan(0, edges.Length);
        for (var step = 0; step < edges.Length; step++)
        {
            if (limit[step] - first[step] < 2)
                continue;
            ref readonly var edge = ref edges[step];
            var start = values[first[step]];
            var change = values[limit[step] - 1] - start;
            if (isCounter)
                change = _resets.Correct(change, values, first[step], limit[step]);
            var factor = edge.Factor;
            if (isCounter && change > 0 && start >= 0 && edge.Sampled * (start / change) is var toZero && toZero < edge.ToStart)
                factor = edge.FactorFrom(toZero, perSecond, rangeSeconds);
            output[step] = change * factor;
            Bits.Set(into.Present, step);
        }
    }

    private void FindEdges(in RangeSeries series)
    {
        if (_edges.Length < series.Steps)
            _edges = new WindowEdgeTimes[series.Steps];
        for (var step = 0; step < series.Steps; step++)
            if (series.FloatCount(step) >= 2)
                _edges[step] = WindowEdgeTimes.Of(series, step, perSecond);
        _edgesVersion = series.WindowVersion;
    }

    /// <summary>The window's first sample began to count inside the window: there it was zero, and nothing needs to be guessed on the left.</summary>
    private bool StartsInside(in RangeSeries series, int step)
    {
        if (!isCounter || series.StartTimes.IsEmpty)
            return false;
        var first = series.First[step];
        var start = series.StartTimes[first];
        return start != 0 && start > series.Window.Start(step) && start < series.Times[first];
    }

    private static void LookForOverlap(in RangeSeries series, int step)
    {
        series.Query.Spend(series.FloatCount(step));
        for (var i = series.First[step] + 1; i < series.Limit[step]; i++)
        {
            if (!StartTimeRules.Overlaps(series.StartTimes[i - 1], series.Times[i - 1], series.StartTimes[i]))
                continue;
            series.Notes.StartTimeOverlaps();
            return;
        }
    }

    private double Extrapolated(in RangeSeries series, int step)
    {
        var (first, last) = (series.First[step], series.Limit[step] - 1);
        var values = series.Values;
        var change = values[last] - values[first];
        if (isCounter)
            change = _resets.Correct(change, values, first, last + 1);
        if (isCounter && !series.StartTimes.IsEmpty)
            LookForOverlap(series, step);
        var edge = WindowEdgeTimes.Of(series, step, perSecond);
        if (StartsInside(series, step))
        {
            edge = edge with { Sampled = (series.Times[last] - series.StartTimes[first]) / 1000.0 };
            return (change + values[first]) * edge.FactorFrom(0, perSecond, series.Window.RangeSeconds);
        }
        var toStart = edge.ToStart;
        if (isCounter && change > 0 && values[first] >= 0 && edge.Sampled * (values[first] / change) is var toZero && toZero < toStart)
            toStart = toZero;
        return change * edge.FactorFrom(toStart, perSecond, series.Window.RangeSeconds);
    }
}

/// <summary>
/// A window's extrapolation as far as times decide it, in seconds. Sampled: first to last sample; ToStart, ToEnd: how far the series is taken to reach beyond them;
/// Factor: what the change is multiplied with when nothing shortens the way to the start.
/// </summary>
internal readonly record struct WindowEdgeTimes(double Sampled, double ToStart, double ToEnd, double Factor)
{
    public static WindowEdgeTimes Of(in RangeSeries series, int step, bool perSecond)
    {
        var (first, last) = (series.First[step], series.Limit[step] - 1);
        var (firstTime, lastTime) = (series.Times[first], series.Times[last]);
        var toStart = (firstTime - series.Window.Start(step)) / 1000.0;
        var toEnd = (series.Window.End(step) - lastTime) / 1000.0;
        var sampled = (lastTime - firstTime) / 1000.0;
        var average = last > first ? sampled / (last - first) : 0;
        var threshold = average * 1.1;
        if (toStart >= threshold)
            toStart = average / 2;
        if (toEnd >= threshold)
            toEnd = average / 2;
        var edge = new WindowEdgeTimes(sampled, toStart, toEnd, 0);
        return edge with { Factor = edge.FactorFrom(toStart, perSecond, series.Window.RangeSeconds) };
    }

    public double FactorFrom(double toStart, bool perSecond, double rangeSeconds)
    {
        var factor = Sampled == 0 ? 1 : (Sampled + toStart + ToEnd) / Sampled;
        return perSecond ? factor / rangeSeconds : factor;
    }
}
