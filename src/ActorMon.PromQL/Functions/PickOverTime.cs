using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>last_over_time and first_over_time: a sample of the window as it is.</summary>
internal sealed class PickOverTime(bool last) : RangeFunction
{
    public override bool KeepsName => true;

    public override void Compute(in RangeSeries series, Column into)
    {
        for (var step = 0; step < series.Steps; step++)
        {
            var floats = series.FloatCount(step);
            var histograms = series.HistogramCount(step);
            if (floats + histograms == 0)
                continue;
            var atFloat = last ? series.Limit[step] - 1 : series.First[step];
            if (histograms == 0)
            {
                into.Set(step, series.Values[atFloat]);
                continue;
            }
            var atHistogram = last ? series.HistogramLimit[step] - 1 : series.HistogramFirst[step];
            var pickFloat = floats > 0 && (last ? series.HistogramTimes[atHistogram] < series.Times[atFloat] : series.Times[atFloat] < series.HistogramTimes[atHistogram]);
            if (pickFloat)
                into.Set(step, series.Values[atFloat]);
            else
                into.Set(step, series.Histograms[atHistogram]);
        }
    }
}

/// <summary>ts_of_last_over_time and ts_of_first_over_time, seconds.</summary>
internal sealed class TimeOfPick(bool last) : RangeFunction
{
    public override void Compute(in RangeSeries series, Column into)
    {
        for (var step = 0; step < series.Steps; step++)
        {
            var floats = series.FloatCount(step);
            var histograms = series.HistogramCount(step);
            if (floats + histograms == 0)
                continue;
            var time = last ? long.MinValue : long.MaxValue;
            if (floats > 0)
                time = series.Times[last ? series.Limit[step] - 1 : series.First[step]];
            if (histograms > 0)
            {
                var other = series.HistogramTimes[last ? series.HistogramLimit[step] - 1 : series.HistogramFirst[step]];
                time = last ? Math.Max(time, other) : Math.Min(time, other);
            }
            into.Set(step, time / 1000.0);
        }
    }
}

/// <summary>count_over_time and present_over_time.</summary>
internal sealed class CountOverTime(bool presence) : RangeFunction
{
    public override void Compute(in RangeSeries series, Column into)
    {
        for (var step = 0; step < series.Steps; step++)
            if (series.FloatCount(step) + series.HistogramCount(step) is var count and > 0)
                into.Set(step, presence ? 1 : count);
    }
}
