using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Rules.Evaluation;

namespace ActorMon.Rules.UnitTests;

/// <summary>The storage of one unit test or replay: series in memory, appended in time order as a server would take them. Not thread-safe.</summary>
public sealed class MemoryStore : ISeriesSource, IRuleAppender
{
    private readonly Dictionary<LabelSet, SampleBuffer> _series = [];
    private readonly Dictionary<string, List<LabelSet>> _byName = new(StringComparer.Ordinal);

    /// <summary>Null: appended. Else why not, in the peer's words.</summary>
    public string? Append(in LooseSample sample)
    {
        var samples = SamplesOf(sample.Series);
        if (samples.Count > 0 && samples.Times[^1] >= sample.Timestamp.Value)
        {
            if (samples.Times[^1] > sample.Timestamp.Value)
                return "out of order sample";
            return IsLast(samples, sample) ? null : "duplicate sample for timestamp";
        }
        if (sample.Histogram is { } histogram)
            samples.Add(sample.Timestamp.Value, HistogramHints.Stored(samples.Count > 0 ? samples.HistogramAt(samples.Count - 1) : null, histogram));
        else
            samples.Add(sample.Timestamp.Value, sample.Value);
        return null;
    }

    public ValueTask<AppendResult> AppendAsync(IReadOnlyList<LooseSample> samples, CancellationToken cancellation)
    {
        var refused = new List<RefusedSample>();
        for (var i = 0; i < samples.Count; i++)
            if (Append(samples[i]) is { } problem)
                refused.Add(new RefusedSample(i, problem));
        return ValueTask.FromResult(refused.Count == 0 ? AppendResult.Done : new AppendResult(null, refused));
    }

    public ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var chosen = new List<LabelSet>();
        foreach (var labels in Candidates(request.Matchers))
            if (Matches(request.Matchers, labels))
                chosen.Add(labels);
        chosen.Sort();
        return ValueTask.FromResult<ISeriesSelection>(new Selection(this, chosen, request.MinTime.Value, request.MaxTime.Value));
    }

    private IEnumerable<LabelSet> Candidates(IReadOnlyList<Matcher> matchers)
    {
        foreach (var matcher in matchers)
            if (matcher.Name == LabelNames.MetricName && matcher.Operator == MatchOperator.Equal)
                return _byName.TryGetValue(matcher.Value, out var named) ? named : [];
        return _series.Keys;
    }

    private static bool Matches(IReadOnlyList<Matcher> matchers, LabelSet labels)
    {
        foreach (var matcher in matchers)
            if (!matcher.Matches(labels))
                return false;
        return true;
    }

    private SampleBuffer SamplesOf(LabelSet labels)
    {
        if (_series.TryGetValue(labels, out var samples))
            return samples;
        _series.Add(labels, samples = new SampleBuffer());
        if (!_byName.TryGetValue(labels.MetricName, out var named))
            _byName.Add(labels.MetricName, named = []);
        named.Add(labels);
        return samples;
    }

    private static bool IsLast(SampleBuffer samples, in LooseSample sample) => samples.HistogramAt(samples.Count - 1) is { } histogram
        ? sample.Histogram is not null && histogram.SameContent(sample.Histogram)
        : sample.Histogram is null && BitConverter.DoubleToInt64Bits(samples.Values[^1]) == BitConverter.DoubleToInt64Bits(sample.Value);

    private sealed class Selection(MemoryStore store, List<LabelSet> series, long min, long max) : ISeriesSelection
    {
        public int Count => series.Count;

        public LabelSet LabelsAt(int index) => series[index];

        public void Read(int index, SampleBuffer into)
        {
            into.Clear();
            var samples = store._series[series[index]];
            var at = samples.Times.BinarySearch(min);
            for (at = at < 0 ? ~at : at; at < samples.Count && samples.Times[at] <= max; at++)
            {
                if (samples.HistogramAt(at) is { } histogram)
                    into.Add(samples.Times[at], histogram);
                else
                    into.Add(samples.Times[at], samples.Values[at]);
            }
        }

        public void Dispose()
        {
        }
    }
}
