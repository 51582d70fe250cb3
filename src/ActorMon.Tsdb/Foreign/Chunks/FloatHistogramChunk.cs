using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Foreign.Chunks;

/// <summary>Encodings 3 and 6, histograms of float counts: as <see cref="HistogramChunk"/>, but count, zero count and each bucket are columns of <see cref="XorWindow"/>.</summary>
internal static class FloatHistogramChunk
{
    private const int FloatBits = 64;

    public static void Read(ReadOnlySpan<byte> data, HistogramHeader header, SampleBuffer into)
    {
        var bits = new BitCursor(data[HistogramHeader.Bytes..]);
        if (header.Count == 0)
            return;
        var layout = HistogramLayout.Read(ref bits, FloatBits);
        var positive = new XorWindow[layout.PositiveBuckets];
        var negative = new XorWindow[layout.NegativeBuckets];
        XorWindow count = default, zeroCount = default, sum = default;
        long time = 0, delta = 0;
        for (var i = 0; i < header.Count; i++)
        {
            if (i == 0)
            {
                time = bits.VarbitInt();
                count.Value = bits.Bits(FloatBits);
                zeroCount.Value = bits.Bits(FloatBits);
                sum.Value = bits.Bits(FloatBits);
            }
            else
            {
                delta += bits.VarbitInt();
                time += delta;
                count.Next(ref bits);
                zeroCount.Next(ref bits);
                sum.Next(ref bits);
            }
            var stale = sum.Value == SpecialValues.StaleNaNBits;
            if (i == 0 || !stale)
            {
                Next(positive, ref bits, first: i == 0);
                Next(negative, ref bits, first: i == 0);
            }
            header.Starts.Skip(ref bits, i);
            into.Add(time, stale ? ForeignChunk.Stale : layout.Histogram(header.HintOf(i), count.Float, zeroCount.Float, sum.Float, Floats(positive), Floats(negative)));
        }
    }

    private static void Next(XorWindow[] columns, ref BitCursor bits, bool first)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (first)
                columns[i].Value = bits.Bits(FloatBits);
            else
                columns[i].Next(ref bits);
        }
    }

    private static double[] Floats(XorWindow[] columns)
    {
        var values = new double[columns.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = columns[i].Float;
        return values;
    }
}
