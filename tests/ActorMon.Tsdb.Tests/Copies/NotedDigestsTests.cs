using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Copies;

public class NotedDigestsTests
{
    private const long Minute = 60_000;

    private static readonly long From = TimeWindow.Of(Workload.Start, ContentDigest.WindowMs).Start;

    [Fact]
    public async Task What_parts_have_noted_is_what_reading_gives_as_long_as_a_window_lies_in_one_part()
    {
        using var read = ContentDigestTests.Store();
        ContentDigestTests.Append(read, 1, Samples());
        using var store = Store();
        ContentDigestTests.Append(store, 1, Samples());
        await WorkAsync(store);
        var all = ContentDigestTests.Of(read);

        var noted = Noted(store);

        Assert.True(noted.Select(d => d.WindowStart).Distinct().Count() >= 3);
        Assert.Subset(all.ToHashSet(), noted.ToHashSet());
        Assert.Equal(all, ContentDigestTests.Of(store));

        // A sample that comes late lies beside the part.
        LooseSample[] late = [new(LabelSet.Of("__name__", "late"), new TimestampMs(From + Minute), 7)];
        ContentDigestTests.Append(read, 2, late);
        ContentDigestTests.Append(store, 2, late);
        Assert.DoesNotContain(Noted(store), d => d.WindowStart == From);
        Assert.Equal(ContentDigestTests.Of(read), ContentDigestTests.Of(store));
    }

    [Fact]
    public async Task Edges_that_divide_a_window_count_what_lies_within_them()
    {
        using var read = ContentDigestTests.Store();
        ContentDigestTests.Append(read, 1, Samples());
        using var store = Store();
        ContentDigestTests.Append(store, 1, Samples());
        await WorkAsync(store);
        for (var cut = 0; cut < 8; cut++)
        {
            var (min, max) = (From + cut * 37 * Minute, From + (500 - cut * 23) * Minute);
            Assert.Equal(ContentDigest.Of(read.View, min, max, default), ContentDigest.Of(store.View, min, max, default));
        }
    }

    [Fact]
    public async Task A_file_that_rots_is_found_when_pages_are_checked_and_its_samples_count_as_missing()
    {
        var files = new MemoryFiles();
        using var store = Store(files);
        ContentDigestTests.Append(store, 1, Samples());
        await WorkAsync(store);
        var whole = ContentDigestTests.Of(store);
        files.Bytes(files.Paths.Order().First(p => p.EndsWith(".part", StringComparison.Ordinal)))[120] ^= 1; // in the first page

        Assert.Equal(whole, ContentDigestTests.Of(store));
        var found = ContentDigest.Of(store.View, long.MinValue, long.MaxValue, default, checkPages: true);

        Assert.NotEqual(whole, found);
        // From now on everybody knows.
        Assert.Equal(found, ContentDigestTests.Of(store));
    }

    /// <summary>Parts are as long as a window of digests, or longer; all samples are old enough for them.</summary>
    private static PartitionStore Store(MemoryFiles? files = null) => ContentDigestTests.Store(
        files, WindowRanges.Of(TimeSpan.FromHours(2), TimeSpan.FromHours(6), null), new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(From + 12 * 60 * Minute)));

    private static WindowDigest[] Noted(PartitionStore store) => [.. NotedDigests.Of(store.View, long.MinValue, long.MaxValue, _ => true).All];

    private static async Task WorkAsync(PartitionStore store)
    {
        var clock = StoreLifeTests.Clock();
        while (store.NextWork() is { } work)
        {
            await work.RunAsync(new WorkPacer(clock, 1), clock, CancellationToken.None);
            store.Complete(work);
        }
        Assert.True(store.Stats.Parts > 0);
    }

    /// <summary>20 series, a sample a minute for nine hours.</summary>
    private static LooseSample[] Samples() =>
    [
        .. Enumerable.Range(0, 20 * 540).Select(i => new LooseSample(
            LabelSet.Of("__name__", "m", "n", $"{i % 20}"), new TimestampMs(From + i / 20 * Minute), i % 7 == 0 ? double.NaN : i * 0.125)),
    ];
}
