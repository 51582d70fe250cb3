using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>
/// sum_over_time and avg_over_time. When all of a series' values are integers whose absolute sum stays exact, every window's sum is the difference of two running
/// sums and equals the compensated sum bit for bit; otherwise each window is summed with compensation.
/// </summary>
internal sealed class SumOverTime(bool average) : RangeFunction
{
    private const double ExactLimit = 1L << 53;
    private double[] _running = [];

    public override void Compute(in RangeSeries series, Column into)
    {
        var exact = series.Steps > 1 && TryRunningSums(series.Values);
        for (var step = 0; step < series.Steps; step++)
        {
            var count = series.FloatCount(step);
            if (series.HistogramCount(step) is var histograms and > 0)
            {
                if (count > 0)
                    series.Notes.MixedTypes();
                else if (histograms > 1)
                    QueryFailure.ThrowHistogramArithmetic(average ? "avg_over_time" : "sum_over_time");
                else
                    into.Set(step, series.Histograms[series.HistogramFirst[step]]);
                continue;
            }
            if (count == 0)
                continue;
            if (exact)
            {
                var sum = _running[series.Limit[step]] - _running[series.First[step]];
                into.Set(step, average ? sum / count : sum);
            }
            else
                into.Set(step, average ? Mean(series.FloatsOf(step)) : Sum(series.FloatsOf(step)));
        }
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = new KahanSum();
        foreach (var value in values)
            sum.Add(value);
        return double.IsInfinity(sum.Sum) ? sum.Sum : sum.Total;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var mean = new CompensatedMean();
        foreach (var value in values)
            mean.Add(value);
        return mean.Mean;
    }

    private bool TryRunningSums(ReadOnlySpan<double> values)
    {
        if (_running.Length <= values.Length)
            _running = new double[Math.Max(256, values.Length + 1)];
        double sum = 0, absolute = 0;
        _running[0] = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            absolute += Math.Abs(value);
            if (value != Math.Floor(value) || !(absolute <= ExactLimit))
                return false;
            sum += value;
            _running[i + 1] = sum;
        }
        return true;
    }
}
