using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;

namespace ActorMon.RemoteWrite.Chunks;

/// <summary>
/// Prometheus' float histogram chunk (encoding 3): number of samples, what is known of a counter reset, the layout of the buckets, then columns of times, counts, sums
/// and buckets. A chunk holds histograms of one layout.
/// </summary>
public sealed class FloatHistogramChunk
{
    private const byte ResetKnown = 0b1000_0000;
    private const byte NoReset = 0b0100_0000;
    private const byte Gauge = 0b1100_0000;
    private const int ZeroThresholdBias = 243;

    private readonly BitWriter _into;
    private readonly NativeHistogram _layout;
    private readonly XorState[] _buckets;
    private XorState _count;
    private XorState _zeroCount;
    private XorState _sum;
    private long _time;
    private long _delta;
    private int _samples = 1;

    private FloatHistogramChunk(BitWriter into, long time, NativeHistogram first)
    {
        _into = into;
        _layout = first;
        _time = time;
        _buckets = new XorState[first.PositiveBuckets.Length + first.NegativeBuckets.Length];
        into.Reset();
        into.Bits(1, 16);
        into.Byte(first.CounterResetHint switch { CounterResetHint.Gauge => Gauge, CounterResetHint.Reset => ResetKnown, CounterResetHint.NotReset => NoReset, _ => 0 });
        WriteLayout(first);
        into.VarbitInt(time);
        First(first.Count, ref _count);
        First(first.ZeroCount, ref _zeroCount);
        First(first.Sum, ref _sum);
        var i = 0;
        foreach (var bucket in first.PositiveBuckets)
            First(bucket, ref _buckets[i++]);
        foreach (var bucket in first.NegativeBuckets)
            First(bucket, ref _buckets[i++]);
    }

    /// <summary>Empties <paramref name="into"/> and begins a chunk in it. Time in ms.</summary>
    public static FloatHistogramChunk Begin(BitWriter into, long time, NativeHistogram first) =>
        new(into, time, SpecialValues.IsStale(first.Sum) ? new NativeHistogram { Sum = first.Sum, CounterResetHint = first.CounterResetHint } : first);

    /// <summary>False: the histogram has another layout or may be a counter reset, so it begins a chunk of its own.</summary>
    public bool TryAdd(long time, NativeHistogram next)
    {
        if (!Continues(next))
            return false;
        var delta = time - _time;
        _into.VarbitInt(delta - _delta);
        (_time, _delta) = (time, delta);
        _into.Xor(next.Count, ref _count);
        _into.Xor(next.ZeroCount, ref _zeroCount);
        _into.Xor(next.Sum, ref _sum);
        var i = 0;
        foreach (var bucket in next.PositiveBuckets)
            _into.Xor(bucket, ref _buckets[i++]);
        foreach (var bucket in next.NegativeBuckets)
            _into.Xor(bucket, ref _buckets[i++]);
        _into.SetCount(++_samples);
        return true;
    }

    private bool Continues(NativeHistogram next) =>
        next.Schema == _layout.Schema && next.ZeroThreshold.Equals(_layout.ZeroThreshold)
        && !SpecialValues.IsStale(next.Sum) && !SpecialValues.IsStale(_layout.Sum)
        && (_layout.CounterResetHint == CounterResetHint.Gauge) == (next.CounterResetHint == CounterResetHint.Gauge)
        // Within a chunk no counter goes back: that is what a reader takes from it.
        && (next.CounterResetHint == CounterResetHint.Gauge || (next.CounterResetHint != CounterResetHint.Reset && NoneLess(next)))
        && next.PositiveSpans.AsSpan().SequenceEqual(_layout.PositiveSpans) && next.NegativeSpans.AsSpan().SequenceEqual(_layout.NegativeSpans)
        && next.CustomValues.AsSpan().SequenceEqual(_layout.CustomValues);

    private bool NoneLess(NativeHistogram next)
    {
        if (next.Count < _count.Value || next.ZeroCount < _zeroCount.Value || next.PositiveBuckets.Length + next.NegativeBuckets.Length != _buckets.Length)
            return false;
        var i = 0;
        foreach (var bucket in next.PositiveBuckets)
            if (bucket < _buckets[i++].Value)
                return false;
        foreach (var bucket in next.NegativeBuckets)
            if (bucket < _buckets[i++].Value)
                return false;
        return true;
    }

    private void First(double value, ref XorState state)
    {
        _into.Double(value);
        state.Value = value;
    }

    private void WriteLayout(NativeHistogram histogram)
    {
        ZeroThreshold(histogram.ZeroThreshold);
        _into.VarbitInt(histogram.Schema);
        Spans(histogram.PositiveSpans);
        Spans(histogram.NegativeSpans);
        if (!histogram.UsesCustomBuckets)
            return;
        _into.VarbitUInt((ulong)histogram.CustomValues.Length);
        foreach (var bound in histogram.CustomValues)
            Bound(bound);
    }

    private void Spans(BucketSpan[] spans)
    {
        _into.VarbitUInt((ulong)spans.Length);
        foreach (var span in spans)
        {
            _into.VarbitUInt(span.Length);
            _into.VarbitInt(span.Offset);
        }
    }

    /// <summary>A power of two from 2^-243 to 2^10 in one byte, zero as zero, others behind 255.</summary>
    private void ZeroThreshold(double threshold)
    {
        if (threshold == 0)
        {
            _into.Byte(0);
            return;
        }
        // As a fraction of 0.5 and an exponent, which is one above that of 1.0 x 2^e.
        var exponent = Math.ILogB(threshold) + 1;
        if (threshold > 0 && exponent is >= -242 and <= 11 && threshold.Equals(Math.ScaleB(1, exponent - 1)))
        {
            _into.Byte((byte)(exponent + ZeroThresholdBias));
            return;
        }
        _into.Byte(255);
        _into.Double(threshold);
    }

    /// <summary>Whole thousandths from 0 to 33554.430 as a number above zero; others behind a zero bit.</summary>
    private void Bound(double bound)
    {
        var thousand = bound * 1000;
        if (thousand is >= 0 and <= 33_554_430 && bound.Equals(Math.Round(thousand, MidpointRounding.AwayFromZero) / 1000))
        {
            _into.VarbitUInt((ulong)Math.Round(thousand, MidpointRounding.AwayFromZero) + 1);
            return;
        }
        _into.Bit(false);
        _into.Double(bound);
    }
}
