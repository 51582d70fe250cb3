using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Tests.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Tests.Parts;

/// <summary>Random series for parts, what they hold, and a part made of them.</summary>
internal sealed class PartModel
{
    public const long Start = 1_700_006_400_000;
    public const string Directory = "parts";
    public static readonly Guid Cluster = new("6f1c3b50-0f6e-4a3b-9a55-0d8f6a0a7b11");
    public static readonly WalIdentity Identity = new(Cluster, 8, new PartitionId(3));

    public sealed record Sample(long Time, double Value, NativeHistogram? Histogram);

    public SortedDictionary<LabelSet, List<Sample>> Series { get; } = [];

    public static PartHeader Header(long sequence = 1, long start = Start, long length = 2 * 3600_000) => new()
    {
        ClusterId = Cluster,
        Partitions = 8,
        Partition = new PartitionId(3),
        Sequence = sequence,
        Level = 1,
        WindowStart = start,
        WindowEnd = start + length,
        Replaces = [3, 5],
        CutTo = start + length,
        CutSegment = 17,
        DeletionVersion = 4,
    };

    /// <summary>A mix: shared and own times, counters with resets, gauges, constants, noise, odd values, histograms, gaps.</summary>
    public static PartModel Random(int seed, int series, long length, int step)
    {
        var random = new Random(seed);
        var model = new PartModel();
        for (var s = 0; s < series; s++)
        {
            var labels = LabelSet.Of(
                "__name__", $"metric_{random.Next(Math.Max(1, series / 8))}", "job", random.Next(3) == 0 ? "" : "node", "instance", $"host-{random.Next(6)}",
                "slot", s.ToString(System.Globalization.CultureInfo.InvariantCulture), "é", random.Next(4) == 0 ? "ü😀" : "");
            model.Series[labels] = Samples(random, s, length, step);
        }
        return model;
    }

    public static List<Sample> Samples(Random random, int kind, long length, int step)
    {
        var samples = new List<Sample>();
        var time = Start + random.Next(step);
        var (value, buckets) = (random.Next(100) * 1.0, new double[] { 1, 2, 3 });
        for (; time < Start + length; time += random.Next(40) == 0 ? step * 3 : kind % 5 == 4 ? step / 2 + random.Next(step) : step)
        {
            if (kind % 9 == 8 && random.Next(30) != 0)
            {
                buckets = Array.ConvertAll(buckets, b => b + random.Next(5));
                samples.Add(new Sample(time, 0, new NativeHistogram
                {
                    Schema = random.Next(50) == 0 ? 2 : 3,
                    CounterResetHint = random.Next(20) == 0 ? CounterResetHint.Reset : CounterResetHint.NotReset,
                    ZeroThreshold = 1e-128,
                    Count = buckets.Sum(),
                    Sum = random.Next(40) == 0 ? SpecialValues.StaleNaN : random.NextDouble() * 1e6,
                    PositiveSpans = [new BucketSpan(-2, 2), new BucketSpan(3, 1)],
                    PositiveBuckets = [.. buckets],
                    NegativeSpans = random.Next(30) == 0 ? [new BucketSpan(0, 1)] : [],
                }));
                if (samples[^1].Histogram is { NegativeSpans.Length: 1 } h)
                    samples[^1] = samples[^1] with { Histogram = h with { NegativeBuckets = [random.NextDouble()] } };
                continue;
            }
            value = (kind % 8) switch
            {
                0 => value,
                1 => random.Next(200) == 0 ? 0 : value + random.Next(500),
                2 => Math.Round(random.NextDouble() * 100, 2),
                3 => random.NextDouble() * 1000,
                4 => random.Next(20) == 0 ? value + 15 : value,
                5 => BitConverter.UInt64BitsToDouble((ulong)random.NextInt64() << 1),
                6 => 4096.0 * random.Next(1, 100_000),
                _ => random.Next(60) == 0 ? SpecialValues.StaleNaN : random.Next(10) == 0 ? -0.0 : value + 0.1,
            };
            samples.Add(new Sample(time, value, null));
        }
        return samples;
    }

    public static void Fill(SampleBuffer buffer, IEnumerable<Sample> samples)
    {
        buffer.Clear();
        foreach (var sample in samples)
        {
            if (sample.Histogram is not null)
                buffer.Add(sample.Time, sample.Histogram);
            else
                buffer.Add(sample.Time, sample.Value);
        }
    }

    public PartFile Write(IStorageFiles files, PartCache cache, PartHeader header)
    {
        if (!files.DirectoryExists(Directory))
            files.CreateDirectory(Directory);
        using var writer = PartWriter.Create(files, Directory, header);
        var buffer = new SampleBuffer();
        foreach (var (labels, samples) in Series)
        {
            Fill(buffer, samples);
            writer.Add(labels, buffer);
        }
        return writer.Finish(cache)!;
    }

    public static MemoryFiles Files()
    {
        var files = new MemoryFiles();
        files.CreateDirectory(Directory);
        return files;
    }

    public static void AssertSame(IEnumerable<Sample> wanted, SampleBuffer found)
    {
        var all = wanted.ToArray();
        Assert.Equal(all.Select(s => s.Time), found.Times.ToArray());
        for (var i = 0; i < all.Length; i++)
        {
            if (all[i].Histogram is { } histogram)
                Assert.Equal(histogram, found.HistogramAt(i));
            else
                Assert.True(found.HistogramAt(i) is null && BitConverter.DoubleToUInt64Bits(all[i].Value) == BitConverter.DoubleToUInt64Bits(found.Values[i]),
                    $"sample {i}: {all[i].Value} became {found.Values[i]}");
        }
    }
}
