using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Foreign.Chunks;

/// <summary>
/// Encodings 2 and 5, histograms of whole counts: header, <see cref="HistogramLayout"/>, then of each sample time, count and zero count as differences of differences,
/// the sum as <see cref="XorWindow"/>, and each bucket's delta to its neighbour as a difference of differences. A stale marker ends after its sum.
/// </summary>
internal static class HistogramChunk
{
    public static void Read(ReadOnlySpan<byte> data, HistogramHeader header, SampleBuffer into)
    {
        var bits = new BitCursor(data[HistogramHeader.Bytes..]);
        if (header.Count == 0)
            return;
        var layout = HistogramLayout.Read(ref bits, bucketBits: 1);
        var positive = new Column(layout.PositiveBuckets);
        var negative = new Column(layout.NegativeBuckets);
        var sum = new XorWindow();
        var time = new Difference();
        var count = new Difference();
        var zeroCount = new Difference();
        for (var i = 0; i < header.Count; i++)
        {
            if (i == 0)
            {
                time.Value = bits.VarbitInt();
                count.Value = (long)bits.VarbitUint();
                zeroCount.Value = (long)bits.VarbitUint();
                sum.Value = bits.Bits(64);
            }
            else
            {
                time.Next(bits.VarbitInt());
                count.Next(bits.VarbitInt());
                zeroCount.Next(bits.VarbitInt());
                sum.Next(ref bits);
            }
            var stale = sum.Value == SpecialValues.StaleNaNBits;
            // The first sample of a chunk has its buckets whatever the sum.
            if (i == 0 || !stale)
            {
                positive.Next(ref bits, first: i == 0);
                negative.Next(ref bits, first: i == 0);
            }
            header.Starts.Skip(ref bits, i);
            into.Add(time.Value, stale
                ? ForeignChunk.Stale
                : layout.Histogram(header.HintOf(i), (ulong)count.Value, (ulong)zeroCount.Value, sum.Float, positive.Absolute(), negative.Absolute()));
        }
    }

    private struct Difference
    {
        public long Value;
        private long _delta;

        public void Next(long change)
        {
            _delta += change;
            Value += _delta;
        }
    }

    private readonly struct Column(int buckets)
    {
        private readonly long[] _values = new long[buckets];
        private readonly long[] _deltas = new long[buckets];

        public void Next(ref BitCursor bits, bool first)
        {
            for (var i = 0; i < _values.Length; i++)
            {
                var read = bits.VarbitInt();
                if (first)
                {
                    _values[i] = read;
                    continue;
                }
                _deltas[i] += read;
                _values[i] += _deltas[i];
            }
        }

        /// <summary>The counts: each value is the difference to the bucket before it.</summary>
        public double[] Absolute()
        {
            var counts = new double[_values.Length];
            long current = 0;
            for (var i = 0; i < counts.Length; i++)
                counts[i] = current += _values[i];
            return counts;
        }
    }
}
