using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Tests.Storage;

public sealed class FileSystemSyncTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actormon-sync-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Whether the machine lets all be synced in one call or not.</summary>
    [Fact]
    public void A_round_syncs_each_dirty_log_once_and_the_clean_ones_not()
    {
        using var whole = FileSystemSync.TryOpen(_directory);
        var sync = new NodeWalSync(TimeProvider.System, null, whole);
        var stores = Enumerable.Range(0, 6).Select(Open).ToArray();
        foreach (var store in stores)
            sync.Add(store);
        for (var round = 1; round <= 3; round++)
        {
            foreach (var store in stores[..4])
                Append(store, round);
            Assert.All(stores[..4], store => Assert.NotNull(store.Unsynced()));
            sync.SyncAll();
            sync.SyncAll();
            Assert.All(stores, store => Assert.Null(store.Unsynced()));
            Assert.Equal(0, sync.Failed);
        }
        // Statistics are published with the next batch.
        Append(stores[0], 4);
        Assert.Equal(3, stores[0].Stats.WalSyncs);
        foreach (var store in stores)
            store.Dispose();
    }

    [Fact]
    public void A_mark_covers_what_was_written_before_it_only()
    {
        using var store = Open(0);
        Append(store, 1);
        var mark = store.Unsynced();
        Append(store, 2);
        store.Synced(mark!.Value, TimeSpan.Zero);
        Assert.NotNull(store.Unsynced());
        store.Synced(store.Unsynced()!.Value, TimeSpan.Zero);
        Assert.Null(store.Unsynced());
        // An old mark takes nothing back.
        store.Synced(mark.Value, TimeSpan.Zero);
        Assert.Null(store.Unsynced());
    }

    [Fact]
    public void File_systems_that_promise_nothing_are_synced_file_by_file() => Assert.Null(FileSystemSync.TryOpen("/proc"));

    private PartitionStore Open(int partition)
    {
        var options = new PartitionOptions { Directory = Path.Combine(_directory, $"p-{partition:D2}"), Partition = new PartitionId(partition), Partitions = 8, ClusterId = Guid.Empty };
        Directory.CreateDirectory(options.Directory);
        return PartitionStore.Open(options, new NodeSymbols(), DiskFiles.Instance, TimeProvider.System);
    }

    private static void Append(PartitionStore store, int number)
    {
        var results = new AppendResult[1];
        store.Append([new SampleBatch { Writer = new WriterId(1), Partition = store.Partition, Number = number, Loose = [new LooseSample(LabelSet.Of("__name__", "up"), new TimestampMs(number), 1)] }], results);
        Assert.Equal(AppendStatus.Accepted, results[0].Status);
    }
}
