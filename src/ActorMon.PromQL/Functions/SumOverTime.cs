using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>
/// sum_over_time and avg_over_time. When all of a series' values are integers whose absolute sum stays exact, or lie within few orders of magnitude, every window's
/// sum is the difference of two running sums and equals the compensated sum bit for bit; otherwise each window is summed with compensation. A mean is the exact sum
/// divided once where the peer divides sum and compensation apart: the last bit may differ from the peer's, never between windows summed either way here.
/// </summary>
internal sealed class SumOverTime(bool average) : RangeFunction
{
    private const double ExactLimit = 1L << 53;

    /// <summary>Summing windows pays while together they hold no more samples than this many times the series.</summary>
    private const int WorthRunning = 4;

    private readonly ExactSums _sums = new();
    private double[] _running = [];

    public override void Compute(in RangeSeries series, Column into)
    {
        var exact = series.Steps > 1 && TryRunningSums(series.Values);
        var sums = !exact && SamplesInWindows(series) > (long)WorthRunning * series.Values.Length && _sums.TryPrepare(series.Values);
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
            else if (sums)
            {
                var (sum, rest) = _sums.Of(series.First[step], series.Limit[step]);
                into.Set(step, average ? DividedOnce(sum, rest, count) : sum);
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
        var sum = new KahanSum();
        foreach (var value in values)
            sum.Add(value);
        if (double.IsFinite(sum.Sum))
        {
            var total = sum.Total;
            return DividedOnce(total, (sum.Sum - total) + sum.Compensation, values.Length);
        }
        var mean = new CompensatedMean();
        foreach (var value in values)
            mean.Add(value);
        return mean.Mean;
    }

    /// <summary>(sum + rest) / count, rounded as if divided exactly but for the rare cases in which the quotient's rest lies next to half a last place.</summary>
    private static double DividedOnce(double sum, double rest, int count)
    {
        var quotient = sum / count;
        return double.IsFinite(quotient) ? quotient + ((Math.FusedMultiplyAdd(-quotient, count, sum) + rest) / count) : quotient;
    }

    private static long SamplesInWindows(in RangeSeries series)
    {
        long samples = 0;
        for (var step = 0; step < series.Steps; step++)
            samples += series.FloatCount(step);
        return samples;
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
