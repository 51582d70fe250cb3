using ActorMon.Tsdb;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Actors.Series;

/// <summary>
/// One attempt to open a partition's directory, on the pool. The actor that began it takes the store or abandons the attempt; an abandoned one closes what it opened,
/// whenever it ends, so that no directory stays open without an owner.
/// </summary>
/// <param name="probe">True: fails unless the directory can be written to, because the last store could not.</param>
internal sealed class StoreOpening(PartitionReplicaSettings settings, PartitionOptions options, bool probe)
{
    private readonly SemaphoreSlim _directory = settings.Table.DirectoryOf(options.Partition);
    private readonly Lock _lock = new();
    private PartitionStore? _store;
    private bool _abandoned;

    /// <summary>Ends when the store can be taken.</summary>
    public async Task RunAsync()
    {
        await _directory.WaitAsync().ConfigureAwait(false);
        PartitionStore store;
        try
        {
            store = await Task.Run(() =>
            {
                if (probe)
                    WriteProbe.Run(settings.Files, options.Directory);
                return PartitionStore.Open(options, settings.Symbols.Current, settings.Files, settings.Time);
            }).ConfigureAwait(false);
        }
        catch
        {
            _directory.Release();
            throw;
        }
        lock (_lock)
            if (!_abandoned)
            {
                _store = store;
                return;
            }
        Close(store);
    }

    /// <summary>After <see cref="RunAsync"/> has ended well: the store, the caller's from now on, to be given back with <see cref="Close"/>.</summary>
    public PartitionStore Take()
    {
        lock (_lock)
        {
            var store = _store!;
            _store = null;
            return store;
        }
    }

    /// <summary>The actor has gone; does nothing to a store that was taken.</summary>
    public void Abandon()
    {
        PartitionStore? unclaimed;
        lock (_lock)
        {
            // When it is running still, RunAsync sees the mark as soon as it has the store.
            _abandoned = true;
            (unclaimed, _store) = (_store, null);
        }
        if (unclaimed is not null)
            Close(unclaimed);
    }

    public void Close(PartitionStore store)
    {
        try
        {
            store.Dispose();
        }
        finally
        {
            // Work that is still writing has been told to stop; until it has, the directory is its.
            store.WorkEnded.ContinueWith(_ => _directory.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
