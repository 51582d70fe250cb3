using ActorMon.Model.Histograms;
using ActorMon.Model.Ingest;
using ActorMon.Model.Samples;
using ActorMon.Scraping.Caching;

namespace ActorMon.Scraping.Samples;

/// <summary>What hangs on a sample: start timestamps and exemplars.</summary>
internal sealed partial class SampleAppender
{
    private void AddStart(int id, ref SeriesEntry entry, long time, bool isNew, NativeHistogram? histogram)
    {
        var start = _parser.StartTimestampMs;
        if (start == 0 || start >= time || (!isNew && start <= _lastTime))
            return;
        var zero = histogram is null ? null : new NativeHistogram
        {
            Schema = histogram.Schema,
            ZeroThreshold = histogram.ZeroThreshold,
            CustomValues = histogram.CustomValues,
            CounterResetHint = CounterResetHint.Reset,
        };
        _series.Outputs[entry.Output].Loose.Add(new LooseSample(Labels(), new TimestampMs(start), 0, zero));
    }

    private void AddExemplars(ref SeriesEntry entry, long time, bool histogram)
    {
        _exemplars.Clear();
        _parser.ReadExemplars(_exemplars);
        if (_exemplars.Count == 0)
            return;
        if (_exemplars.Count > 1)
            _exemplars.Sort(static (a, b) => a.Exemplar.Timestamp.CompareTo(b.Exemplar.Timestamp) is var order && order != 0 ? order : a.Exemplar.Value.CompareTo(b.Exemplar.Value));
        var key = System.IO.Hashing.XxHash3.HashToUInt64(_parser.SeriesKey);
        var outOfOrder = 0;
        foreach (var (found, hasTimestamp) in _exemplars)
        {
            // Without a time of its own an exemplar of a native histogram cannot be told from the same one of the scrape before.
            if (!hasTimestamp && histogram)
                continue;
            var exemplar = hasTimestamp ? found : found with { Timestamp = new TimestampMs(time) };
            switch (_series.Exemplars.Judge(key, exemplar, hasTimestamp))
            {
                case ExemplarFate.Accepted:
                    _series.Outputs[entry.Output].Exemplars.Add(new SeriesExemplar(Labels(), exemplar));
                    break;
                case ExemplarFate.OutOfOrder:
                    outOfOrder++;
                    break;
            }
        }
        // When some are new, the old ones beside them are no disorder.
        if (outOfOrder == _exemplars.Count)
            _counters.ExemplarsOutOfOrder += outOfOrder;
    }
}
