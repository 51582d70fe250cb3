using System.Numerics;
using ActorMon.Model.Histograms;
using ActorMon.PromQL.Fragments;

namespace ActorMon.PromQL.Execution;

/// <summary>
/// One series' values over all steps of a grid with a presence bitmap; values of absent steps are arbitrary. A step holds a float or, when
/// <see cref="HasHistograms"/>, possibly a histogram. Reused: the consumer owns it and hands it to an operator to be overwritten.
/// </summary>
internal sealed class Column(int steps)
{
    private NativeHistogram?[]? _histograms;

    public int Steps { get; } = steps;

    public double[] Values { get; } = new double[steps];

    /// <summary>Bit i: step i has a value. Bits beyond the last step are zero.</summary>
    public ulong[] Present { get; } = new ulong[(steps + 63) >> 6];

    /// <summary>True when some step may hold a histogram.</summary>
    public bool HasHistograms { get; private set; }

    public bool Has(int step) => (Present[step >> 6] >> step & 1) != 0;

    public NativeHistogram? HistogramAt(int step) => HasHistograms ? _histograms![step] : null;

    public void Clear()
    {
        Array.Clear(Present);
        if (HasHistograms)
            Array.Clear(_histograms!);
        HasHistograms = false;
    }

    public void Set(int step, double value)
    {
        Values[step] = value;
        Present[step >> 6] |= 1UL << step;
    }

    public void Set(int step, NativeHistogram histogram)
    {
        _histograms ??= new NativeHistogram?[Steps];
        HasHistograms = true;
        _histograms[step] = histogram;
        Present[step >> 6] |= 1UL << step;
    }

    /// <summary>Copies one step of another column, float or histogram.</summary>
    public void SetFrom(Column other, int step, int otherStep)
    {
        if (other.HistogramAt(otherStep) is { } histogram)
            Set(step, histogram);
        else
            Set(step, other.Values[otherStep]);
    }

    public void Unset(int step)
    {
        Present[step >> 6] &= ~(1UL << step);
        if (HasHistograms)
            _histograms![step] = null;
    }

    public void CopyFrom(Column other)
    {
        Clear();
        other.Values.AsSpan().CopyTo(Values);
        other.Present.AsSpan().CopyTo(Present);
        if (!other.HasHistograms)
            return;
        HasHistograms = true;
        _histograms ??= new NativeHistogram?[Steps];
        other._histograms!.CopyTo(_histograms, 0);
    }

    /// <summary>Takes over values that were computed elsewhere.</summary>
    public void Fill(FragmentColumn column)
    {
        Clear();
        column.Present.AsSpan().CopyTo(Present);
        if (column.Values.Length == Steps)
        {
            column.Values.AsSpan().CopyTo(Values);
            return;
        }
        var at = 0;
        foreach (var step in Bits.Steps(Present))
            Values[step] = column.Values[at++];
    }

    /// <summary>Adds to the values, where there are none begins with them.</summary>
    public void Add(FragmentColumn column)
    {
        var at = 0;
        foreach (var step in Bits.Steps(column.Present))
            Set(step, Has(step) ? Values[step] + column.Values[at++] : column.Values[at++]);
    }

    /// <summary>Drops every step that holds a histogram.</summary>
    public void DropHistograms()
    {
        if (!HasHistograms)
            return;
        for (var step = 0; step < Steps; step++)
            if (_histograms![step] is not null)
                Unset(step);
        HasHistograms = false;
    }

    /// <summary>Forgets histograms but not that there was something; values of those steps are the caller's to set.</summary>
    public void DropHistogramsKeepingPresence()
    {
        if (HasHistograms)
            Array.Clear(_histograms!);
        HasHistograms = false;
    }

    public int Count => Bits.Count(Present);

    public bool IsEmpty => !Present.AsSpan().ContainsAnyExcept(0UL);

    public bool IsFull => Count == Steps;

    /// <summary>Memory of the column's content.</summary>
    public long Bytes
    {
        get
        {
            var bytes = (long)Steps * sizeof(double) + (long)Present.Length * sizeof(ulong);
            if (HasHistograms)
                foreach (var histogram in _histograms!)
                    bytes += nint.Size + (histogram is null ? 0 : HistogramSize.BytesOf(histogram));
            return bytes;
        }
    }

    /// <summary>Samples as the limits count them.</summary>
    public long Size
    {
        get
        {
            long size = Count;
            if (HasHistograms)
                foreach (var histogram in _histograms!)
                    if (histogram is not null)
                        size += HistogramSize.Of(histogram) - 1;
            return size;
        }
    }
}

/// <summary>Presence bitmaps: one bit per step, 64 to a word.</summary>
internal static class Bits
{
    public static int Count(ReadOnlySpan<ulong> words)
    {
        var count = 0;
        foreach (var word in words)
            count += BitOperations.PopCount(word);
        return count;
    }

    public static bool Has(ReadOnlySpan<ulong> words, int step) => (words[step >> 6] >> step & 1) != 0;

    public static void Set(Span<ulong> words, int step) => words[step >> 6] |= 1UL << step;

    public static void Or(Span<ulong> into, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] |= other[i];
    }

    public static void And(Span<ulong> into, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] &= other[i];
    }

    public static void AndNot(Span<ulong> into, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] &= ~other[i];
    }

    /// <summary>The lowest step set in both, or -1.</summary>
    public static int FirstCommon(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        for (var i = 0; i < a.Length; i++)
            if ((a[i] & b[i]) is var common and not 0)
                return (i << 6) + BitOperations.TrailingZeroCount(common);
        return -1;
    }

    /// <summary>Bits 0 .. steps-1 set.</summary>
    public static ulong[] Full(int steps)
    {
        var words = new ulong[(steps + 63) >> 6];
        Array.Fill(words, ulong.MaxValue);
        if ((steps & 63) != 0)
            words[^1] = (1UL << steps) - 1;
        return words;
    }

    public static StepEnumerator Steps(ulong[] words) => new(words);

    /// <summary>The set steps in ascending order; the current word is read once, so the step just given may be cleared while looping.</summary>
    public struct StepEnumerator(ulong[] words)
    {
        private int _word = -1;
        private ulong _left;

        public int Current { get; private set; }

        public readonly StepEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_left == 0)
            {
                if (++_word >= words.Length)
                    return false;
                _left = words[_word];
            }
            Current = (_word << 6) + BitOperations.TrailingZeroCount(_left);
            _left &= _left - 1;
            return true;
        }
    }
}

/// <summary>How many float samples a native histogram counts for in limits and statistics: its bytes, 16 to a sample, as the peer counts.</summary>
internal static class HistogramSize
{
    private const int FixedBytes = 8 + (4 * 8) + (5 * 24);

    public static int Of(NativeHistogram histogram) => (BytesOf(histogram) + 8) / 16;

    public static int BytesOf(NativeHistogram histogram) => FixedBytes + (8 * (histogram.PositiveSpans.Length + histogram.NegativeSpans.Length
        + histogram.PositiveBuckets.Length + histogram.NegativeBuckets.Length + histogram.CustomValues.Length));
}
