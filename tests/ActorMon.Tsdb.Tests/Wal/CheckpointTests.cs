using ActorMon.Model.Ingest;
using ActorMon.Tsdb.Tests.Storage;

namespace ActorMon.Tsdb.Tests.Wal;

public class CheckpointTests
{
    private const string Wal = "/data/p-03/wal";

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public async Task Any_sequence_of_appends_cuts_checkpoints_and_restarts_reads_back_exactly_what_was_not_cut(int seed)
    {
        var files = new MemoryFiles();
        var work = new Workload(seed);
        var random = new Random(seed);
        var store = StoreLifeTests.Open(files);
        var model = new Model();
        var cut = long.MinValue;
        for (var step = 0; step < 600; step++)
        {
            store.AppendNext(work, model);
            if (random.Next(25) == 0)
            {
                if (random.Next(2) == 0)
                {
                    cut = Math.Max(cut, Workload.Start + random.Next(step + 1) * 2_500L);
                    store.SwapHead(cut);
                    model.DropBefore(cut);
                }
                var checkpoint = store.BeginCheckpoint();
                for (var i = random.Next(4); i > 0; i--)
                    store.AppendNext(work, model);
                checkpoint.Write(clean: false, CancellationToken.None);
                for (var i = random.Next(4); i > 0; i--)
                    store.AppendNext(work, model);
                store.CompleteCheckpoint(checkpoint);
                await store.RemoveAsync(StoreLifeTests.Clock());
                Assert.Equal(1, files.Paths.Count(p => p.EndsWith(".checkpoint", StringComparison.Ordinal)));
                Assert.True(store.Stats.CheckpointBytes > 0);
            }
            if (random.Next(40) == 0)
            {
                // Cleanly or not.
                if (random.Next(2) == 0)
                    store.Dispose();
                var before = store.Stats.Writers;
                store = StoreLifeTests.Open(files);
                Assert.Empty(store.Recovery.Damage);
                Assert.Equal(before, store.Stats.Writers);
                model.AssertEqual(store.View);
                model.AssertLast(store.View);
                Assert.Equal(model.Range, (store.View.MinTime.Value, store.View.MaxTime.Value));
            }
        }
        Assert.NotEmpty(store.View.Metadata);
        Assert.NotEmpty(store.View.Exemplars([ActorMon.Tsdb.Index.ResolvedMatchers.Resolve([], store.View.Symbols)], new(long.MinValue), new(long.MaxValue)));
        store.Checkpoint();
        var exemplars = Exemplars(store);
        var metadata = store.View.Metadata;
        var again = StoreLifeTests.Open(files);
        model.AssertEqual(again.View);
        Assert.Equal(0, again.Recovery.Segments);
        Assert.Equal(metadata.OrderBy(m => m.Key), again.View.Metadata.OrderBy(m => m.Key));
        Assert.Equal(exemplars, Exemplars(again));
        Assert.Equal(store.Stats.OpenLayouts, again.Stats.OpenLayouts);
        Assert.Equal(store.Stats.Series, again.Stats.Series);
        // Its layouts go on where they were.
        for (var i = 0; i < 50; i++)
            again.AppendNext(work, model);
        model.AssertEqual(again.View);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_at_any_operation_of_a_life_with_checkpoints_everything_acknowledged_is_there(bool powerCut)
    {
        var options = StoreLifeTests.Options(segmentBytes: 6_000, powerCut ? WalSyncMode.Always : WalSyncMode.Interval);
        for (var kill = 1; ; kill++)
        {
            var files = new MemoryFiles(kill) { KillAt = kill };
            var work = new Workload(8);
            var model = new Model();
            var finished = StoreSteps.Survives(() =>
            {
                var store = StoreLifeTests.Open(files, options);
                for (var group = 0; group < 16; group++)
                {
                    store.AppendNext(work, model);
                    if (group % 5 != 4)
                        continue;
                    var checkpoint = store.BeginCheckpoint();
                    store.AppendNext(work, model);
                    checkpoint.Write(clean: false, CancellationToken.None);
                    store.AppendNext(work, model);
                    store.CompleteCheckpoint(checkpoint);
                }
                store.Dispose();
            });
            var acknowledged = model.Batches;
            var survivors = files.AfterDeaths(powerCut, options, kill % 4);
            using var again = StoreLifeTests.Open(survivors, options);
            var present = again.Stats.Writers.GetValueOrDefault(Workload.Writer);
            Assert.InRange(present, acknowledged, work.Numbered.Count);
            Model.Of(work.Numbered.Take((int)present)).AssertEqual(again.View);
            Assert.All(again.Recovery.Damage, damage => Assert.Null(damage.SetAsideAs));
            Assert.DoesNotContain(survivors.Paths, path => path.EndsWith(".tmp", StringComparison.Ordinal));
            if (finished)
            {
                Assert.True(kill > 40, "the life is too short to prove anything");
                return;
            }
        }
    }

    [Fact]
    public void A_full_disk_at_any_write_of_a_checkpoint_leaves_the_log_as_it_was_and_the_store_in_service()
    {
        for (var fail = 0; fail < 8; fail++)
        {
            var files = new MemoryFiles(fail);
            var work = new Workload(21);
            var model = new Model();
            var store = StoreLifeTests.Open(files);
            for (var i = 0; i < 30; i++)
                store.AppendNext(work, model);
            var checkpoint = store.BeginCheckpoint();
            files.FailAt = files.Operations + fail;
            var written = true;
            try
            {
                checkpoint.Write(clean: false, CancellationToken.None);
            }
            catch (IOException)
            {
                written = false;
            }
            files.FailAt = int.MaxValue;
            store.CompleteCheckpoint(checkpoint);
            Assert.Equal(fail > 5, written);
            for (var i = 0; i < 10; i++)
                store.AppendNext(work, model);
            model.AssertEqual(store.View);
            store.Checkpoint();
            store = StoreLifeTests.Open(files);
            model.AssertEqual(store.View);
            Assert.Empty(store.Recovery.Damage);
        }
    }

    [Fact]
    public void A_damaged_checkpoint_loses_what_the_damaged_record_holds_is_reported_and_is_replaced()
    {
        var original = new MemoryFiles();
        var work = new Workload(31);
        var model = new Model();
        var store = StoreLifeTests.Open(original);
        for (var i = 0; i < 250; i++)
            store.AppendNext(work, model);
        store.Checkpoint();
        for (var i = 0; i < 5; i++)
            store.AppendNext(work, model);
        var path = original.Paths.Single(p => p.EndsWith(".checkpoint", StringComparison.Ordinal));
        var bytes = original.Bytes(path);
        var random = new Random(3);
        for (var round = 0; round < 60; round++)
        {
            var files = original.AfterDeath(powerCut: false);
            var damaged = (byte[])bytes.Clone();
            var at = random.Next(64, damaged.Length);
            if (round % 3 == 0)
                damaged = damaged[..at];
            else
                damaged[at] ^= (byte)(1 << random.Next(8));
            files.Overwrite(path, damaged);
            var again = StoreLifeTests.Open(files);
            Assert.NotEmpty(again.Recovery.Damage);
            model.AssertHoldsAll(again.View);
            // Behind a damaged layout its blocks cannot be read; nothing else is concerned.
            Assert.All(again.Recovery.Damage.Skip(1), damage => Assert.Matches("not understood|end of the checkpoint", damage.Reason));
            Assert.True(again.IsCheckpointDue);
            var held = model.CountIn(again.View);
            again.Checkpoint();
            var third = StoreLifeTests.Open(files);
            Assert.Empty(third.Recovery.Damage);
            Assert.Equal(held, model.CountIn(third.View));
        }
    }

    [Fact]
    public void A_log_that_has_outgrown_its_checkpoint_asks_for_the_next_one()
    {
        var files = new MemoryFiles();
        var work = new Workload(41);
        var model = new Model();
        var options = StoreLifeTests.Options() with { CheckpointBytes = 10_000 };
        using var store = StoreLifeTests.Open(files, options);
        while (!store.IsCheckpointDue)
            store.AppendNext(work, model);
        Assert.True(store.Stats.WalBytes > 10_000);
        store.Checkpoint();
        Assert.False(store.IsCheckpointDue);
        Assert.True(store.Stats.WalBytes < store.Stats.CheckpointBytes + 10_000);
    }

    [Fact]
    public void A_clean_stop_after_much_log_leaves_a_checkpoint_and_nothing_to_replay()
    {
        var files = new MemoryFiles();
        var work = new Workload(51);
        var model = new Model();
        var options = StoreLifeTests.Options() with { CheckpointBytes = 1_000 };
        var store = StoreLifeTests.Open(files, options);
        while (model.Batches < 200 || store.Stats.WalBytes < store.Stats.SampleBytes)
            store.AppendNext(work, model);
        store.Dispose();
        Assert.Equal([".checkpoint"], files.Paths.Where(p => p.StartsWith(Wal, StringComparison.Ordinal)).Select(Path.GetExtension));
        using var again = StoreLifeTests.Open(files, options);
        Assert.True(again.Recovery.CleanShutdown);
        Assert.Equal(0, again.Recovery.Segments);
        model.AssertEqual(again.View);
    }

    private static List<string> Exemplars(PartitionStore store) =>
        [.. store.View.Exemplars([ActorMon.Tsdb.Index.ResolvedMatchers.Resolve([], store.View.Symbols)], new(long.MinValue), new(long.MaxValue))
            .Select(s => $"{s.Series}: {string.Join(", ", s.Exemplars)}")];
}
