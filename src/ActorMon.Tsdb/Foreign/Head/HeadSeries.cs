using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Foreign.Head;

/// <summary>One series of a head while its files are read. Samples that came in order must grow in time: of two with one time the first counts, as in the program that wrote them.</summary>
internal sealed class HeadSeries(LabelSet labels)
{
    private long[] _times = [];
    private double[] _values = [];
    private NativeHistogram?[]? _histograms;
    private int _count;
    private long _newest = long.MinValue;

    public LabelSet Labels { get; } = labels;

    /// <summary>Samples that the files have of it at most.</summary>
    public int Expected { get; private set; }

    public DeletedTimes? Deleted { get; private set; }

    public void Delete(long min, long max) => (Deleted ??= new DeletedTimes()).Add(min, max);

    /// <summary>Counts a sample that will be added; false: it will not count.</summary>
    public bool Expect(long time, bool outOfOrder)
    {
        if (!outOfOrder && time <= _newest)
            return false;
        if (!outOfOrder)
            _newest = time;
        Expected++;
        return true;
    }

    /// <summary>Room for what is expected, so that nothing is copied while it is filled.</summary>
    public void Begin()
    {
        _times = new long[Expected];
        _values = new double[Expected];
        _count = 0;
        _newest = long.MinValue;
    }

    /// <summary>Gives the samples back.</summary>
    public void Forget()
    {
        _times = [];
        _values = [];
        _histograms = null;
        _count = 0;
    }

    public void AddInOrder(long time, double value, NativeHistogram? histogram)
    {
        if (time <= _newest)
            return;
        _newest = time;
        Add(time, value, histogram);
    }

    public void Add(long time, double value, NativeHistogram? histogram)
    {
        if (_count == _times.Length)
        {
            Array.Resize(ref _times, Math.Max(16, _count * 2));
            Array.Resize(ref _values, _times.Length);
        }
        if (histogram is not null && (_histograms is null || _histograms.Length < _times.Length))
            Array.Resize(ref _histograms, _times.Length);
        _times[_count] = time;
        _values[_count] = value;
        if (_histograms is not null && _count < _histograms.Length)
            _histograms[_count] = histogram;
        _count++;
    }

    public long? FirstTimeFrom(long time)
    {
        long? first = null;
        for (var i = 0; i < _count; i++)
            if (_times[i] >= time && !(_times[i] >= first) && Deleted?.Covers(_times[i]) != true)
                first = _times[i];
        return first;
    }

    /// <summary>Adds the samples in the range, in the order in which they came, without deleted ones.</summary>
    public void CopyTo(long min, long max, SampleBuffer into)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_times[i] < min || _times[i] > max || Deleted?.Covers(_times[i]) == true)
                continue;
            if (_histograms is not null && i < _histograms.Length && _histograms[i] is { } histogram)
                into.Add(_times[i], histogram);
            else
                into.Add(_times[i], _values[i]);
        }
    }
}
