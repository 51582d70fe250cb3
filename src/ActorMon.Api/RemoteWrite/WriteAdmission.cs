using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;
using ActorMon.Model.Text;
using ActorMon.RemoteWrite.Decoding;

namespace ActorMon.Api.RemoteWrite;

/// <summary>
/// Decides which samples of a 1.0 request are stored, once, at the entry. One sample that is out of order, out of bounds or differs from a stored one of the same
/// time refuses the whole request with 400, as the original does; a series whose labels are invalid is only left out, and so is a new one over a limit of active series.
/// </summary>
/// <param name="outOfOrderWindow">How much older than its series' newest sample a sample may be.</param>
/// <param name="retention">Older samples would be deleted at once, so they are refused.</param>
public sealed class WriteAdmission(ISeriesAdmission admission, Func<TimeSpan> outOfOrderWindow, Func<TimeSpan> retention, RefusedSamples refused, TimeProvider time)
{
    /// <summary>How far ahead of now a sample may lie.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(10);

    /// <summary>Fills the samples to store. Null: admitted; else the text of the refusal.</summary>
    /// <param name="stored">What the cluster has of the request's series.</param>
    /// <param name="leftOut">New series that a limit keeps out; the rest is admitted.</param>
    public string? Admit(WriteRequest request, INewestSamples stored, List<LooseSample> samples, List<SeriesExemplar> exemplars, out LeftOutSeries leftOut)
    {
        leftOut = default;
        if (request.HistogramFault is { } fault)
            return fault;
        List<ulong>? taken = null;
        var now = time.GetUtcNow();
        var bounds = new Bounds(
            retention() is var kept && kept < TimeSpan.FromDays(36_500) ? TimestampMs.From(now - kept).Value : long.MinValue,
            TimestampMs.From(now + MaxAhead).Value,
            (long)outOfOrderWindow().TotalMilliseconds);
        foreach (ref readonly var series in request.Series)
        {
            if (!series.IsValid)
                continue;
            var newest = stored.Newest(series.Labels.Labels);
            if (newest is null && Refuses(series.Labels.Labels, ref taken) is { } limit)
            {
                leftOut = leftOut.With(limit, SamplesOf(series));
                continue;
            }
            if (AdmitSeries(request, series, newest, samples, bounds) is { } refusal)
            {
                if (taken is not null)
                    admission.Withdraw(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(taken));
                return refusal;
            }
            for (var e = series.Exemplars.Start.Value; e < series.Exemplars.End.Value; e++)
                exemplars.Add(new SeriesExemplar(series.Labels.Labels, request.Exemplars[e]));
        }
        return null;
    }

    private SeriesRefusal? Refuses(LabelSet labels, ref List<ulong>? taken)
    {
        var hash = StableHash.Of(labels);
        var refusal = admission.Admit(labels, hash);
        if (refusal is null)
            (taken ??= []).Add(hash);
        return refusal;
    }

    private static int SamplesOf(in WriteSeries series) => series.Samples.End.Value - series.Samples.Start.Value + series.Histograms.End.Value - series.Histograms.Start.Value;

    private string? AdmitSeries(WriteRequest request, in WriteSeries series, (long Time, double Value)? newest, List<LooseSample> samples, in Bounds bounds)
    {
        var labels = series.Labels.Labels;
        var (lastTime, lastValue, known) = newest is { } n ? (n.Time, n.Value, true) : (long.MinValue, 0d, false);
        var isStored = known;
        for (var i = series.Samples.Start.Value; i < series.Samples.End.Value; i++)
        {
            var (t, v) = (request.Times[i], request.Values[i]);
            if (bounds.Refuse(t, known ? lastTime : null, false, refused) is { } refusal)
                return refusal;
            if (known && t == lastTime)
            {
                // The same sample again is a retry. One copy has it, and perhaps only one: it is written again, so that an acknowledgement means all of them.
                if (BitConverter.DoubleToUInt64Bits(v) == BitConverter.DoubleToUInt64Bits(lastValue))
                {
                    if (isStored)
                        samples.Add(new LooseSample(labels, new TimestampMs(t), v));
                    continue;
                }
                return $"duplicate sample for timestamp {t}; overrides not allowed: existing {GoFloat.FormatG(lastValue)}, new value {GoFloat.FormatG(v)}";
            }
            samples.Add(new LooseSample(labels, new TimestampMs(t), v));
            if (!known || t > lastTime)
                (lastTime, lastValue, known, isStored) = (t, v, true, false);
        }
        for (var h = series.Histograms.Start.Value; h < series.Histograms.End.Value; h++)
        {
            var histogram = request.Histograms[h];
            if (bounds.Refuse(histogram.Timestamp, known ? lastTime : null, true, refused) is { } refusal)
                return refusal;
            // One of the same time is not compared: the store keeps one of the two by its order, and a retry changes nothing.
            samples.Add(new LooseSample(labels, new TimestampMs(histogram.Timestamp), 0, histogram.Histogram));
            if (!known || histogram.Timestamp > lastTime)
                (lastTime, lastValue, known) = (histogram.Timestamp, double.NaN, true);
        }
        return null;
    }

    /// <summary>Oldest and newest time admitted, and the out-of-order window; all in ms.</summary>
    private readonly record struct Bounds(long Oldest, long Latest, long Window)
    {
        public string? Refuse(long time, long? newest, bool isHistogram, RefusedSamples refused)
        {
            if (time > Latest || time < Oldest)
            {
                refused.OutOfBound(isHistogram);
                return time > Latest ? "out of bounds: timestamp is too far in the future" : "out of bounds";
            }
            if (newest is not { } last || time >= last - Window)
                return null;
            if (Window > 0)
            {
                refused.TooOld(isHistogram);
                return "too old sample";
            }
            refused.OutOfOrder(isHistogram);
            return "out of order sample";
        }
    }
}
