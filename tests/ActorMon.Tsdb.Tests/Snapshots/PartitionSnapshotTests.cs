using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Snapshots;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;
using ActorMon.Tsdb.Tests.Storage;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Snapshots;

public class PartitionSnapshotTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_store_opened_on_a_snapshot_holds_the_same_samples_metadata_and_exemplars(int seed)
    {
        var files = new MemoryFiles();
        var work = new Workload(seed);
        using var store = StoreLifeTests.Open(files);
        for (var i = 0; i < 400; i++)
            StoreLifeTests.AppendGroup(store, work, [work.Next()]);
        store.Delete(Guid.NewGuid(), [[Matcher.MetricNamed("m1")], [new Matcher(MatchOperator.Regex, "k", "1.")]], Workload.Start, Workload.Start + 900_000);
        var view = store.View;
        var model = Model.Of(work.Numbered);
        // Not in the snapshot: it was taken before.
        StoreLifeTests.AppendGroup(store, work, [work.Next()]);

        await new PartitionSnapshot(view, StoreLifeTests.Options(), "/data/snapshots/s/p-03", files, StoreLifeTests.Clock()).WriteAsync(skipHead: false, StoreLifeTests.Clock());

        using var restored = PartitionStore.Open(StoreLifeTests.Options() with { Directory = "/data/snapshots/s/p-03" }, new NodeSymbols(), files, StoreLifeTests.Clock());
        Assert.Empty(restored.Recovery.Damage);
        model.AssertEqual(restored.View, hidden: (labels, time) => store.Deletions.Entries[0].Matches(labels) && time >= store.Deletions.Entries[0].Min && time <= store.Deletions.Entries[0].Max);
        Assert.Empty(restored.Deletions.Entries);
        Assert.Equal(view.Metadata.OrderBy(m => m.Key), restored.View.Metadata.OrderBy(m => m.Key));
        Assert.Equal(Exemplars(view), Exemplars(restored.View));

        static IEnumerable<(string, string)> Exemplars(Tsdb.Reading.PartitionView of) => of.Exemplars([ResolvedMatchers.Resolve([], of.Symbols)], TimestampMs.Min, TimestampMs.Max)
            .SelectMany(s => s.Exemplars, (s, e) => (s.Series.ToString(), e.ToString()));
    }

    [Fact]
    public async Task Large_parts_that_stand_alone_are_linked_the_rest_is_written_as_few_parts_and_the_same_is_read()
    {
        var files = new MemoryFiles();
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Workload.Start));
        var options = StoreLifeTests.Options(segmentBytes: 1 << 20) with { PartCache = new PartCache(1 << 20) };
        var store = StoreLifeTests.Open(files, options, clock);
        var model = new Model();
        for (var hour = 0; hour < 100; hour++)
        {
            var batch = new SampleBatch
            {
                Writer = Workload.Writer,
                Number = hour + 1,
                Partition = Workload.Partition,
                Loose = [.. Enumerable.Range(0, 24).Select(i => new LooseSample(
                    LabelSet.Of("__name__", "m", "s", $"{i % 4}"), new TimestampMs(Workload.Start + hour * 3_600_000L + i / 4 * 600_000), i))],
            };
            store.Append([batch], new AppendResult[1]);
            model.Apply(batch);
            clock.Advance(TimeSpan.FromHours(1));
            await store.WorkAsync(clock);
        }
        Assert.True(store.Delete(Guid.NewGuid(), [[Matcher.Equal("s", "2")]], Workload.Start + 60 * 3_600_000L, long.MaxValue).Changed);
        var deletion = store.Deletions.Entries[0];
        var large = store.Parts.Where(p => p.MaxTime - p.MinTime > 16 * 3_600_000L && p.MaxTime < deletion.Min).Select(p => p.Header.Sequence).ToArray();
        Assert.True(large.Length >= 2 && store.Parts.Length > large.Length + 1, "the parts are too few to prove anything");

        var target = "/data/snapshots/s/p-03";
        var snapshot = new PartitionSnapshot(store.View, options, target, files, clock);
        await snapshot.WriteAsync(skipHead: false, clock);

        var written = files.Paths.Where(p => p.StartsWith(target + "/parts/", StringComparison.Ordinal)).ToArray();
        Assert.All(large, sequence => Assert.Same(files.Bytes($"/data/p-03/parts/{PartFormat.Name(sequence)}"), files.Bytes($"{target}/parts/{PartFormat.Name(sequence)}")));
        Assert.InRange(written.Length - large.Length, 1, 3);
        using var restored = PartitionStore.Open(options with { Directory = target, PartCache = new PartCache(1 << 20) }, new NodeSymbols(), files, clock);
        Assert.Empty(restored.Recovery.PartDamage);
        model.AssertEqual(restored.View, hidden: (labels, time) => time >= deletion.Min && time <= deletion.Max && deletion.Matches(labels));

        // Its log goes on behind those of the linked parts: what comes late now is not taken for what they hold.
        var late = new SampleBatch
        {
            Writer = new WriterId(5),
            Number = 1,
            Partition = Workload.Partition,
            Loose = [new LooseSample(LabelSet.Of("__name__", "late"), new TimestampMs(Workload.Start + 3_600_000), 1)],
        };
        restored.Append([late], new AppendResult[1]);
        restored.Dispose();
        using var again = PartitionStore.Open(options with { Directory = target, PartCache = new PartCache(1 << 20) }, new NodeSymbols(), files, clock);
        Assert.Contains("late", again.View.LabelValues("__name__", [], TimestampMs.Min, TimestampMs.Max));
    }

    [Fact]
    public void Windows_hold_every_time_once_and_begin_at_even_hours() => Gen.Select(Gen.Long[-400, 400], Gen.Long[0, 400]).Sample((from, hours) =>
    {
        var (min, max) = (from * 3_600_000 + 17, (from + hours) * 3_600_000 + 18);
        var windows = SnapshotWindows.Of(min, max);
        Assert.True(windows[0].Start <= min && windows[^1].End > max && windows[^1].Start <= max);
        for (var i = 0; i < windows.Count; i++)
        {
            Assert.Equal(0, windows[i].Start % 7_200_000);
            Assert.InRange(windows[i].End - windows[i].Start, 7_200_000, 54 * 3_600_000);
            if (i > 0)
                Assert.Equal(windows[i - 1].End, windows[i].Start);
        }
        if (hours <= 50)
            Assert.Single(windows);
    });

    [Fact]
    public void Nothing_has_no_window_and_all_of_time_has_windows()
    {
        Assert.Empty(SnapshotWindows.Of(long.MaxValue, long.MinValue));
        Assert.Single(SnapshotWindows.Of(long.MaxValue - 5, long.MaxValue - 1));
    }
}
