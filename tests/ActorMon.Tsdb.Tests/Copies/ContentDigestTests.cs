using ActorMon.Model.Histograms;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Tests.Storage;

namespace ActorMon.Tsdb.Tests.Copies;

public class ContentDigestTests
{
    private const long Hour = 3_600_000;

    // The first even hour of the workload's day.
    private static readonly long From = TimeWindow.Of(Workload.Start, ContentDigest.WindowMs).Start;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Digests_do_not_depend_on_how_and_in_which_order_the_content_came_to_be(int seed)
    {
        var samples = Samples(new Random(seed));
        var clock = StoreLifeTests.Clock();
        using var plain = Store();
        Append(plain, 1, samples);
        using var cut = Store();
        var shuffled = samples.ToArray();
        new Random(seed + 100).Shuffle(shuffled);
        var number = 0;
        foreach (var piece in shuffled.Chunk(97))
        {
            Append(cut, ++number, piece);
            while (cut.NextWork() is { } work)
            {
                await work.RunAsync(new WorkPacer(clock, 1), clock, CancellationToken.None);
                cut.Complete(work);
            }
        }
        Assert.True(cut.Stats.Parts > 0);

        var digests = Of(plain);

        Assert.Equal(digests, Of(cut));
        Assert.Equal(4, digests.Select(d => d.WindowStart).Distinct().Count());
        Assert.Equal(samples.Select(s => (s.Series, s.Timestamp)).Distinct().Count(), digests.Sum(d => d.Samples));
    }

    [Fact]
    public void One_bit_of_one_sample_changes_the_digest_of_its_window_and_bucket_alone()
    {
        var samples = Samples(new Random(9));
        using var one = Store();
        Append(one, 1, samples);
        var at = Array.FindIndex(samples, s => s.Histogram is null && !double.IsNaN(s.Value) && samples.Count(o => o.Series.Equals(s.Series) && o.Timestamp == s.Timestamp) == 1);
        samples[at] = samples[at] with { Value = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(samples[at].Value) ^ 1) };
        using var other = Store();
        Append(other, 1, samples);

        var differing = Of(one).Except(Of(other)).ToArray();

        var digest = Assert.Single(differing);
        Assert.True(new TimeWindow(digest.WindowStart, digest.WindowStart + ContentDigest.WindowMs).Contains(samples[at].Timestamp.Value));
    }

    [Fact]
    public void Digests_of_known_content_never_change()
    {
        using var store = Store();
        Append(store, 1, [
            new LooseSample(LabelSet.Of("__name__", "a"), new TimestampMs(From), 1.5),
            new LooseSample(LabelSet.Of("__name__", "a"), new TimestampMs(From + 1_000), double.NaN),
            new LooseSample(LabelSet.Of("__name__", "h"), new TimestampMs(From + 5_000), 0, new NativeHistogram { Schema = 1, Count = 2, Sum = 3, PositiveSpans = [new BucketSpan(0, 1)], PositiveBuckets = [2] }),
        ]);
        var digests = Of(store);
        Assert.Equal(2, digests.Count);
        Assert.Equal("3:44a10cc69da50adebcd76eef24fbe6ab:2", Text(digests[0]));
        Assert.Equal("7:0bd54218d1ec614c1b672b563b3f72ce:1", Text(digests[1]));

        static string Text(WindowDigest digest) => $"{digest.Bucket}:{digest.Hash:x32}:{digest.Samples}";
    }

    internal static IReadOnlyList<WindowDigest> Of(PartitionStore store) => ContentDigest.Of(store.View, long.MinValue, long.MaxValue, default);

    internal static PartitionStore Store(MemoryFiles? files = null, WindowRanges? ranges = null, TimeProvider? time = null) => StoreLifeTests.Open(
        files ?? new MemoryFiles(), StoreLifeTests.Options() with
        {
            Ranges = ranges ?? WindowRanges.Of(TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), null),
            CutThresholds = new CutThresholds { Samples = 1 },
            PartCache = new PartCache(1 << 20),
        },
        time);

    internal static void Append(PartitionStore store, long number, LooseSample[] samples)
    {
        var results = new AppendResult[1];
        store.Append([new SampleBatch { Writer = Workload.Writer, Number = number, Partition = Workload.Partition, Loose = samples }], results);
        Assert.Equal(AppendStatus.Accepted, results[0].Status);
    }

    /// <summary>30 series over 7 hours, with equal times, stale markers, NaNs and histograms among them.</summary>
    private static LooseSample[] Samples(Random random)
    {
        var samples = new LooseSample[1_500];
        for (var i = 0; i < samples.Length; i++)
        {
            var series = random.Next(30);
            var time = new TimestampMs(From + random.Next(7 * 240) * (Hour / 240));
            samples[i] = series % 10 == 9
                ? new LooseSample(LabelSet.Of("__name__", "h", "n", $"{series}"), time, 0, new NativeHistogram { Schema = 1, Count = i, Sum = i, PositiveSpans = [new BucketSpan(0, 1)], PositiveBuckets = [i] })
                : new LooseSample(LabelSet.Of("__name__", "m", "n", $"{series}"), time, random.Next(9) switch { 0 => double.NaN, 1 => SpecialValues.StaleNaN, _ => random.Next(1_000) / 8.0 });
        }
        return samples;
    }
}
