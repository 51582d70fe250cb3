using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>stdvar_over_time and stddev_over_time: population variance by Welford's method with compensated sums.</summary>
internal sealed class VarianceOverTime(bool standardDeviation) : RangeFunction
{
    public override void Compute(in RangeSeries series, Column into)
    {
        for (var step = 0; step < series.Steps; step++)
        {
            if (series.FloatCount(step) == 0)
                continue;
            if (series.HistogramCount(step) > 0)
                series.Notes.HistogramsIgnored();
            var variance = Variance(series.FloatsOf(step));
            into.Set(step, standardDeviation ? Math.Sqrt(variance) : variance);
        }
    }

    private static double Variance(ReadOnlySpan<double> values)
    {
        var mean = new KahanSum();
        var squares = new KahanSum();
        double count = 0;
        foreach (var value in values)
        {
            count++;
            var delta = value - mean.Total;
            mean.Add(delta / count);
            squares.Add(delta * (value - mean.Total));
        }
        return squares.Total / count;
    }
}
