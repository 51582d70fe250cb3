using ActorMon.Api.Ports;
using ActorMon.Model.Ingest;
using ActorMon.Model.Samples;
using ActorMon.RemoteWrite.Decoding;

namespace ActorMon.Api.RemoteWrite;

/// <summary>
/// Decides which samples of a 1.0 request are stored, once, at the entry. One sample that is out of order, out of bounds or differs from a stored one of the same
/// time refuses the whole request with 400, as the original does; a series whose labels are invalid is only left out.
/// </summary>
public sealed class WriteAdmission(IStoragePort storage, Func<TimeSpan> outOfOrderWindow, TimeProvider time)
{
    /// <summary>How far ahead of now a sample may lie.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(10);

    /// <summary>Fills the samples to store. Null: admitted; else the text of the refusal.</summary>
    public string? Admit(WriteRequest request, List<LooseSample> samples, List<SeriesExemplar> exemplars)
    {
        if (request.HistogramFault is { } fault)
            return fault;
        var latest = TimestampMs.From(time.GetUtcNow() + MaxAhead).Value;
        var window = (long)outOfOrderWindow().TotalMilliseconds;
        foreach (ref readonly var series in request.Series)
        {
            if (!series.IsValid)
                continue;
            if (AdmitSeries(request, series, samples, latest, window) is { } refusal)
                return refusal;
            for (var e = series.Exemplars.Start.Value; e < series.Exemplars.End.Value; e++)
                exemplars.Add(new SeriesExemplar(series.Labels.Labels, request.Exemplars[e]));
        }
        return null;
    }

    private string? AdmitSeries(WriteRequest request, in WriteSeries series, List<LooseSample> samples, long latest, long window)
    {
        var labels = series.Labels.Labels;
        var newest = storage.Newest(labels);
        var (lastTime, lastValue, known) = newest is { } n ? (n.Time, n.Value, true) : (long.MinValue, 0d, false);
        var (from, to) = (series.Samples.Start.Value, series.Samples.End.Value);
        for (var i = from; i < to; i++)
        {
            var (t, v) = (request.Times[i], request.Values[i]);
            if (t > latest)
                return "out of bounds";
            if (known && t == lastTime && BitConverter.DoubleToUInt64Bits(v) == BitConverter.DoubleToUInt64Bits(lastValue))
                continue;
            if (known && t == lastTime)
                return "duplicate sample for timestamp";
            if (known && t < lastTime - window)
                return window > 0 ? "too old sample" : "out of order sample";
            samples.Add(new LooseSample(labels, new TimestampMs(t), v));
            if (t > lastTime)
                (lastTime, lastValue, known) = (t, v, true);
        }
        for (var h = series.Histograms.Start.Value; h < series.Histograms.End.Value; h++)
        {
            var histogram = request.Histograms[h];
            if (histogram.Timestamp > latest)
                return "out of bounds";
            if (known && histogram.Timestamp < lastTime - window)
                return window > 0 ? "too old sample" : "out of order sample";
            samples.Add(new LooseSample(labels, new TimestampMs(histogram.Timestamp), 0, histogram.Histogram));
            if (histogram.Timestamp > lastTime)
                (lastTime, lastValue, known) = (histogram.Timestamp, double.NaN, true);
        }
        return null;
    }
}
