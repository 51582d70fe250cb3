using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Testing.Storage;

/// <summary>Series in memory for tests of readers: what was added, in canonical order; of samples with equal time the last added wins.</summary>
public sealed class MemorySeriesSource : ISeriesSource
{
    private readonly SortedDictionary<LabelSet, SortedList<long, (double Value, NativeHistogram? Histogram, long StartTime)>> _series = [];

    public IEnumerable<LabelSet> Series => _series.Keys;

    public void Clear() => _series.Clear();

    /// <param name="startTime">Start timestamp (ms), 0: none.</param>
    public void Add(LabelSet labels, long time, double value, long startTime = 0) => SamplesOf(labels)[time] = (value, null, startTime);

    public void Add(LabelSet labels, long time, NativeHistogram histogram, long startTime = 0) => SamplesOf(labels)[time] = (0, histogram, startTime);

    /// <summary>Copies every sample for which <paramref name="belongs"/> holds into <paramref name="other"/>.</summary>
    public void CopyTo(MemorySeriesSource other, Func<LabelSet, long, bool> belongs)
    {
        foreach (var (labels, samples) in _series)
            foreach (var (time, sample) in samples)
                if (belongs(labels, time))
                    other.SamplesOf(labels)[time] = sample;
    }

    public ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var chosen = _series.Where(series => request.Matchers.All(matcher => matcher.Matches(series.Key)))
            .Select(series => (series.Key, series.Value)).ToList();
        return ValueTask.FromResult<ISeriesSelection>(new Selection(chosen, request.MinTime.Value, request.MaxTime.Value));
    }

    private SortedList<long, (double Value, NativeHistogram? Histogram, long StartTime)> SamplesOf(LabelSet labels)
    {
        if (!_series.TryGetValue(labels, out var samples))
            _series.Add(labels, samples = []);
        return samples;
    }

    private sealed class Selection(List<(LabelSet Labels, SortedList<long, (double Value, NativeHistogram? Histogram, long StartTime)> Samples)> series, long min, long max) : ISeriesSelection
    {
        public int Count => series.Count;

        public LabelSet LabelsAt(int index) => series[index].Labels;

        public void Read(int index, SampleBuffer into)
        {
            into.Clear();
            foreach (var (time, (value, histogram, startTime)) in series[index].Samples)
            {
                if (time < min || time > max)
                    continue;
                if (histogram is not null)
                    into.Add(time, histogram);
                else
                    into.Add(time, value);
                if (startTime != 0)
                    into.SetStartTime(startTime);
            }
        }

        public void Dispose()
        {
        }
    }
}
