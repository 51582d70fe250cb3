using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Reading;

/// <summary>
/// A partition at one moment, immutable, for any thread: its head, and behind it what is older: a head that is being cut, parts on disk. A sample may stand in several
/// of them; readers get it once (docs/decisions/partition-views.md). A part's file lives until the last view that holds it was collected.
/// </summary>
public sealed class PartitionView
{
    private readonly ISampleSource[] _older;

    /// <param name="older">By ascending MinTime.</param>
    /// <param name="floor">Nothing before this time (Unix ms) is visible.</param>
    internal PartitionView(long version, HeadView head, ISampleSource[] older, long floor)
    {
        Version = version;
        Head = head;
        _older = older;
        Floor = floor;
        var (min, max) = (head.MinTime, head.MaxTime);
        foreach (var source in older)
            (min, max) = (Math.Min(min, source.MinTime), Math.Max(max, source.MaxTime));
        MinTime = new TimestampMs(Math.Max(min, floor));
        MaxTime = new TimestampMs(max);
    }

    /// <summary>Grows by one with each publication.</summary>
    public long Version { get; }

    /// <summary>Series in the head.</summary>
    public int SeriesCount => Head.SeriesCount;

    /// <summary>Time of the oldest and newest sample; MinTime &gt; MaxTime when there is none.</summary>
    public TimestampMs MinTime { get; }
    public TimestampMs MaxTime { get; }

    /// <summary>The newest metadata of each metric family.</summary>
    public IReadOnlyDictionary<string, MetricMetadata> Metadata => Head.Metadata;

    /// <summary>The symbols of the head, to resolve matchers with.</summary>
    public NodeSymbols Symbols => Head.Symbols;

    internal HeadView Head { get; }

    internal long Floor { get; }

    /// <summary>The sources behind the head, by ascending MinTime.</summary>
    internal ReadOnlySpan<ISampleSource> Older => _older;

    /// <summary>What is on disk, or on its way there, alone.</summary>
    internal PartitionView WithoutHead() => new(Version, new PartitionHead(new NodeSymbols(), new PartitionLimits()).View(), _older, Floor);

    /// <summary>The series that match and have a sample in the time range, sorted by labels.</summary>
    public ISeriesSelection Select(SeriesRequest request) => Select(ResolvedMatchers.Resolve(request.Matchers, Symbols), request.MinTime, request.MaxTime);

    /// <summary>As above with matchers that were resolved once for all partitions of the node.</summary>
    public ISeriesSelection Select(ResolvedMatchers matchers, TimestampMs min, TimestampMs max)
    {
        var from = Math.Max(min.Value, Floor);
        var sources = new List<ISampleSource>();
        var runs = new List<SeriesRun>();
        List<ISampleSource>? parts = null;
        foreach (var source in Within(from, max.Value))
        {
            if (!ReferenceEquals(source, Head))
                (parts ??= []).Add(source);
            var run = source.Select(matchers, from, max.Value);
            if (run.Count == 0)
                continue;
            sources.Add(source);
            runs.Add(run);
        }
        var lost = parts is null ? LostSamples.None : new LostSamples(parts, from, max.Value);
        return runs.Count switch
        {
            0 => new SourceSelection(Head, SeriesRun.Empty, lost, from, max.Value),
            1 => new SourceSelection(sources[0], runs[0], lost, from, max.Value),
            _ => OverlaidSelection.Of([.. sources], [.. runs], lost, from, max.Value),
        };
    }

    /// <summary>What of the samples in the range is known to be lost, as sentences.</summary>
    public IReadOnlyList<string> Lost(TimestampMs min, TimestampMs max) => new LostSamples(_older, Math.Max(min.Value, Floor), max.Value).Warnings;

    /// <summary>Label names of the series that match any of the sets (none: all series) and have a sample in the range, sorted.</summary>
    public IReadOnlyList<string> LabelNames(IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in Within(min.Value, max.Value))
            source.CollectNames(sets, Math.Max(min.Value, Floor), max.Value, names);
        return Sorted(names);
    }

    /// <summary>Values of one label, sorted.</summary>
    public IReadOnlyList<string> LabelValues(string name, IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in Within(min.Value, max.Value))
            source.CollectValues(name, sets, Math.Max(min.Value, Floor), max.Value, values);
        return Sorted(values);
    }

    /// <summary>Label sets that match any of the sets and have a sample in the range, sorted.</summary>
    public IReadOnlyList<LabelSet> Series(IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max)
    {
        var series = new HashSet<LabelSet>();
        foreach (var source in Within(min.Value, max.Value))
            source.CollectSeries(sets, Math.Max(min.Value, Floor), max.Value, series);
        LabelSet[] sorted = [.. series];
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>
    /// The sample with the greatest time of exactly this series in memory; for a histogram the value is its sum. Also when it is deleted: an older one would be out of
    /// order still, and stay invisible.
    /// </summary>
    public bool TryGetLast(LabelSet labels, out long time, out double value)
    {
        if (Head.TryGetLast(labels, out time, out value))
            return true;
        // Between the begin of a cut and its end what ended is in the head before.
        foreach (var source in _older)
            if (source is CutSource cut && cut.Head.TryGetLast(labels, out time, out value))
                return true;
        return false;
    }

    /// <summary>Exemplars of series that match any of the sets, by series in label order, by time within one; equal ones once.</summary>
    public IReadOnlyList<ExemplarSeries> Exemplars(IReadOnlyList<ResolvedMatchers> sets, TimestampMs min, TimestampMs max) => Head.Exemplars(sets, min, max);

    /// <summary>Sources that may have samples in the range, the oldest first: what came in order is read in order.</summary>
    private IEnumerable<ISampleSource> Within(long min, long max)
    {
        min = Math.Max(min, Floor);
        foreach (var source in _older)
            if (source.MinTime <= max && source.MaxTime >= min)
                yield return source;
        // The head has times of its own per series.
        yield return Head;
    }

    private static string[] Sorted(HashSet<string> texts)
    {
        string[] sorted = [.. texts];
        Array.Sort(sorted, ByteText.Compare);
        return sorted;
    }
}
