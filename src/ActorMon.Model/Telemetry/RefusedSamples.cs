namespace ActorMon.Model.Telemetry;

/// <summary>Samples that were not stored because of their time, whoever brought them; under the original's names, by type.</summary>
public sealed class RefusedSamples
{
    private const string Float = "float";
    private const string Histogram = "histogram";

    private readonly Labelled<Counter> _outOfOrder;
    private readonly Labelled<Counter> _outOfBound;
    private readonly Labelled<Counter> _tooOld;

    public RefusedSamples(MetricRegistry registry)
    {
        _outOfOrder = registry.Counters(
            "prometheus_tsdb_out_of_order_samples_total", "Total number of out of order samples ingestion failed attempts due to out of order being disabled.", "type");
        _outOfBound = registry.Counters(
            "prometheus_tsdb_out_of_bound_samples_total", "Total number of out of bound samples ingestion failed attempts with out of order support disabled.", "type");
        _tooOld = registry.Counters(
            "prometheus_tsdb_too_old_samples_total", "Total number of out of order samples ingestion failed attempts with out of support enabled, but sample outside of time window.", "type");
        foreach (var family in new[] { _outOfOrder, _outOfBound, _tooOld })
            foreach (var type in new[] { Float, Histogram })
                family.With(type);
    }

    public void OutOfOrder(bool isHistogram, int count = 1) => Add(_outOfOrder, isHistogram, count);

    /// <summary>Outside of what is taken at all: too far ahead of now, or beyond the retention.</summary>
    public void OutOfBound(bool isHistogram, int count = 1) => Add(_outOfBound, isHistogram, count);

    /// <summary>Out of order beyond the window that is allowed.</summary>
    public void TooOld(bool isHistogram, int count = 1) => Add(_tooOld, isHistogram, count);

    private static void Add(Labelled<Counter> family, bool isHistogram, int count)
    {
        if (count > 0)
            family.With(isHistogram ? Histogram : Float).Add(count);
    }
}
