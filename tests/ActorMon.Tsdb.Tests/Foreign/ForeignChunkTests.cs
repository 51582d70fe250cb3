using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Foreign;
using ActorMon.Tsdb.Foreign.Chunks;

namespace ActorMon.Tsdb.Tests.Foreign;

public sealed class ForeignChunkTests
{
    private static readonly double[] Odd =
    [
        0, -0.0, 1, -1, double.Epsilon, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, SpecialValues.NormalNaN, SpecialValues.StaleNaN,
        BitConverter.UInt64BitsToDouble(0x7ff800000000beef), 0.1, 1e300,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Floats_come_out_bit_for_bit(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var samples = Samples(random);
            Same(samples, ChunkWriter.Xor(samples));
            Same(samples, ChunkWriter.Xor2(samples));
            Same(samples, ChunkWriter.Xor2(samples, Starts(random, samples.Select(s => s.Time))));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Histograms_come_out_bit_for_bit_with_the_hints_of_their_chunk(bool floats)
    {
        var random = new Random(4);
        for (var round = 0; round < 100; round++)
        {
            var samples = Histograms(random, floats);
            var reset = random.Next(4);
            foreach (var starts in (List<long>?[])[null, Starts(random, samples.Select(s => s.Time))])
            {
                var buffer = Read(ChunkWriter.Histograms(floats, reset, samples, starts));
                Assert.Equal(samples.Count, buffer.Count);
                for (var i = 0; i < samples.Count; i++)
                {
                    Assert.Equal(samples[i].Time, buffer.Times[i]);
                    var hint = reset == 3 ? CounterResetHint.Gauge : i > 0 ? CounterResetHint.NotReset : CounterResetHint.Unknown;
                    var expected = SpecialValues.IsStale(samples[i].Histogram.Sum) ? new NativeHistogram { Sum = SpecialValues.StaleNaN } : samples[i].Histogram with { CounterResetHint = hint };
                    Assert.Equal(expected, buffer.HistogramAt(i));
                    Assert.Equal(expected.CounterResetHint, buffer.HistogramAt(i)!.CounterResetHint);
                }
            }
        }
    }

    [Fact]
    public void A_chunk_with_any_damage_is_read_or_refused_and_asks_for_no_more_memory_than_its_size_allows()
    {
        var random = new Random(5);
        var refused = 0;
        for (var round = 0; round < 4000; round++)
        {
            var chunk = (round % 6) switch
            {
                0 => ChunkWriter.Xor(Samples(random)),
                1 => ChunkWriter.Xor2(Samples(random)),
                2 => ChunkWriter.Histograms(false, 0, Histograms(random, false)),
                3 => ChunkWriter.Histograms(true, 0, Histograms(random, true)),
                4 => ChunkWriter.Histograms(false, 1, Histograms(random, false), [.. Enumerable.Repeat(7L, 40)]),
                _ => new WrittenChunk((byte)random.Next(8), RandomBytes(random), 0, 0),
            };
            var data = chunk.Data[..random.Next(chunk.Data.Length + 1)];
            for (var flips = random.Next(4); flips > 0 && data.Length > 0; flips--)
                data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var buffer = new SampleBuffer();
                ForeignChunk.Read(chunk.Encoding, data, buffer);
            }
            catch (ForeignDataException)
            {
                refused++;
            }
            // 65,535 samples at most; a bucket costs a bit at least.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000 + data.Length * 4_000L);
        }
        Assert.InRange(refused, 100, 3999);
    }

    private static void Same(List<(long Time, double Value)> samples, WrittenChunk chunk)
    {
        var buffer = Read(chunk);
        Assert.Equal(samples.Count, ForeignChunk.SamplesOf(chunk.Encoding, chunk.Data));
        Assert.Equal(samples.Select(s => (s.Time, BitConverter.DoubleToInt64Bits(s.Value))),
            Enumerable.Range(0, buffer.Count).Select(i => (buffer.Times[i], BitConverter.DoubleToInt64Bits(buffer.Values[i]))));
    }

    private static SampleBuffer Read(WrittenChunk chunk)
    {
        var buffer = new SampleBuffer();
        ForeignChunk.Read(chunk.Encoding, chunk.Data, buffer);
        return buffer;
    }

    private static List<(long Time, double Value)> Samples(Random random)
    {
        var samples = new List<(long, double)>();
        var time = random.NextInt64(-1L << 40, 1L << 41);
        double value = random.Next();
        for (var i = random.Next(1, 200); i > 0; i--)
        {
            samples.Add((time, value));
            time += random.Next(6) switch { 0 => 1 + random.Next(20), 1 => 1 + random.NextInt64(1L << random.Next(1, 45)), _ => 15000 };
            value = random.Next(5) switch { 0 => Odd[random.Next(Odd.Length)], 1 => value, 2 => random.NextDouble(), _ => value + 1 };
        }
        return samples;
    }

    private static List<long> Starts(Random random, IEnumerable<long> times)
    {
        var starts = new List<long>();
        var start = random.Next(2) == 0 ? 0 : 1_600_000_000_000;
        var changes = random.Next(3);
        foreach (var time in times)
        {
            starts.Add(start);
            if (changes == 2 || (changes == 1 && random.Next(20) == 0))
                start = time - random.Next(100_000);
        }
        return starts;
    }

    private static List<(long Time, NativeHistogram Histogram)> Histograms(Random random, bool floats)
    {
        var custom = random.Next(4) == 0;
        BucketSpan[] positive = [new BucketSpan(custom ? 0 : random.Next(-30, 30), (uint)random.Next(1, 5)), new BucketSpan(random.Next(1, 9), (uint)random.Next(0, 6))];
        BucketSpan[] negative = custom || random.Next(2) == 0 ? [] : [new BucketSpan(random.Next(-9, 9), (uint)random.Next(1, 4))];
        double[] thresholds = [0, 0.001, Math.ScaleB(1, -128), 0.25, Math.ScaleB(1, 10), 1e-300];
        double[] custom4 = [-1, 0.005, 0.25, 1, 2.5, 33554.43, 1e10, 0.12345, 40000, 50000, 60000, 70000, 80000, 90000, 1e6, 1e7, 1e8];
        var threshold = thresholds[random.Next(thresholds.Length)];
        var schema = custom ? NativeHistogram.CustomBucketsSchema : random.Next(-4, 9);
        var samples = new List<(long, NativeHistogram)>();
        var time = 1_700_000_000_000L;
        for (var i = random.Next(1, 40); i > 0; i--)
        {
            var histogram = new NativeHistogram
            {
                Schema = schema,
                ZeroThreshold = threshold,
                ZeroCount = Count(),
                Count = Count(),
                Sum = samples.Count > 0 && random.Next(9) == 0 ? SpecialValues.StaleNaN : random.NextDouble() * 1e6,
                PositiveSpans = positive,
                PositiveBuckets = [.. Enumerable.Range(0, (int)positive.Sum(s => s.Length)).Select(_ => Count())],
                NegativeSpans = negative,
                NegativeBuckets = [.. Enumerable.Range(0, (int)negative.Sum(s => s.Length)).Select(_ => Count())],
                CustomValues = custom ? custom4 : [],
            };
            samples.Add((time, histogram));
            time += random.Next(1, 100_000);
        }
        return samples;

        double Count() => floats ? random.NextDouble() * 100 : random.NextInt64(1L << random.Next(1, 40));
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }
}
