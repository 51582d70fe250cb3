using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Lifecycle;

/// <summary>
/// Unlinks files that nobody reads any more: to give back the blocks of a large one takes a file system longer than a writer may wait. In the order given, and no further
/// than the first that cannot be deleted: what replaced others must not go before them.
/// </summary>
/// <param name="logs">Files of the log.</param>
/// <param name="parts">Files of parts: the list of parts is written before the first one goes.</param>
/// <param name="names">What that list has to name.</param>
internal sealed class RemovalWork(IStorageFiles files, IReadOnlyList<string> logs, IReadOnlyList<string> parts, PartInventory inventory, IReadOnlyCollection<string> names) : StorageWork
{
    private readonly List<string> _removed = [];

    /// <summary>The disk takes no list of parts: there is none for now.</summary>
    public bool IsWithoutInventory { get; private set; }

    public override StorageWorkKind Kind => StorageWorkKind.Removal;

    /// <summary>Those that are gone for good.</summary>
    public IReadOnlyCollection<string> Removed => _removed;

    private protected override async Task WriteAsync(WorkPacer pacer, CancellationToken cancellation)
    {
        await DeleteAsync(logs, pacer, cancellation).ConfigureAwait(false);
        IsWithoutInventory = !inventory.Write(names);
        await DeleteAsync(parts, pacer, cancellation).ConfigureAwait(false);
    }

    private async Task DeleteAsync(IReadOnlyList<string> paths, WorkPacer pacer, CancellationToken cancellation)
    {
        for (var i = 0; i < paths.Count;)
        {
            var directory = Path.GetDirectoryName(paths[i])!;
            var first = i;
            for (; i < paths.Count && string.Equals(Path.GetDirectoryName(paths[i]), directory, StringComparison.Ordinal); i++)
            {
                // What is gone already is no error.
                files.Delete(paths[i]);
                await pacer.PaceAsync(cancellation).ConfigureAwait(false);
            }
            files.SyncDirectory(directory);
            for (; first < i; first++)
                _removed.Add(paths[first]);
        }
    }
}
