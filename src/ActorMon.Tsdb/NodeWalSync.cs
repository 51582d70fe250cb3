using System.Collections.Immutable;

namespace ActorMon.Tsdb;

/// <summary>
/// Syncs the logs of all partitions of a node at most every interval (default 1 s): one loop, so partitions share the disk's barriers instead of fighting for them.
/// With <see cref="WalSyncMode.Always"/> the partitions sync themselves and there is nothing dirty here.
/// </summary>
public sealed class NodeWalSync(TimeProvider time, TimeSpan? interval = null)
{
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

    /// <summary>One round over the dirty logs.</summary>
    public void SyncAll()
    {
        var failed = 0;
        foreach (var store in _stores)
            failed += store.Sync() ? 0 : 1;
        Failed = failed;
    }
}
