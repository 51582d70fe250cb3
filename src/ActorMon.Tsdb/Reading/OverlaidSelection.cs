using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Head;

namespace ActorMon.Tsdb.Reading;

/// <summary>
/// Series of several sources of one view as one list in label order; a series that several sources hold is one, its samples are merged when they are read.
/// <code>
/// _first[i] .. _first[i + 1]: places in _places; a place: source &lt;&lt; 32 | the source's number of the series, sources ascending
/// </code>
/// </summary>
internal sealed class OverlaidSelection : ISeriesSelection
{
    private readonly ISampleSource[] _sources;
    private readonly LabelSet[] _labels;
    private readonly int[] _first;
    private readonly long[] _places;
    private readonly LostSamples _lost;
    private readonly long _min;
    private readonly long _max;

    private OverlaidSelection(ISampleSource[] sources, LabelSet[] labels, int[] first, long[] places, LostSamples lost, long min, long max)
    {
        _lost = lost;
        _sources = sources;
        _labels = labels;
        _first = first;
        _places = places;
        _min = min;
        _max = max;
    }

    public int Count => _labels.Length;

    public IReadOnlyList<string> Warnings => _lost.Warnings;

    /// <summary>Merges runs two and two, so that a series is compared about log2(sources) times.</summary>
    public static OverlaidSelection Of(ISampleSource[] sources, SeriesRun[] runs, LostSamples lost, long min, long max)
    {
        var lists = new List<Overlay>(runs.Length);
        for (var i = 0; i < runs.Length; i++)
            lists.Add(Overlay.Of(runs[i], i));
        while (lists.Count > 1)
        {
            var merged = new List<Overlay>((lists.Count + 1) / 2);
            for (var i = 0; i < lists.Count; i += 2)
                merged.Add(i + 1 < lists.Count ? Overlay.Merge(lists[i], lists[i + 1]) : lists[i]);
            lists = merged;
        }
        return new OverlaidSelection(sources, lists[0].Labels, lists[0].First, lists[0].Places, lost, min, max);
    }

    public LabelSet LabelsAt(int index) => _labels[index];

    public void Read(int index, SampleBuffer into)
    {
        into.Clear();
        for (var at = _first[index]; at < _first[index + 1]; at++)
            _sources[(int)(_places[at] >> 32)].Read((int)_places[at], _min, _max, into);
        SampleMerge.Normalize(into);
    }

    public void Dispose()
    {
        // The view's memory belongs to the garbage collector; the contract lets other sources free theirs.
    }

    private readonly record struct Overlay(LabelSet[] Labels, int[] First, long[] Places)
    {
        public static Overlay Of(SeriesRun run, int source)
        {
            var first = new int[run.Count + 1];
            var places = new long[run.Count];
            for (var i = 0; i < places.Length; i++)
            {
                first[i + 1] = i + 1;
                places[i] = (long)source << 32 | (uint)run.Ids[i];
            }
            return new Overlay(run.Labels, first, places);
        }

        /// <summary>Sources of <paramref name="a"/> come before those of <paramref name="b"/>.</summary>
        public static Overlay Merge(in Overlay a, in Overlay b)
        {
            var labels = new LabelSet[a.Labels.Length + b.Labels.Length];
            var first = new int[labels.Length + 1];
            var places = new long[a.Places.Length + b.Places.Length];
            int i = 0, j = 0, series = 0, place = 0;
            while (i < a.Labels.Length || j < b.Labels.Length)
            {
                var order = i == a.Labels.Length ? 1 : j == b.Labels.Length ? -1 : a.Labels[i].CompareTo(b.Labels[j]);
                labels[series] = order <= 0 ? a.Labels[i] : b.Labels[j];
                if (order <= 0)
                    Take(a, i++, places, ref place);
                if (order >= 0)
                    Take(b, j++, places, ref place);
                first[++series] = place;
            }
            if (series == labels.Length)
                return new Overlay(labels, first, places);
            return new Overlay(labels[..series], first[..(series + 1)], places);
        }

        private static void Take(in Overlay from, int series, long[] places, ref int place)
        {
            var count = from.First[series + 1] - from.First[series];
            Array.Copy(from.Places, from.First[series], places, place, count);
            place += count;
        }
    }
}
