using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>
/// resets (decreases) and changes (differing neighbours; NaN to NaN is none) within a window. The events of a series are found once; a window counts those inside it.
/// </summary>
internal sealed class CountingFunction(bool resets) : RangeFunction
{
    private readonly CounterResets _resets = new();
    private int[] _before = [];

    public override void Compute(in RangeSeries series, Column into)
    {
        if (resets)
            _resets.Find(series.Values, series.Times, series.StartTimes);
        else
            CountChanges(series.Values);
        for (var step = 0; step < series.Steps; step++)
        {
            var (first, limit) = (series.First[step], series.Limit[step]);
            if (series.HistogramCount(step) > 0)
            {
                MixedWindow(series, step, into);
                continue;
            }
            if (limit == first || (series.Window.Extension == RangeExtension.Anchored && !Anchor(series, step, ref first)))
                continue;
            into.Set(step, resets ? _resets.Count(first, limit) : _before[limit - 1] - _before[first]);
        }
    }

    /// <summary>_before[i]: changes at samples 1..i, a change lying between a sample and the one before it.</summary>
    private void CountChanges(ReadOnlySpan<double> values)
    {
        if (_before.Length < values.Length)
            _before = new int[values.Length * 2];
        if (values.IsEmpty)
            return;
        var count = 0;
        var before = values[0];
        _before[0] = 0;
        for (var i = 1; i < values.Length; i++)
        {
            var now = values[i];
            // Without branches: gauges change at random. NaN differs from itself, which is no change.
            count += Convert.ToInt32(now != before) & ~Convert.ToInt32(double.IsNaN(now) & double.IsNaN(before));
            _before[i] = count;
            before = now;
        }
    }

    private bool IsEvent(double before, double now) =>
        resets ? now < before : now != before && !(double.IsNaN(now) && double.IsNaN(before));

    private bool StartsAnew(in RangeSeries series, int before, int now) => resets && !series.StartTimes.IsEmpty
        && StartTimeRules.IsReset(series.StartTimes[before], series.Times[before], series.StartTimes[now], series.Times[now]);

    /// <summary>Skips samples older than the last one at or before the window's start; false when none lies after the start.</summary>
    private static bool Anchor(in RangeSeries series, int step, ref int first)
    {
        var start = series.Window.Start(step);
        var limit = series.Limit[step];
        if (series.Times[limit - 1] <= start)
            return false;
        while (first + 1 < limit && series.Times[first + 1] <= start)
            first++;
        return true;
    }

    /// <summary>As <see cref="Anchor"/>, the anchor being the last sample of either type at or before the window's start.</summary>
    private static bool AnchorBoth(in RangeSeries series, int step, ref int f, ref int h)
    {
        var start = series.Window.Start(step);
        var (fLimit, hLimit) = (series.Limit[step], series.HistogramLimit[step]);
        var (firstFloat, firstHistogram) = (f, h);
        while (f < fLimit && series.Times[f] <= start)
            f++;
        while (h < hLimit && series.HistogramTimes[h] <= start)
            h++;
        if (f == fLimit && h == hLimit)
            return false;
        var (floatBefore, histogramBefore) = (f > firstFloat, h > firstHistogram);
        if (floatBefore && (!histogramBefore || series.Times[f - 1] >= series.HistogramTimes[h - 1]))
            f--;
        else if (histogramBefore)
            h--;
        return true;
    }

    /// <summary>A change of type is an event; so is a change of content between two histograms; a reset between them would have to be detected bucket by bucket.</summary>
    private void MixedWindow(in RangeSeries series, int step, Column into)
    {
        var (f, h) = (series.First[step], series.HistogramFirst[step]);
        var (fLimit, hLimit) = (series.Limit[step], series.HistogramLimit[step]);
        if (series.Window.Extension == RangeExtension.Anchored && !AnchorBoth(series, step, ref f, ref h))
            return;
        var events = 0;
        int? previousFloat = null;
        var previousWasHistogram = false;
        while (f < fLimit || h < hLimit)
        {
            if (h >= hLimit || (f < fLimit && series.Times[f] < series.HistogramTimes[h]))
            {
                if (previousWasHistogram || (previousFloat is { } p && (IsEvent(series.Values[p], series.Values[f]) || StartsAnew(series, p, f))))
                    events++;
                (previousFloat, previousWasHistogram) = (f++, false);
            }
            else
            {
                if (previousWasHistogram && resets)
                    QueryFailure.ThrowHistogramArithmetic("resets");
                if (previousFloat is not null || (previousWasHistogram && !series.Histograms[h].SameContent(series.Histograms[h - 1])))
                    events++;
                (previousFloat, previousWasHistogram) = (null, true);
                h++;
            }
        }
        into.Set(step, events);
    }
}
