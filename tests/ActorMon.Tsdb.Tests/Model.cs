using ActorMon.Model.Histograms;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb.Tests;

/// <summary>What a partition must hold, as simply as it can be said: series -> time -> the sample that wins.</summary>
internal sealed class Model
{
    private readonly SortedDictionary<LabelSet, SortedDictionary<long, (double Value, NativeHistogram? Histogram)>> _series = [];

    public int Batches { get; private set; }

    public static Model Of(IEnumerable<SampleBatch> batches)
    {
        var model = new Model();
        foreach (var batch in batches)
            model.Apply(batch);
        return model;
    }

    public void Apply(SampleBatch batch)
    {
        Batches++;
        if (batch.Columns is { } columns)
            ApplyColumns(columns);
        foreach (var sample in batch.Loose)
            Put(sample.Series, sample.Timestamp.Value, sample.Value, sample.Histogram);
    }

    /// <summary>Forgets every sample before a time.</summary>
    public void DropBefore(long time)
    {
        foreach (var (labels, samples) in _series.ToArray())
        {
            foreach (var t in samples.Keys.Where(t => t < time).ToArray())
                samples.Remove(t);
            if (samples.Count == 0)
                _series.Remove(labels);
        }
    }

    public Model Copy()
    {
        var copy = new Model();
        foreach (var (labels, samples) in _series)
            copy._series[labels] = new SortedDictionary<long, (double, NativeHistogram?)>(samples);
        return copy;
    }

    /// <summary>Oldest and newest time; the first is greater when there is none.</summary>
    public (long Min, long Max) Range => _series.Count == 0
        ? (long.MaxValue, long.MinValue)
        : (_series.Values.Min(samples => samples.Keys.First()), _series.Values.Max(samples => samples.Keys.Last()));

    // Slot labels by layout, as registered so far.
    private readonly Dictionary<LayoutId, List<LabelSet>> _layouts = [];

    private void ApplyColumns(LayoutColumns columns)
    {
        if (!_layouts.TryGetValue(columns.Layout, out var slots))
            _layouts[columns.Layout] = slots = [];
        for (var slot = slots.Count; slot < columns.SlotCount; slot++)
            slots.Add(columns.NewSeries[slot - columns.FirstNewSlot]);
        for (var slot = 0; slot < columns.SlotCount; slot++)
            if (columns.Missing.IsEmpty || (columns.Missing.Span[slot >> 6] >> slot & 1) == 0)
                Put(slots[slot], columns.Timestamp.Value, columns.Values.Span[slot], null);
    }

    /// <summary>Takes samples away.</summary>
    public void Remove(Func<LabelSet, long, bool> gone)
    {
        foreach (var (labels, samples) in _series)
            foreach (var time in samples.Keys.Where(t => gone(labels, t)).ToArray())
                samples.Remove(time);
    }

    private void Put(LabelSet labels, long time, double value, NativeHistogram? histogram)
    {
        if (!_series.TryGetValue(labels, out var samples))
            _series[labels] = samples = [];
        if (!samples.TryGetValue(time, out var there) || Wins(value, histogram, there.Value, there.Histogram))
            samples[time] = (value, histogram);
    }

    private static bool Wins(double value, NativeHistogram? histogram, double otherValue, NativeHistogram? other)
    {
        if (histogram is null && other is null)
            return SampleOrder.Compare(value, otherValue) > 0;
        if (histogram is null || other is null)
            return histogram is not null;
        return histogram.Count != other.Count ? histogram.Count > other.Count : histogram.Sum > other.Sum;
    }

    /// <summary>Times of the samples of every series.</summary>
    public IEnumerable<(LabelSet Labels, IEnumerable<long> Times)> Series => _series.Select(s => (s.Key, (IEnumerable<long>)s.Value.Keys));

    /// <summary>Fails unless the view holds exactly this, bit by bit, but for what is hidden.</summary>
    public void AssertEqual(PartitionView view, long min = long.MinValue, long max = long.MaxValue, Func<LabelSet, long, bool>? hidden = null)
    {
        var buffer = new SampleBuffer();
        using var selection = view.Select(new SeriesRequest([], new TimestampMs(min), new TimestampMs(max)));
        var at = 0;
        foreach (var (labels, samples) in _series)
        {
            var wanted = samples.Where(s => s.Key >= min && s.Key <= max && hidden?.Invoke(labels, s.Key) != true).ToArray();
            if (wanted.Length == 0)
                continue;
            Assert.True(at < selection.Count, $"{labels} is missing");
            Assert.Equal(labels, selection.LabelsAt(at));
            selection.Read(at++, buffer);
            Assert.Equal(wanted.Select(s => s.Key), buffer.Times.ToArray());
            for (var i = 0; i < wanted.Length; i++)
            {
                var (value, histogram) = wanted[i].Value;
                Assert.Equal(histogram is null, buffer.HistogramAt(i) is null);
                if (histogram is null)
                    Assert.Equal(BitConverter.DoubleToUInt64Bits(value), BitConverter.DoubleToUInt64Bits(buffer.Values[i]));
                else
                    Assert.Equivalent(histogram, buffer.HistogramAt(i));
            }
        }
        Assert.Equal(at, selection.Count);
    }

    /// <summary>Samples of the view, each of which must be here.</summary>
    public int CountIn(PartitionView view)
    {
        var count = 0;
        var buffer = new SampleBuffer();
        using var selection = view.Select(new SeriesRequest([], new TimestampMs(long.MinValue), new TimestampMs(long.MaxValue)));
        for (var i = 0; i < selection.Count; i++)
        {
            selection.Read(i, buffer);
            var samples = _series[selection.LabelsAt(i)];
            foreach (var time in buffer.Times)
                Assert.True(samples.ContainsKey(time), $"{selection.LabelsAt(i)} has a sample at {time} that never was");
            count += buffer.Count;
        }
        return count;
    }

    public void AssertHoldsAll(PartitionView view) => Assert.InRange(CountIn(view), 0, _series.Values.Sum(samples => samples.Count));

    public void AssertLast(PartitionView view)
    {
        foreach (var (labels, samples) in _series)
        {
            Assert.True(view.TryGetLast(labels, out var time, out var value));
            var (wanted, histogram) = samples[samples.Keys.Max()];
            Assert.Equal(samples.Keys.Max(), time);
            if (histogram is null && !samples.Values.Any(s => s.Histogram is not null))
                Assert.Equal(BitConverter.DoubleToUInt64Bits(wanted), BitConverter.DoubleToUInt64Bits(value));
        }
    }
}
