using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Snapshots;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Snapshots;

/// <summary>A snapshot is there whole or not at all, whatever ends it.</summary>
public class SnapshotTargetTests
{
    private const string Folder = "/data/snapshots";
    private readonly FakeTimeProvider _clock = StoreLifeTests.Clock();

    [Fact]
    public async Task A_snapshot_that_failed_leaves_nothing()
    {
        var files = new MemoryFiles();
        using var store = Filled(files);
        using var directory = Directory(files);
        var before = files.Paths.Count;
        var target = SnapshotTarget.Create(directory, files, DateTimeOffset.FromUnixTimeMilliseconds(Workload.Start), 0xABC);
        Assert.Equal("20231114T221320Z-0000000000000abc", target.Name);
        await Snapshot(store, target, files).WriteAsync(skipHead: false, _clock);
        Assert.True(files.Paths.Count > before);

        target.Discard();

        Assert.Equal(before, files.Paths.Count);
        Assert.Empty(files.List(Folder));

        await Snapshot(store, target, files).WriteAsync(skipHead: true, _clock);
        Assert.Equal(before, files.Paths.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopped_at_any_file_operation_of_a_snapshot_the_next_start_finds_it_whole_or_removes_it(bool powerCut)
    {
        for (var kill = 1; ; kill++)
        {
            var files = new MemoryFiles(kill);
            var store = Filled(files);
            var directory = Directory(files);
            await WholeAsync(store, directory, files, 1);
            files.KillAt = files.Operations + kill;
            var finished = await StoreSteps.SurvivesAsync(() => WholeAsync(store, directory, files, 2));

            var survivors = files.AfterDeath(powerCut);
            // The start that removes it may be killed as well.
            if (kill % 5 > 0)
            {
                survivors.KillAt = kill % 5;
                StoreSteps.Survives(() => SnapshotTarget.RemoveUnfinished(Directory(survivors), survivors));
                survivors = survivors.AfterDeath(powerCut);
            }
            var next = Directory(survivors);
            SnapshotTarget.RemoveUnfinished(next, survivors);

            var left = survivors.List(Folder);
            Assert.Equal("20231114T221320Z-0000000000000001", left[0]);
            Assert.InRange(left.Count, finished ? 2 : 1, 2);
            Assert.Empty(SnapshotTarget.RemoveUnfinished(next, survivors));
            foreach (var name in left)
            {
                using var restored = StoreLifeTests.Open(survivors, StoreLifeTests.Options() with { Directory = $"{Folder}/{name}/p-03", PartCache = new PartCache(0) }, _clock);
                Assert.Empty(restored.Recovery.PartDamage);
                Assert.Equal(store.View.MaxTime, restored.View.MaxTime);
            }
            if (finished)
            {
                Assert.True(kill > 10, "the snapshot is too short to prove anything");
                return;
            }
        }
    }

    [Fact]
    public void Other_things_beside_the_snapshots_stay()
    {
        var files = new MemoryFiles();
        using var directory = Directory(files);
        files.CreateDirectory(Folder + "/mine");
        files.CreateDirectory(Folder + "/20231114T221320Z-notes");
        files.Create(Folder + "/20231114T221320Z-0000000000000abc").Dispose();
        files.CreateDirectory(Folder + "/20231114T221320Z-0000000000000abd/p-00");
        Assert.Equal(["20231114T221320Z-0000000000000abd"], SnapshotTarget.RemoveUnfinished(directory, files));
        Assert.Equal(["20231114T221320Z-0000000000000abc", "20231114T221320Z-notes", "mine"], files.List(Folder));
    }

    private PartitionStore Filled(MemoryFiles files)
    {
        var store = StoreLifeTests.Open(files, StoreLifeTests.Options(sync: WalSyncMode.Always), _clock);
        store.AppendNext(new Workload(1), 50);
        return store;
    }

    private static DataDirectory Directory(MemoryFiles files) =>
        DataDirectory.Open(new DataDirectoryOptions { Path = "/data", ClusterId = StoreLifeTests.Cluster, Partitions = 32 }, files).Directory!;

    private PartitionSnapshot Snapshot(PartitionStore store, SnapshotTarget target, MemoryFiles files) =>
        new(store.View, StoreLifeTests.Options(), target.PartitionPath(Workload.Partition), files, _clock);

    private async Task WholeAsync(PartitionStore store, DataDirectory directory, MemoryFiles files, long number)
    {
        var target = SnapshotTarget.Create(directory, files, DateTimeOffset.FromUnixTimeMilliseconds(Workload.Start), number);
        await Snapshot(store, target, files).WriteAsync(skipHead: false, _clock);
        target.Complete();
    }
}
