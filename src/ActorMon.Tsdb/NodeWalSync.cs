using System.Collections.Immutable;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb;

/// <summary>
/// Syncs the logs of all partitions of a node at most every interval (default 1 s): one loop, so partitions share the disk's barriers instead of fighting for them.
/// With a <see cref="FileSystemSync"/> a round over several logs is one call. It waits for other writers of the disk too, so after a slow one the logs are synced one by
/// one for a while. With <see cref="WalSyncMode.Always"/> the partitions sync themselves and there is nothing dirty here.
/// </summary>
public sealed class NodeWalSync(TimeProvider time, TimeSpan? interval = null, FileSystemSync? wholeFileSystem = null)
{
    /// <summary>Fewer are synced one by one.</summary>
    private const int WorthWhole = 3;

    /// <summary>Rounds one by one after a call that took longer than half an interval.</summary>
    private const int RoundsApart = 60;

    private readonly List<(PartitionStore Store, WalMark Mark)> _dirty = [];
    private int _roundsApart;
    private ImmutableArray<PartitionStore> _stores = [];

    public TimeSpan Interval { get; } = interval ?? TimeSpan.FromSeconds(1);

    /// <summary>Partitions whose last sync failed; their appends say why.</summary>
    public int Failed { get; private set; }

    public void Add(PartitionStore store) => ImmutableInterlocked.Update(ref _stores, static (all, added) => all.Add(added), store);

    public void Remove(PartitionStore store) => ImmutableInterlocked.Update(ref _stores, static (all, removed) => all.Remove(removed), store);

    /// <summary>Runs until cancelled; give it a thread of its own, syncing blocks.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
                SyncAll();
        }
        catch (OperationCanceledException)
        {
            // The node stops: what was acknowledged since the last tick goes to disk now.
            SyncAll();
        }
    }

    /// <summary>One round over the dirty logs; one at a time.</summary>
    public void SyncAll()
    {
        if (wholeFileSystem is not null && --_roundsApart < 0)
            SyncWhole(wholeFileSystem);
        // What is synced already costs nothing here; a failure is found where it belongs.
        var failed = 0;
        foreach (var store in _stores)
            failed += store.Sync() ? 0 : 1;
        Failed = failed;
    }

    private void SyncWhole(FileSystemSync whole)
    {
        _dirty.Clear();
        foreach (var store in _stores)
            if (store.Unsynced() is { } mark)
                _dirty.Add((store, mark));
        if (_dirty.Count < WorthWhole)
            return;
        var started = time.GetTimestamp();
        var synced = whole.TrySync();
        var took = time.GetElapsedTime(started);
        if (took > Interval / 2)
            _roundsApart = RoundsApart;
        if (!synced)
            return;
        foreach (var (store, mark) in _dirty)
            store.Synced(mark, took / _dirty.Count);
    }
}
