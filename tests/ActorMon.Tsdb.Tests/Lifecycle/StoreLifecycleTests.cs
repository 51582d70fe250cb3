using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Lifecycle;

public class StoreLifecycleTests
{
    /// <summary>Windows of 5, 15 and 45 minutes: the workload's hour has several of each. Whatever is late is cut at once.</summary>
    private static PartitionOptions Options(long segmentBytes = 20_000) => StoreLifeTests.Options(segmentBytes) with
    {
        Ranges = WindowRanges.Of(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(45), null),
        CutThresholds = new CutThresholds { Samples = 1 },
        PartCache = new PartCache(1 << 20),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_was_appended_is_read_back_exactly_while_heads_are_cut_and_parts_merged(int seed)
    {
        var files = new MemoryFiles();
        var clock = StoreLifeTests.Clock();
        var options = Options();
        var work = new Workload(seed);
        var random = new Random(seed);
        var store = StoreLifeTests.Open(files, options, clock);
        var mostParts = 0;
        long cuts = 0, compactions = 0;
        for (var step = 0; step < 400; step++)
        {
            store.AppendNext(work, random.Next(1, 4));
            if (random.Next(12) == 0)
            {
                await store.WorkAsync(clock, most: random.Next(1, 4));
                mostParts = Math.Max(mostParts, store.Stats.Parts);
            }
            if (random.Next(25) == 0 && store.NextWork() is { } slow)
            {
                // Batches come in while a piece of work runs.
                var model = Model.Of(work.Numbered);
                model.AssertEqual(store.View);
                store.AppendNext(work, 2);
                await slow.RunAsync(clock);
                store.AppendNext(work, 1);
                Model.Of(work.Numbered).AssertEqual(store.View);
                store.Complete(slow);
                Model.Of(work.Numbered).AssertEqual(store.View);
            }
            if (random.Next(100) == 0)
            {
                (cuts, compactions) = (cuts + store.Stats.Cuts, compactions + store.Stats.Compactions);
                store.Dispose();
                store = StoreLifeTests.Open(files, options, clock);
                Assert.Empty(store.Recovery.PartDamage);
            }
        }
        Assert.True(cuts + store.Stats.Cuts > 1 && compactions + store.Stats.Compactions > 0, "there was too little work to prove anything");
        var all = Model.Of(work.Numbered);
        all.AssertEqual(store.View);
        all.AssertEqual(store.View, Workload.Start + 400_000, Workload.Start + 900_000);
        await store.WorkAsync(clock);
        all.AssertEqual(store.View);
        all.AssertEqual(store.View, Workload.Start + 400_000, Workload.Start + 900_000);
        Assert.InRange(store.Stats.Parts, 1, mostParts);
        // Everything has been cut: the head is empty.
        Assert.True(store.Stats.MinTime > store.Stats.MaxTime || store.Stats.MinTime >= Workload.Start + 3_000_000);
        store.Dispose();
        using var again = StoreLifeTests.Open(files, options, clock);
        all.AssertEqual(again.View);
        Assert.DoesNotContain(files.Paths, path => path.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_file_operation_of_cuts_and_merges_nothing_acknowledged_is_lost_or_doubled(bool powerCut)
    {
        var options = Options(segmentBytes: 6_000) with { WalSync = powerCut ? WalSyncMode.Always : WalSyncMode.Interval };
        for (var kill = 1; ; kill++)
        {
            var files = new MemoryFiles(kill) { KillAt = kill };
            var life = new Life(files, options, new Workload(11));
            var finished = await StoreSteps.SurvivesAsync(life.Run);
            // The start after the crash may be killed as well.
            var survivors = files.AfterDeaths(powerCut, options, kill % 4);
            var clock = StoreLifeTests.Clock();
            using var store = StoreLifeTests.Open(survivors, options, clock);
            var present = store.Stats.Writers.GetValueOrDefault(Workload.Writer);
            Assert.InRange(present, life.Acknowledged, life.Workload.Numbered.Count);
            Model.Of(life.Workload.Numbered.Take((int)present)).AssertEqual(store.View);
            Assert.Empty(store.Recovery.PartDamage);
            foreach (var lost in life.Workload.Numbered.Skip((int)present).Reverse().ToArray())
                life.Workload.Reject(lost);
            store.AppendNext(life.Workload, 3);
            await store.WorkAsync(clock);
            Model.Of(life.Workload.Numbered).AssertEqual(store.View);
            Assert.Equal(store.Stats.Parts, survivors.Paths.Count(path => path.Contains("/parts/", StringComparison.Ordinal)));
            if (finished)
            {
                Assert.True(kill > 100, $"the life is too short to prove anything: {kill}");
                return;
            }
        }
    }

    [Fact]
    public async Task A_full_disk_fails_the_work_keeps_every_answer_and_is_made_up_for_later()
    {
        var checkedFailures = 0;
        for (var fail = 20; fail < 50; fail++)
        {
            var files = new MemoryFiles(fail);
            var clock = StoreLifeTests.Clock();
            var options = Options(segmentBytes: 1 << 20);
            var work = new Workload(5);
            using var store = StoreLifeTests.Open(files, options, clock);
            store.AppendNext(work, 60);
            var model = Model.Of(work.Numbered);
            var cut = store.NextWork()!;
            files.FailAt = files.Operations + fail - 19;
            await cut.RunAsync(clock);
            files.FailAt = int.MaxValue;
            store.Complete(cut);
            model.AssertEqual(store.View);
            if (cut.Failure is not null)
            {
                checkedFailures++;
                Assert.Contains("no space left", cut.Failure, StringComparison.Ordinal);
                Assert.Equal(1, store.Stats.CutsFailed);
                // What the failed work left behind goes at once, to make room; all else waits.
                Assert.Equal(0, await store.WorkAsync(clock));
                clock.Advance(TimeSpan.FromMinutes(2));
            }
            await store.WorkAsync(clock);
            model.AssertEqual(store.View);
            Assert.Equal(1, store.Stats.Cuts);
            Assert.Equal(store.Parts.Select(part => part.Path).Order(StringComparer.Ordinal), files.Paths.Where(path => path.Contains("/parts/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }
        Assert.True(checkedFailures > 10);
    }

    [Fact]
    public async Task A_damaged_part_is_set_aside_and_reported_and_the_rest_goes_on()
    {
        var files = new MemoryFiles();
        var clock = StoreLifeTests.Clock();
        var options = Options() with { Ranges = WindowRanges.Of(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), null) };
        var work = new Workload(3);
        var store = StoreLifeTests.Open(files, options, clock);
        store.AppendNext(work, 200);
        await store.WorkAsync(clock);
        var parts = store.Stats.Parts;
        Assert.True(parts > 3);
        store.Dispose();
        var victim = files.Paths.Where(path => path.EndsWith(".part", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        var bytes = files.Bytes(victim);
        bytes[20] ^= 0x40;
        files.Overwrite(victim, bytes);
        // What the logs still hold comes back from them; here they hold it all.
        store = StoreLifeTests.Open(files, options, clock);
        var damage = Assert.Single(store.Recovery.PartDamage);
        Assert.Equal(Path.GetFileName(victim), damage.Part);
        Assert.Contains(files.Paths, path => path == $"/data/p-03/quarantine/{damage.SetAsideAs}");
        Assert.DoesNotContain(victim, files.Paths);
        Assert.Equal(parts - 1, store.Stats.Parts);
        Assert.Equal(1, store.Stats.PartsDamaged);
        await store.WorkAsync(clock);
        store.Dispose();
        Assert.Empty(StoreLifeTests.Open(files, options, clock).Recovery.PartDamage);
    }

    [Fact]
    public async Task A_part_whose_pages_are_damaged_serves_the_rest_and_is_not_merged()
    {
        var files = new MemoryFiles();
        var clock = StoreLifeTests.Clock();
        var options = Options();
        var work = new Workload(4);
        var store = StoreLifeTests.Open(files, options, clock);
        store.AppendNext(work, 200);
        await store.WorkAsync(clock, most: 1);
        var before = store.Parts;
        store.Dispose();
        foreach (var part in before)
        {
            var bytes = files.Bytes(part.Path);
            bytes[300] ^= 1;
            files.Overwrite(part.Path, bytes);
        }
        store = StoreLifeTests.Open(files, options with { PartCache = new PartCache(0) }, clock);
        Assert.Empty(store.Recovery.PartDamage);
        using (var selection = store.View.Select(new SeriesRequest([], TimestampMs.Min, TimestampMs.Max)))
        {
            var buffer = new SampleBuffer();
            for (var i = 0; i < selection.Count; i++)
                selection.Read(i, buffer);
            Assert.Equal(before.Length, selection.Warnings.Count);
            Assert.All(selection.Warnings, warning => Assert.Matches("^results are incomplete: samples from [0-9-]+T[0-9:.]+Z to [0-9-]+T[0-9:.]+Z may be missing: part p-03/[0-9]+ is damaged: page ", warning));
        }
        Assert.Equal(before.Length, store.View.Lost(TimestampMs.Min, TimestampMs.Max).Count);
        Assert.Empty(store.View.Lost(new TimestampMs(before.Max(p => p.MaxTime) + 1), TimestampMs.Max));
        await store.WorkAsync(clock);
        store.Maintain();
        Assert.True(store.Stats.PartsDamaged > 0);
        Assert.Equal(before.Select(p => p.Header.Sequence).Order(), store.Parts.Select(p => p.Header.Sequence).Order());
        store.Dispose();
    }

    [Fact]
    public async Task Parts_beyond_the_retention_go_whole_and_views_that_hold_them_still_read_them()
    {
        var files = new MemoryFiles();
        var clock = StoreLifeTests.Clock();
        var retention = new NodeRetention(new RetentionPolicy(TimeSpan.FromDays(100_000)));
        var options = Options() with { NodeRetention = retention, Ranges = WindowRanges.Of(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), null) };
        var work = new Workload(6);
        using var store = StoreLifeTests.Open(files, options, clock);
        store.AppendNext(work, 200);
        await store.WorkAsync(clock);
        var old = store.View;
        var model = Model.Of(work.Numbered);
        retention.Policy = new RetentionPolicy(TimeSpan.FromMinutes(20));
        store.Maintain();
        var floor = old.MaxTime.Value - 20 * 60_000;
        model.AssertEqual(store.View, min: floor);
        Assert.Equal(floor, store.Stats.OldestTime);
        Assert.Equal(1, store.Stats.TimeRetentions);
        Assert.All(store.Parts, part => Assert.True(part.MaxTime >= floor));
        // Not by the writer: a file system may take its time for it.
        Assert.True(store.Stats.Parts < files.Paths.Count(path => path.Contains("/parts/", StringComparison.Ordinal)));
        await store.RemoveAsync(clock);
        Assert.Equal(store.Stats.Parts, files.Paths.Count(path => path.Contains("/parts/", StringComparison.Ordinal)));
        model.AssertEqual(old);

        // One byte too many costs the oldest part and nothing else.
        var parts = store.Parts.OrderBy(part => part.MaxTime).ToList();
        Assert.True(parts.Count > 2, "too few parts to prove anything");
        retention.Policy = new RetentionPolicy(null, Bytes: store.Stats.PartBytes + store.Stats.WalBytes - 1);
        store.Maintain();
        Assert.Equal(parts.Skip(1), store.Parts.OrderBy(part => part.MaxTime));
        Assert.Equal(1, store.Stats.SizeRetentions);
        model.AssertEqual(store.View, min: parts[0].MaxTime + 1);
        model.AssertEqual(old);
    }

    /// <summary>A short life with everything in it.</summary>
    private sealed class Life(MemoryFiles files, PartitionOptions options, Workload workload)
    {
        public Workload Workload => workload;

        public long Acknowledged { get; private set; }

        public async Task Run()
        {
            var clock = StoreLifeTests.Clock();
            var store = StoreLifeTests.Open(files, options, clock);
            for (var round = 0; round < 4; round++)
            {
                for (var i = 0; i < 5; i++)
                    AppendOne(store);
                if (store.NextWork() is { } work)
                {
                    await work.RunAsync(clock);
                    AppendOne(store);
                    store.Complete(work);
                }
                if (round % 2 == 1)
                    await store.WorkAsync(clock);
                store.Maintain();
                if (round == 2)
                {
                    store.Dispose();
                    store = StoreLifeTests.Open(files, options, clock);
                }
            }
            store.Dispose();
        }

        private void AppendOne(PartitionStore store)
        {
            store.AppendNext(workload);
            Acknowledged = workload.Numbered[^1].Number;
        }
    }
}
