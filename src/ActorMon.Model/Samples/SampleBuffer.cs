using ActorMon.Model.Histograms;

namespace ActorMon.Model.Samples;

/// <summary>
/// A growable column pair of samples of ONE series: times (ms, strictly increasing) and values; histograms beside them when the series has any
/// (then the float value at that index is meaningless). Reused over series by its owner, one query worker: filled by a reader, valid until the next fill.
/// </summary>
public sealed class SampleBuffer
{
    private long[] _times = new long[256];
    private double[] _values = new double[256];
    private NativeHistogram?[]? _histograms;
    private long[]? _startTimes;

    public int Count { get; private set; }

    public ReadOnlySpan<long> Times => _times.AsSpan(0, Count);

    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>True when at least one sample of this fill is a native histogram.</summary>
    public bool HasHistograms { get; private set; }

    /// <summary>The histogram at an index, or null when that sample is a float.</summary>
    public NativeHistogram? HistogramAt(int index) => HasHistograms ? _histograms![index] : null;

    /// <summary>True when at least one sample of this fill has a start timestamp.</summary>
    public bool HasStartTimes { get; private set; }

    /// <summary>Start timestamps (ms) beside the samples, 0 where there is none; empty when no sample of this fill has one.</summary>
    public ReadOnlySpan<long> StartTimes => HasStartTimes ? _startTimes.AsSpan(0, Count) : default;

    /// <summary>Gives the sample added last a start timestamp.</summary>
    public void SetStartTime(long startTime)
    {
        if (_startTimes is null || _startTimes.Length < _times.Length)
            Array.Resize(ref _startTimes, _times.Length);
        HasStartTimes = true;
        _startTimes[Count - 1] = startTime;
    }

    public void Clear()
    {
        if (HasHistograms)
            Array.Clear(_histograms!, 0, Count);
        if (HasStartTimes)
            Array.Clear(_startTimes!, 0, Count);
        Count = 0;
        HasHistograms = false;
        HasStartTimes = false;
    }

    public void Add(long time, double value)
    {
        if (Count == _times.Length)
            Grow(Count + 1);
        _times[Count] = time;
        _values[Count] = value;
        Count++;
    }

    public void Add(long time, NativeHistogram histogram)
    {
        if (Count == _times.Length)
            Grow(Count + 1);
        if (_histograms is null || _histograms.Length < _times.Length)
            Array.Resize(ref _histograms, _times.Length);
        HasHistograms = true;
        _histograms[Count] = histogram;
        _times[Count] = time;
        _values[Count] = double.NaN;
        Count++;
    }

    /// <summary>Adds <paramref name="count"/> float samples and hands out their columns for the caller to fill at once.</summary>
    public void AddColumns(int count, out Span<long> times, out Span<double> values)
    {
        if (Count + count > _times.Length)
            Grow(Count + count);
        times = _times.AsSpan(Count, count);
        values = _values.AsSpan(Count, count);
        Count += count;
    }

    /// <summary>Drops every sample from index <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        if (HasHistograms)
            Array.Clear(_histograms!, count, Count - count);
        if (HasStartTimes)
            Array.Clear(_startTimes!, count, Count - count);
        Count = count;
    }

    /// <summary>Takes <paramref name="count"/> samples out; those behind them move up.</summary>
    public void RemoveRange(int start, int count)
    {
        if (count == 0)
            return;
        var end = start + count;
        _times.AsSpan(end, Count - end).CopyTo(_times.AsSpan(start));
        _values.AsSpan(end, Count - end).CopyTo(_values.AsSpan(start));
        if (HasHistograms)
            _histograms.AsSpan(end, Count - end).CopyTo(_histograms.AsSpan(start));
        Truncate(Count - count);
    }

    private void Grow(int needed)
    {
        var size = Math.Max(needed, _times.Length * 2);
        Array.Resize(ref _times, size);
        Array.Resize(ref _values, size);
        if (_histograms is not null)
            Array.Resize(ref _histograms, size);
        if (_startTimes is not null)
            Array.Resize(ref _startTimes, size);
    }
}
