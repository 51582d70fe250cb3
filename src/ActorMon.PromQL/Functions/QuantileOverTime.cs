using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>quantile_over_time(q, v): the window is kept sorted from step to step.</summary>
internal sealed class QuantileOverTime : RangeFunction
{
    private readonly SortedWindow _window = new();

    public override void Compute(in RangeSeries series, Column into)
    {
        _window.Reset();
        var quantiles = series.Scalars[0];
        for (var step = 0; step < series.Steps; step++)
        {
            if (series.FloatCount(step) == 0)
                continue;
            if (Quantiles.IsInvalid(quantiles[step]))
                series.Notes.InvalidQuantile(quantiles[step]);
            if (series.HistogramCount(step) > 0)
                series.Notes.HistogramsIgnored();
            // Values are moved, many at once.
            series.Query.Spend(series.FloatCount(step) / 8);
            into.Set(step, Quantiles.OfSorted(quantiles[step], _window.MoveTo(series.Values, series.First[step], series.Limit[step])));
        }
    }
}

/// <summary>mad_over_time: median of the distances to the median; NaN when the window holds one.</summary>
internal sealed class MadOverTime : RangeFunction
{
    private readonly SortedWindow _window = new();
    private double[] _distances = [];

    public override void Compute(in RangeSeries series, Column into)
    {
        _window.Reset();
        for (var step = 0; step < series.Steps; step++)
        {
            if (series.FloatCount(step) == 0)
                continue;
            if (series.HistogramCount(step) > 0)
                series.Notes.HistogramsIgnored();
            // Distances are sorted: n log n.
            series.Query.Spend(series.FloatCount(step));
            var sorted = _window.MoveTo(series.Values, series.First[step], series.Limit[step]);
            into.Set(step, double.IsNaN(sorted[0]) ? double.NaN : MedianDistance(sorted));
        }
    }

    private double MedianDistance(ReadOnlySpan<double> sorted)
    {
        if (_distances.Length < sorted.Length)
            _distances = new double[sorted.Length * 2];
        var median = Quantiles.OfSorted(0.5, sorted);
        var distances = _distances.AsSpan(0, sorted.Length);
        for (var i = 0; i < sorted.Length; i++)
            distances[i] = Math.Abs(sorted[i] - median);
        distances.Sort();
        return Quantiles.OfSorted(0.5, distances);
    }
}
