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

    public override void Compute(in RangeSeries series, Column into)
    {
        if (series.Window.Extension != RangeExtension.None)
        {
            _extended.Compute(series, into);
            return;
        }
        if (isCounter)
            _resets.Find(series.Values, series.Times, series.StartTimes);
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

        var (firstTime, lastTime) = (series.Times[first], series.Times[last]);
        var toStart = (firstTime - series.Window.Start(step)) / 1000.0;
        var toEnd = (series.Window.End(step) - lastTime) / 1000.0;
        var sampled = (lastTime - firstTime) / 1000.0;
        var average = last > first ? sampled / (last - first) : 0;
        var threshold = average * 1.1;
        if (StartsInside(series, step))
        {
            toStart = 0;
            sampled = (lastTime - series.StartTimes[first]) / 1000.0;
            change += values[first];
        }
        else
        {
            if (toStart >= threshold)
                toStart = average / 2;
            if (isCounter && change > 0 && values[first] >= 0)
            {
                var toZero = sampled * (values[first] / change);
                if (toZero < toStart)
                    toStart = toZero;
            }
        }
        if (toEnd >= threshold)
            toEnd = average / 2;
        var factor = sampled == 0 ? 1 : (sampled + toStart + toEnd) / sampled;
        if (perSecond)
            factor /= series.Window.RangeSeconds;
        return change * factor;
    }
}
