using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>irate and idelta: the last two samples of the window alone.</summary>
internal sealed class InstantRateFunction(bool isCounter) : RangeFunction
{
    public override void Compute(in RangeSeries series, Column into)
    {
        for (var step = 0; step < series.Steps; step++)
        {
            var histograms = series.HistogramCount(step);
            if (histograms > 0)
            {
                LookAtTypes(series, step);
                if (!LastTwoAreFloats(series, step))
                    continue;
            }
            if (series.FloatCount(step) < 2)
                continue;
            var last = series.Limit[step] - 1;
            var milliseconds = series.Times[last] - series.Times[last - 1];
            if (milliseconds == 0)
                continue;
            var (before, now) = (series.Values[last - 1], series.Values[last]);
            var isReset = isCounter && (now < before || (!series.StartTimes.IsEmpty
                && StartTimeRules.IsReset(series.StartTimes[last - 1], series.Times[last - 1], series.StartTimes[last], series.Times[last])));
            var change = isReset ? now : now - before;
            into.Set(step, isCounter ? change / (milliseconds / 1000.0) : change);
        }
    }

    private static bool LastTwoAreFloats(in RangeSeries series, int step) =>
        series.FloatCount(step) >= 2 && series.HistogramTimes[series.HistogramLimit[step] - 1] < series.Times[series.Limit[step] - 2];

    private static void LookAtTypes(in RangeSeries series, int step)
    {
        if (series.HistogramCount(step) + series.FloatCount(step) < 2 || LastTwoAreFloats(series, step))
            return;
        var newestFloat = series.FloatCount(step) == 0 ? long.MinValue : series.Times[series.Limit[step] - 1];
        var histogramsAfter = 0;
        for (var i = series.HistogramLimit[step] - 1; i >= series.HistogramFirst[step] && series.HistogramTimes[i] > newestFloat; i--)
            histogramsAfter++;
        if (histogramsAfter >= 2)
            QueryFailure.ThrowHistogramArithmetic("irate");
        series.Notes.MixedTypes();
    }
}
