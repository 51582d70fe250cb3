using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>deriv(v) and predict_linear(v, t): least squares over the window's floats, intercept at the first sample (deriv) or at the evaluation time.</summary>
internal sealed class LinearRegression(bool predict) : RangeFunction
{
    public override void Compute(in RangeSeries series, Column into)
    {
        for (var step = 0; step < series.Steps; step++)
        {
            var count = series.FloatCount(step);
            if (count > 0 && series.HistogramCount(step) > 0)
                series.Notes.HistogramsIgnored();
            if (count < 2)
                continue;
            var times = series.TimesOf(step);
            var (slope, intercept) = Fit(times, series.FloatsOf(step), predict ? series.Window.Grid.TimeAt(step) : times[0]);
            into.Set(step, predict ? (slope * series.Scalars[0][step]) + intercept : slope);
        }
    }

    private static (double Slope, double Intercept) Fit(ReadOnlySpan<long> times, ReadOnlySpan<double> values, long interceptTime)
    {
        KahanSum x = default, y = default, xy = default, xx = default;
        var constant = true;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            constant &= i == 0 || value == values[0];
            var at = (times[i] - interceptTime) / 1e3;
            x.Add(at);
            y.Add(value);
            xy.Add(at * value);
            xx.Add(at * at);
        }
        if (constant)
            return double.IsInfinity(values[0]) ? (double.NaN, double.NaN) : (0, values[0]);
        double n = values.Length;
        var (sumX, sumY) = (x.Total, y.Total);
        var covariance = xy.Total - (sumX * sumY / n);
        var variance = xx.Total - (sumX * sumX / n);
        var slope = covariance / variance;
        return (slope, (sumY / n) - (slope * sumX / n));
    }
}

/// <summary>double_exponential_smoothing(v, sf, tf): Holt's method; both factors lie strictly between 0 and 1.</summary>
internal sealed class DoubleExponentialSmoothing : RangeFunction
{
    public override void Compute(in RangeSeries series, Column into)
    {
        for (var step = 0; step < series.Steps; step++)
        {
            if (series.FloatCount(step) + series.HistogramCount(step) == 0)
                continue;
            var (smoothing, trend) = (series.Scalars[0][step], series.Scalars[1][step]);
            if (smoothing <= 0 || smoothing >= 1)
                QueryFailure.Throw($"invalid smoothing factor. Expected: 0 < sf < 1, got: {Results.GoFormat.SixDecimals(smoothing)}");
            if (trend <= 0 || trend >= 1)
                QueryFailure.Throw($"invalid trend factor. Expected: 0 < tf < 1, got: {Results.GoFormat.SixDecimals(trend)}");
            var values = series.FloatsOf(step);
            if (values.Length > 0 && series.HistogramCount(step) > 0)
                series.Notes.HistogramsIgnored();
            if (values.Length >= 2)
                into.Set(step, Smooth(values, smoothing, trend));
        }
    }

    private static double Smooth(ReadOnlySpan<double> values, double smoothing, double trend)
    {
        double before = 0, level = values[0];
        var slope = values[1] - values[0];
        for (var i = 1; i < values.Length; i++)
        {
            if (i > 1)
                slope = (trend * (level - before)) + ((1 - trend) * slope);
            var next = (smoothing * values[i]) + ((1 - smoothing) * (level + slope));
            (before, level) = (level, next);
        }
        return level;
    }
}
