using ActorMon.Model.Exemplars;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Deletion;

/// <summary>Exemplars stand in memory and in the log, not in parts: a deletion has to follow them there.</summary>
public class ExemplarDeletionTests
{
    private static readonly Matcher Gone = Matcher.MetricNamed("gone");
    private readonly FakeTimeProvider _clock = StoreLifeTests.Clock();

    private static PartitionOptions Options(WalSyncMode sync = WalSyncMode.Always, int exemplars = 1_000) => StoreLifeTests.Options(sync: sync) with
    {
        Ranges = WindowRanges.Of(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(45), null),
        CutThresholds = new CutThresholds { Samples = 50 },
        PartCache = new PartCache(1 << 20),
        Limits = new PartitionLimits { Exemplars = exemplars },
    };

    [Fact]
    public async Task Exemplars_of_a_deleted_range_do_not_come_back_after_restart_cleaning_and_checkpoint()
    {
        var files = new MemoryFiles();
        var store = StoreLifeTests.Open(files, Options(), _clock);
        Fill(store);
        Assert.Equal(["gone", "kept"], Shown(store));
        Delete(store);
        Assert.Equal(["kept"], Shown(store));
        store.Dispose();
        store = StoreLifeTests.Open(files, Options(), _clock);
        Assert.Equal(["kept"], Shown(store));
        var version = store.RequestClean();
        await store.WorkAsync(_clock);
        Assert.True(store.IsClean(version));
        Assert.Equal(["kept"], Shown(store));
        store.Checkpoint();
        store.Dispose();
        using var again = StoreLifeTests.Open(files, Options(), _clock);
        Assert.Empty(again.Deletions.Entries);
        Assert.Equal(["kept"], Shown(again));
    }

    [Fact]
    public async Task What_memory_had_no_room_for_does_not_come_back_when_it_has()
    {
        var files = new MemoryFiles();
        var store = StoreLifeTests.Open(files, Options(exemplars: 64), _clock);
        Fill(store);
        // Enough of the kept ones to push the others out.
        for (var i = 0; i < 100; i++)
            store.AppendOne(Batch(1_000 + i, "kept", Workload.Start + i));
        Assert.Equal(["kept"], Shown(store));
        Delete(store);
        store.RequestClean();
        await store.WorkAsync(_clock);
        Assert.Empty(store.Deletions.Entries);
        store.Dispose();
        using var again = StoreLifeTests.Open(files, Options(), _clock);
        Assert.Equal(["kept"], Shown(again));
    }

    [Fact]
    public async Task An_exemplar_that_comes_late_while_its_deletion_is_pending_goes_with_the_others()
    {
        var files = new MemoryFiles();
        var store = StoreLifeTests.Open(files, Options(), _clock);
        Fill(store);
        Delete(store);
        store.RequestClean();
        for (var number = 500; store.NextWork() is { } work; number++)
        {
            if (number < 503)
                store.AppendOne(Batch(number, "gone", Workload.Start + number, sample: false));
            await work.RunAsync(_clock);
            store.Complete(work);
        }
        Assert.Empty(store.Deletions.Entries);
        Assert.Equal(["kept"], Shown(store));
        store.Dispose();
        using var again = StoreLifeTests.Open(files, Options(), _clock);
        Assert.Equal(["kept"], Shown(again));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_file_operation_of_the_cleaning_no_deleted_exemplar_is_shown_and_no_other_is_lost(bool powerCut)
    {
        for (var kill = 1; ; kill++)
        {
            var files = new MemoryFiles(kill);
            var store = StoreLifeTests.Open(files, Options(), _clock);
            Fill(store);
            Delete(store);
            files.KillAt = files.Operations + kill;
            var finished = await StoreSteps.SurvivesAsync(async () =>
            {
                store.RequestClean();
                await store.WorkAsync(_clock);
            });
            using var after = StoreLifeTests.Open(files.AfterDeath(powerCut), Options(), _clock);
            Assert.Equal(["kept"], Shown(after));
            after.RequestClean();
            await after.WorkAsync(_clock);
            Assert.Empty(after.Deletions.Entries);
            Assert.Equal(["kept"], Shown(after));
            if (finished)
            {
                Assert.Empty(store.Deletions.Entries);
                Assert.True(kill > 10, "the cleaning is too short to prove anything");
                return;
            }
        }
    }

    private static void Fill(PartitionStore store)
    {
        for (var i = 0; i < 40; i++)
            store.AppendOne(Batch(i + 1, i % 2 == 0 ? "gone" : "kept", Workload.Start + i * 60_000));
        // Behind every cut: exemplars leave with the series that leaves the head.
        store.AppendOne(Batch(41, "kept", Workload.Start + 3_599_000));
    }

    private static void Delete(PartitionStore store) => Assert.True(store.Delete(Guid.NewGuid(), [[Gone]], long.MinValue, Workload.Start + 2_400_000).Changed);

    private static SampleBatch Batch(long number, string name, long time, bool sample = true)
    {
        var labels = LabelSet.Of("__name__", name);
        return new SampleBatch
        {
            Writer = Workload.Writer,
            Number = number,
            Partition = Workload.Partition,
            Loose = sample ? [new LooseSample(labels, new TimestampMs(time), number)] : [],
            Exemplars = [new SeriesExemplar(labels, new Exemplar(LabelSet.Of("trace_id", $"{number}"), number, new TimestampMs(time)))],
        };
    }

    private static IEnumerable<string> Shown(PartitionStore store) =>
        store.View.Exemplars([ResolvedMatchers.Resolve([], store.View.Symbols)], TimestampMs.Min, TimestampMs.Max).Select(s => s.Series.Get("__name__"));
}
