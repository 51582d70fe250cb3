using ActorMon.Model.Bytes;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>A run of samples as it was received. Times are shared with other runs; nobody changes any of it.</summary>
/// <param name="Histograms">Null: all are floats; else one entry a sample, null where it is a float.</param>
/// <param name="StartTimes">Null: none has one.</param>
public readonly record struct SampleRun(long[] Times, ArraySegment<double> Values, NativeHistogram?[]? Histograms, long[]? StartTimes)
{
    public int Count => Times.Length;
}

/// <summary>
/// Reads the content of the series frames of one answer, in their order. Bytes that are damaged, and series that do not ascend, end it with false: nothing of the answer
/// is to be believed then.
/// </summary>
/// <param name="take">Told of memory before it is taken, in bytes; an exception of it ends the read. A few bytes of a frame may stand for many equal samples.</param>
public sealed class SeriesFrameReader(Action<long>? take = null)
{
    private const int SlabValues = 8192;
    private const long SeriesBytes = 120;
    private const long LabelBytes = 32;

    private readonly LabelStreamReader _labels = new();
    private readonly TimeStreamReader _times = new();
    private readonly List<LabelSet> _series = [];
    private readonly List<int> _firstRun = [];
    private readonly List<SampleRun> _runs = [];
    private double[] _slab = [];
    private int _slabUsed;

    /// <summary>What has come, ascending.</summary>
    public IReadOnlyList<LabelSet> Series => _series;

    /// <summary>Memory that is held for all of it, about.</summary>
    public long Bytes { get; private set; }

    public ReadOnlySpan<SampleRun> RunsOf(int series)
    {
        var limit = series + 1 < _firstRun.Count ? _firstRun[series + 1] : _runs.Count;
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_runs)[_firstRun[series]..limit];
    }

    public bool Read(LinkFrame frame)
    {
        var from = frame.Reader();
        var flags = from.Byte();
        if ((flags & SeriesFrameWriter.TextsAnew) != 0)
            _labels.Reset();
        if ((flags & SeriesFrameWriter.TimesAnew) != 0)
            _times.Reset();
        while (from.Left > 0 && !from.Failed)
        {
            switch (from.Byte())
            {
                case SeriesFrameWriter.SeriesEntry:
                    ReadSeries(ref from);
                    break;
                case SeriesFrameWriter.RunEntry when _series.Count > 0:
                    ReadRun(ref from);
                    break;
                default:
                    from.Fail();
                    break;
            }
        }
        return !from.Failed;
    }

    private void ReadSeries(ref ByteReader from)
    {
        var labels = _labels.Read(ref from);
        if (!from.Failed && _series.Count > 0 && _series[^1].CompareTo(labels) >= 0)
            from.Fail();
        if (from.Failed)
            return;
        Take(SeriesBytes + (labels.Count * LabelBytes));
        _series.Add(labels);
        _firstRun.Add(_runs.Count);
    }

    private void ReadRun(ref ByteReader from)
    {
        var count = from.Number(SeriesFrameWriter.MaxRun);
        if (count == 0)
            from.Fail();
        if (from.Failed)
            return;
        // Times may be there already, which is only known when they are read: counted too high for most series by half.
        Take((count * (sizeof(double) + sizeof(long))) + SeriesBytes);
        var times = _times.Read(ref from, count);
        var flags = from.Byte();
        NativeHistogram?[]? histograms = null;
        if ((flags & SeriesFrameWriter.HasHistograms) != 0)
        {
            Take(count * sizeof(long));
            histograms = new NativeHistogram?[count];
        }
        var values = histograms is null ? ReadValues(ref from, count) : ReadMixed(ref from, histograms);
        long[]? starts = null;
        if ((flags & SeriesFrameWriter.HasStartTimes) != 0)
        {
            Take(count * sizeof(long));
            starts = new long[count];
            long start = 0;
            for (var i = 0; i < count; i++)
                starts[i] = start = unchecked(start + from.Signed());
        }
        if (from.Failed)
            return;
        _runs.Add(new SampleRun(times, values, histograms, starts));
    }

    private ArraySegment<double> ReadValues(ref ByteReader from, int count)
    {
        var values = Room(count);
        ValueRun.Read(ref from, values);
        return values;
    }

    private ArraySegment<double> ReadMixed(ref ByteReader from, NativeHistogram?[] histograms)
    {
        var values = Room(histograms.Length);
        var bitmap = from.Bytes((histograms.Length + 7) / 8);
        if (from.Failed)
            return values;
        var floats = 0;
        for (var i = 0; i < histograms.Length; i++)
            floats += Has(bitmap, i) ? 0 : 1;
        var column = values.AsSpan();
        if (floats > 0 && !ValueRun.Read(ref from, column[..floats]))
            return values;
        for (var i = histograms.Length - 1; i >= 0; i--)
            column[i] = Has(bitmap, i) ? double.NaN : column[--floats];
        for (var i = 0; i < histograms.Length && !from.Failed; i++)
            if (Has(bitmap, i))
                histograms[i] = ReadHistogram(ref from);
        return values;
    }

    private NativeHistogram? ReadHistogram(ref ByteReader from)
    {
        var bytes = from.Bytes(from.Count());
        var at = 0;
        var histogram = from.Failed ? null : HistogramCodec.Decode(bytes, ref at);
        if (histogram is null || at != bytes.Length)
            from.Fail();
        Take(bytes.Length * sizeof(double));
        return histogram;
    }

    private static bool Has(ReadOnlySpan<byte> bitmap, int at) => (bitmap[at >> 3] >> (at & 7) & 1) != 0;

    private void Take(long bytes)
    {
        take?.Invoke(bytes);
        Bytes += bytes;
    }

    private ArraySegment<double> Room(int count)
    {
        if (_slab.Length - _slabUsed < count)
            (_slab, _slabUsed) = (new double[Math.Max(SlabValues, count)], 0);
        var room = new ArraySegment<double>(_slab, _slabUsed, count);
        _slabUsed += count;
        return room;
    }
}
