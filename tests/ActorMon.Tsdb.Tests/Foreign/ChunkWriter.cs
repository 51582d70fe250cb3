using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Tests.Foreign;

/// <summary>A chunk as a Prometheus would write it.</summary>
internal sealed record WrittenChunk(byte Encoding, byte[] Data, long MinTime, long MaxTime);

/// <summary>Encodes chunks of every kind, written from the format's description.</summary>
internal static class ChunkWriter
{
    public static WrittenChunk Xor(params (long Time, double Value)[] samples) => Xor((IReadOnlyList<(long Time, double Value)>)samples);

    public static WrittenChunk Xor(IReadOnlyList<(long Time, double Value)> samples)
    {
        var bits = new BitWriter().Bits((ulong)samples.Count, 16);
        ulong last = 0;
        (int, int)? window = null;
        long delta = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            var (time, value) = samples[i];
            if (i == 0)
            {
                bits.Varint(time).Double(value);
                last = BitConverter.DoubleToUInt64Bits(value);
                continue;
            }
            var step = time - samples[i - 1].Time;
            if (i == 1)
                bits.Uvarint((ulong)step);
            else
                TimeChange(bits, step - delta);
            delta = step;
            bits.Xor(ref last, ref window, value);
        }
        return new WrittenChunk(1, bits.ToArray(), samples[0].Time, samples[^1].Time);
    }

    /// <param name="starts">Start timestamp of each sample, 0 none; written as differences to the time of the sample before.</param>
    public static WrittenChunk Xor2(IReadOnlyList<(long Time, double Value)> samples, IReadOnlyList<long>? starts = null)
    {
        var (header, from) = StartsHeader(starts);
        var bits = new BitWriter().Bits((ulong)samples.Count, 16).Bits(header, 8);
        ulong last = 0;
        (int, int)? window = null;
        long delta = 0, startDiff = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            var (time, value) = samples[i];
            var stale = SpecialValues.IsStale(value);
            if (i == 0)
            {
                bits.Varint(time).Double(value);
                last = stale ? 0 : BitConverter.DoubleToUInt64Bits(value);
            }
            else
            {
                var step = time - samples[i - 1].Time;
                if (i == 1)
                {
                    bits.Uvarint((ulong)step);
                    Value2(bits, ref last, ref window, value);
                }
                else
                {
                    Joint(bits, step - delta, ref last, ref window, value);
                }
                delta = step;
            }
            Start(bits, starts, from, i, time, i == 0 ? 0 : samples[i - 1].Time, ref startDiff);
        }
        return new WrittenChunk(4, bits.ToArray(), samples[0].Time, samples[^1].Time);
    }

    /// <summary>Whole counts or floats; all histograms of the layout of the first. A histogram with a stale sum has nothing behind it.</summary>
    public static WrittenChunk Histograms(bool floats, int reset, IReadOnlyList<(long Time, NativeHistogram Histogram)> samples, IReadOnlyList<long>? starts = null)
    {
        var (header, from) = StartsHeader(starts);
        var bits = starts is null
            ? new BitWriter().Bits((ulong)samples.Count, 16).Bits((ulong)reset << 6, 8)
            : new BitWriter().Bits((ulong)reset, 2).Bits((ulong)samples.Count, 14).Bits(header, 8);
        var layout = samples[0].Histogram;
        Layout(bits, layout);
        var columns = floats ? (IColumns)new FloatColumns(layout) : new WholeColumns(layout);
        var sum = new XorColumn();
        long delta = 0, startDiff = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            var (time, h) = samples[i];
            var before = i == 0 ? 0 : samples[i - 1].Time;
            if (i == 0)
            {
                bits.VarbitInt(time);
            }
            else
            {
                bits.VarbitInt(time - before - delta);
                delta = time - before;
            }
            columns.Counts(bits, h, first: i == 0);
            sum.Write(bits, h.Sum, first: i == 0);
            if (!SpecialValues.IsStale(h.Sum))
                columns.Buckets(bits, h, first: i == 0);
            Start(bits, starts, from, i, time, before, ref startDiff);
        }
        var encoding = (floats ? 3 : 2) + (starts is null ? 0 : 3);
        return new WrittenChunk((byte)encoding, bits.ToArray(), samples[0].Time, samples[^1].Time);
    }

    private static void TimeChange(BitWriter bits, long change)
    {
        foreach (var (prefix, size) in (ReadOnlySpan<(string, int)>)[("10", 14), ("110", 17), ("1110", 20)])
        {
            var half = 1L << (size - 1);
            if (change == 0 || change <= -half || change > half)
                continue;
            bits.Text(prefix);
            bits.Bits((ulong)change, size);
            return;
        }
        if (change == 0)
            bits.Bit(false);
        else
            bits.Ones(4).Bits((ulong)change, 64);
    }

    private static void Joint(BitWriter bits, long change, ref ulong last, ref (int, int)? window, double value)
    {
        if (change == 0)
        {
            if (SpecialValues.IsStale(value))
                bits.Ones(5);
            else
                bits.Xor(ref last, ref window, value, "0", "100", "101");
            return;
        }
        if (change is >= -(1 << 12) and < 1 << 12)
            bits.Bits(0b110, 3).Bits((ulong)change, 13);
        else if (change is >= -(1 << 19) and < 1 << 19)
            bits.Bits(0b1110, 4).Bits((ulong)change, 20);
        else
            bits.Bits(0b11110, 5).Bits((ulong)change, 64);
        Value2(bits, ref last, ref window, value);
    }

    private static void Value2(BitWriter bits, ref ulong last, ref (int, int)? window, double value)
    {
        if (SpecialValues.IsStale(value))
            bits.Ones(3);
        else
            bits.Xor(ref last, ref window, value, "0", "10", "110");
    }

    private static (ulong Header, int From) StartsHeader(IReadOnlyList<long>? starts)
    {
        if (starts is null)
            return (0, 0);
        var from = 0;
        for (var i = 1; i < starts.Count && from == 0; i++)
            if (starts[i] != starts[i - 1] || i == 127)
                from = i;
        return ((starts[0] != 0 ? 0x80UL : 0) + (ulong)from, from);
    }

    private static void Start(BitWriter bits, IReadOnlyList<long>? starts, int from, int i, long time, long before, ref long diff)
    {
        if (starts is null)
            return;
        if (i == 0)
        {
            if (starts[0] != 0)
                bits.Varint(time - starts[0]);
            return;
        }
        if (from == 0 || i < from)
            return;
        var now = before - starts[i];
        bits.VarbitInt(i == from ? now : now - diff);
        diff = now;
    }

    private static void Layout(BitWriter bits, NativeHistogram h)
    {
        if (h.ZeroThreshold == 0)
            bits.Bits(0, 8);
        else if (Math.ILogB(h.ZeroThreshold) is var exponent && Math.ScaleB(1, exponent) == h.ZeroThreshold && exponent is >= -243 and <= 10)
            bits.Bits((ulong)(exponent + 1 + 243), 8);
        else
            bits.Bits(255, 8).Double(h.ZeroThreshold);
        bits.VarbitInt(h.Schema);
        foreach (var spans in (BucketSpan[][])[h.PositiveSpans, h.NegativeSpans])
        {
            bits.VarbitUint((ulong)spans.Length);
            foreach (var span in spans)
                bits.VarbitUint(span.Length).VarbitInt(span.Offset);
        }
        if (!h.UsesCustomBuckets)
            return;
        bits.VarbitUint((ulong)h.CustomValues.Length);
        foreach (var bound in h.CustomValues)
        {
            var whole = Math.Round(bound * 1000);
            if (bound >= 0 && whole <= 33554430 && whole / 1000 == bound)
                bits.VarbitUint((ulong)whole + 1);
            else
                bits.Bit(false).Double(bound);
        }
    }

    private interface IColumns
    {
        void Counts(BitWriter bits, NativeHistogram h, bool first);
        void Buckets(BitWriter bits, NativeHistogram h, bool first);
    }

    private sealed class XorColumn
    {
        private ulong _last;
        private (int, int)? _window;

        public void Write(BitWriter bits, double value, bool first)
        {
            if (!first)
            {
                bits.Xor(ref _last, ref _window, value);
                return;
            }
            bits.Double(value);
            _last = BitConverter.DoubleToUInt64Bits(value);
        }
    }

    private sealed class Differences
    {
        private long _last, _delta;

        public void Write(BitWriter bits, long value, bool first, bool unsigned = false)
        {
            if (first && unsigned)
                bits.VarbitUint((ulong)value);
            else if (first)
                bits.VarbitInt(value);
            else
                bits.VarbitInt(value - _last - _delta);
            _delta = first ? 0 : value - _last;
            _last = value;
        }
    }

    private sealed class FloatColumns(NativeHistogram layout) : IColumns
    {
        private readonly XorColumn[] _columns = [.. Enumerable.Range(0, 2 + layout.PositiveBuckets.Length + layout.NegativeBuckets.Length).Select(_ => new XorColumn())];

        public void Counts(BitWriter bits, NativeHistogram h, bool first)
        {
            _columns[0].Write(bits, h.Count, first);
            _columns[1].Write(bits, h.ZeroCount, first);
        }

        public void Buckets(BitWriter bits, NativeHistogram h, bool first)
        {
            var at = 2;
            foreach (var bucket in h.PositiveBuckets.Concat(h.NegativeBuckets))
                _columns[at++].Write(bits, bucket, first);
        }
    }

    private sealed class WholeColumns(NativeHistogram layout) : IColumns
    {
        private readonly Differences _count = new();
        private readonly Differences _zero = new();
        private readonly Differences[] _buckets = [.. Enumerable.Range(0, layout.PositiveBuckets.Length + layout.NegativeBuckets.Length).Select(_ => new Differences())];

        public void Counts(BitWriter bits, NativeHistogram h, bool first)
        {
            _count.Write(bits, (long)h.Count, first, unsigned: true);
            _zero.Write(bits, (long)h.ZeroCount, first, unsigned: true);
        }

        public void Buckets(BitWriter bits, NativeHistogram h, bool first)
        {
            var at = 0;
            foreach (var side in (double[][])[h.PositiveBuckets, h.NegativeBuckets])
            {
                long previous = 0;
                foreach (var bucket in side)
                {
                    _buckets[at++].Write(bits, (long)bucket - previous, first);
                    previous = (long)bucket;
                }
            }
        }
    }
}
