using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Head;

namespace ActorMon.Tsdb.Transfer;

/// <summary>
/// Takes samples of any series in any order and brings them into a directory, part by part, whenever a given amount of memory is full. One thread.
/// </summary>
/// <param name="target">Where to.</param>
/// <param name="windowLength">A length of <see cref="ImportWindows"/>; null: chosen for each batch by the times in it.</param>
/// <param name="budget">Bytes of samples held at once.</param>
/// <param name="written">Told of each part.</param>
public sealed class SampleCollector(ImportTarget target, long? windowLength, long budget, Action<ImportedPart> written)
{
    private const int SampleBytes = 16;
    private const int SeriesBytes = 400;

    private readonly Dictionary<LabelSet, Column> _series = [];
    private long _bytes;

    public long Samples { get; private set; }

    public void Add(LabelSet labels, long time, double value) => Add(ColumnOf(labels), time, value, null);

    public void Add(LabelSet labels, long time, NativeHistogram histogram) => Add(ColumnOf(labels), time, 0, histogram);

    /// <summary>Writes what is held.</summary>
    public void Flush()
    {
        if (_series.Count == 0)
            return;
        var sorted = new List<KeyValuePair<LabelSet, Column>>(_series);
        sorted.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var (_, column) in sorted)
        {
            column.Sort();
            min = Math.Min(min, column.Times[0]);
            max = Math.Max(max, column.Times[column.Count - 1]);
        }
        var length = windowLength ?? ImportWindows.LengthForRange(min, max);
        for (var next = min; next != long.MaxValue;)
            next = WriteWindow(sorted, ImportWindows.StartOf(next, length), length);
        _series.Clear();
        _bytes = 0;
    }

    /// <summary>Writes the window and returns the first time behind it; long.MaxValue: there is none.</summary>
    private long WriteWindow(List<KeyValuePair<LabelSet, Column>> sorted, long start, long length)
    {
        var end = ImportWindows.EndOf(start, length);
        var next = long.MaxValue;
        var buffer = new SampleBuffer();
        using var import = new WindowImport(target, start, end);
        foreach (var (labels, column) in sorted)
        {
            buffer.Clear();
            column.MoveTo(end, buffer);
            SampleMerge.Normalize(buffer);
            import.Add(labels, buffer);
            if (column.Written < column.Count)
                next = Math.Min(next, column.Times[column.Written]);
        }
        foreach (var part in import.Finish())
            written(part);
        return next;
    }

    private Column ColumnOf(LabelSet labels)
    {
        if (_series.TryGetValue(labels, out var column))
            return column;
        _bytes += SeriesBytes;
        return _series[labels] = new Column();
    }

    private void Add(Column column, long time, double value, NativeHistogram? histogram)
    {
        column.Add(time, value, histogram);
        Samples++;
        _bytes += SampleBytes + (histogram is null ? 0 : SeriesBytes);
        if (_bytes >= budget)
            Flush();
    }

    private sealed class Column
    {
        private double[] _values = [];
        private NativeHistogram?[]? _histograms;

        public long[] Times { get; private set; } = [];
        public int Count { get; private set; }

        /// <summary>Samples before this one are written.</summary>
        public int Written { get; private set; }

        public void Add(long time, double value, NativeHistogram? histogram)
        {
            if (Count == Times.Length)
            {
                var size = Math.Max(8, Count * 2);
                var times = Times;
                Array.Resize(ref times, size);
                Times = times;
                Array.Resize(ref _values, size);
                if (_histograms is not null)
                    Array.Resize(ref _histograms, size);
            }
            if (histogram is not null)
                (_histograms ??= new NativeHistogram?[Times.Length])[Count] = histogram;
            Times[Count] = time;
            _values[Count] = value;
            Count++;
        }

        public void Sort()
        {
            for (var i = 1; i < Count; i++)
            {
                if (Times[i] >= Times[i - 1])
                    continue;
                var order = new int[Count];
                for (var j = 0; j < order.Length; j++)
                    order[j] = j;
                Array.Sort(Times[..Count], order);
                _values = Array.ConvertAll(order, j => _values[j]);
                if (_histograms is { } histograms)
                    _histograms = Array.ConvertAll(order, j => histograms[j]);
                Times = Array.ConvertAll(order, j => Times[j]);
                return;
            }
        }

        /// <summary>Hands out the samples before a time that were not handed out yet.</summary>
        public void MoveTo(long end, SampleBuffer into)
        {
            for (; Written < Count && Times[Written] < end; Written++)
            {
                if (_histograms?[Written] is { } histogram)
                    into.Add(Times[Written], histogram);
                else
                    into.Add(Times[Written], _values[Written]);
            }
        }
    }
}
