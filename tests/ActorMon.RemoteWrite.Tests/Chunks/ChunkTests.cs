using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;
using ActorMon.RemoteWrite.Chunks;

namespace ActorMon.RemoteWrite.Tests.Chunks;

public sealed class ChunkTests
{
    [Fact]
    public void The_bytes_of_a_small_chunk_are_those_of_the_format()
    {
        var writer = new BitWriter();
        XorChunk.Write(writer, [1000, 2000, 3000], [1, 1, 1]);
        // Count; 1000 zigzag; 1.0; delta 1000; a zero for the same value; a zero for the same delta and one for the same value.
        Assert.Equal("0003" + "D00F" + "3FF0000000000000" + "E807" + "00", Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void Samples_of_any_shape_are_read_back()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var count = 1 + random.Next(120);
            var times = new long[count];
            var values = new double[count];
            long time = random.NextInt64(-1_000_000_000_000, 2_000_000_000_000);
            for (var i = 0; i < count; i++)
            {
                times[i] = time;
                time += random.Next(8) switch { 0 => 1, 1 => random.Next(1, 1 << 13), 2 => random.Next(1, 1 << 19), 3 => random.NextInt64(1, 1L << 40), _ => 15_000 };
                values[i] = random.Next(6) switch
                {
                    0 => BitConverter.UInt64BitsToDouble((ulong)random.NextInt64() << 1 | (uint)random.Next(2)),
                    1 => SpecialValues.StaleNaN,
                    2 => random.Next(100),
                    3 => double.NegativeInfinity,
                    _ => i == 0 ? 0.1 : values[i - 1],
                };
            }
            var writer = new BitWriter();
            XorChunk.Write(writer, [5, 6], [7, 8]);
            XorChunk.Write(writer, times, values);
            var (readTimes, readValues) = ReadXor(writer.Written.ToArray());
            Assert.Equal(times, readTimes);
            Assert.Equal(values.Select(BitConverter.DoubleToUInt64Bits), readValues.Select(BitConverter.DoubleToUInt64Bits));
        }
    }

    [Fact]
    public void Histograms_of_one_layout_share_a_chunk()
    {
        var first = new NativeHistogram
        {
            Schema = 3,
            ZeroThreshold = Math.ScaleB(1, -128),
            ZeroCount = 2,
            Count = 12.5,
            Sum = 3.25,
            PositiveSpans = [new(-3, 2), new(5, 1)],
            PositiveBuckets = [1, 2, 3.5],
            NegativeSpans = [new(0, 1)],
            NegativeBuckets = [4],
            CounterResetHint = CounterResetHint.NotReset,
        };
        var next = first with { Count = 20, ZeroCount = 3, Sum = -1, PositiveBuckets = [2, 2, 8], NegativeBuckets = [5] };
        var writer = new BitWriter();
        var chunk = FloatHistogramChunk.Begin(writer, 1_700_000_000_123, first);
        Assert.True(chunk.TryAdd(1_700_000_015_123, next));
        Assert.True(chunk.TryAdd(1_700_000_030_124, next));
        Assert.False(chunk.TryAdd(1_700_000_045_000, first), "a counter went back");
        Assert.False(chunk.TryAdd(1_700_000_045_000, next with { Schema = 2 }));
        Assert.False(chunk.TryAdd(1_700_000_045_000, next with { ZeroThreshold = 1 }));
        Assert.False(chunk.TryAdd(1_700_000_045_000, next with { CounterResetHint = CounterResetHint.Gauge }));
        Assert.False(chunk.TryAdd(1_700_000_045_000, next with { Sum = SpecialValues.StaleNaN }));

        var reader = new BitReader(writer.Written.ToArray());
        Assert.Equal((3UL, 0x40UL), (reader.Bits(16), reader.Bits(8)));
        // 2^-128 as one byte.
        Assert.Equal((116UL, 3L), (reader.Bits(8), reader.VarbitInt()));
        Assert.Equal((2UL, 2UL, -3L, 1UL, 5L), (reader.VarbitUInt(), reader.VarbitUInt(), reader.VarbitInt(), reader.VarbitUInt(), reader.VarbitInt()));
        Assert.Equal((1UL, 1UL, 0L), (reader.VarbitUInt(), reader.VarbitUInt(), reader.VarbitInt()));
        Assert.Equal(1_700_000_000_123, reader.VarbitInt());
        XorColumn[] columns = [.. Enumerable.Range(0, 7).Select(_ => new XorColumn(reader.Double()))];
        Assert.Equal([12.5, 2, 3.25, 1, 2, 3.5, 4], columns.Select(c => c.Value));
        Assert.Equal(15_000, reader.VarbitInt());
        Assert.Equal([20, 3, -1, 2, 2, 8, 5], columns.Select(reader.Xor));
        Assert.Equal(1, reader.VarbitInt());
        Assert.Equal([20, 3, -1, 2, 2, 8, 5], columns.Select(reader.Xor));
    }

    [Fact]
    public void Custom_bounds_and_thresholds_take_what_they_need()
    {
        var writer = new BitWriter();
        FloatHistogramChunk.Begin(writer, 0, new NativeHistogram
        {
            Schema = NativeHistogram.CustomBucketsSchema,
            ZeroThreshold = 0.3,
            CustomValues = [0, 0.005, 33_554.430, 1e9, -1],
            CounterResetHint = CounterResetHint.Gauge,
        });
        var reader = new BitReader(writer.Written.ToArray());
        Assert.Equal((1UL, 0xC0UL, 255UL, 0.3, -53L), (reader.Bits(16), reader.Bits(8), reader.Bits(8), reader.Double(), reader.VarbitInt()));
        Assert.Equal((0UL, 0UL, 5UL), (reader.VarbitUInt(), reader.VarbitUInt(), reader.VarbitUInt()));
        Assert.Equal((1UL, 6UL, 33_554_431UL), (reader.VarbitUInt(), reader.VarbitUInt(), reader.VarbitUInt()));
        Assert.Equal((0UL, 1e9, 0UL, -1.0), (reader.VarbitUInt(), reader.Double(), reader.VarbitUInt(), reader.Double()));
    }

    [Fact]
    public void A_stale_histogram_has_no_layout()
    {
        var writer = new BitWriter();
        FloatHistogramChunk.Begin(writer, 1, new NativeHistogram { Schema = 3, Sum = SpecialValues.StaleNaN, PositiveSpans = [new(0, 1)], PositiveBuckets = [1] });
        var reader = new BitReader(writer.Written.ToArray());
        Assert.Equal((1UL, 0UL, 0UL, 0L, 0UL, 0UL, 1L), (reader.Bits(16), reader.Bits(8), reader.Bits(8), reader.VarbitInt(), reader.VarbitUInt(), reader.VarbitUInt(), reader.VarbitInt()));
        Assert.Equal((0.0, 0.0), (reader.Double(), reader.Double()));
        Assert.True(SpecialValues.IsStale(reader.Double()));
    }

    internal static (long[] Times, double[] Values) ReadXor(byte[] chunk)
    {
        var reader = new BitReader(chunk);
        var count = (int)reader.Bits(16);
        var (times, values) = (new long[count], new double[count]);
        times[0] = reader.Varint();
        values[0] = reader.Double();
        var column = new XorColumn(values[0]);
        long delta = 0;
        for (var i = 1; i < count; i++)
        {
            if (i == 1)
                delta = (long)reader.UVarint();
            else
                delta += reader.Ones(4) switch { 0 => 0, 1 => reader.Signed(14), 2 => reader.Signed(17), 3 => reader.Signed(20), _ => reader.Signed(64) };
            times[i] = times[i - 1] + delta;
            values[i] = reader.Xor(column);
        }
        return (times, values);
    }
}
