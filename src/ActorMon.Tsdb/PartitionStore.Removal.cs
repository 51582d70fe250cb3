using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Tsdb;

/// <summary>What leaves for good: parts beyond the retention, and files that nobody needs. To unlink them is work beside the writer, which goes before all other.</summary>
public sealed partial class PartitionStore
{
    private long _removeAt = long.MinValue;
    private long _noteAt = long.MinValue;

    /// <summary>Whole parts beyond time or size go. A partition that cannot be written deletes nothing: <see cref="Maintain"/> does not come here.</summary>
    private void DropParts(long floor)
    {
        var expired = _parts.Live.Where(part => part.MaxTime < floor).ToList();
        _counts.TimeRetentions += expired.Count > 0 ? 1 : 0;
        var noRoom = _options.NodeRetention.BeyondSize(Partition.Value);
        var beyond = _parts.Live.Where(part => part.MaxTime >= floor && noRoom.Contains(part.Header.Sequence)).ToList();
        _counts.SizeRetentions += beyond.Count > 0 ? 1 : 0;
        if (expired.Count + beyond.Count == 0)
            return;
        _parts.Remove([.. expired, .. beyond]);
        FindOlder();
        _options.NodeRetention.Report(Partition.Value, _partInfos, _log.Bytes, long.MinValue);
    }

    /// <summary>Files of each kind in the order in which they may go, and the list of parts when it is another one than on disk.</summary>
    private RemovalWork? NextRemoval(long now)
    {
        if (now < _removeAt)
            return null;
        List<string> logs = [.. _log.Obsolete], parts = [.. _parts.Obsolete];
        var names = _parts.Names;
        return logs.Count + parts.Count == 0 && (now < _noteAt || _parts.Inventory.Is(names)) ? null : new RemovalWork(_files, logs, parts, _parts.Inventory, names);
    }

    private void CompleteRemoval(RemovalWork removal, long retryAt)
    {
        _parts.Removed(removal.Removed);
        _log.Removed(removal.Removed);
        // A file that stays must not keep all other work waiting.
        _removeAt = removal.Failure is null ? long.MinValue : retryAt;
        _noteAt = removal.IsWithoutInventory ? retryAt : long.MinValue;
        FinishDeletions();
    }
}
