using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb;

/// <summary>Replacing the head by its next generation.</summary>
public sealed partial class PartitionStore
{
    /// <summary>
    /// Replaces the head by <see cref="PartitionHead.Without"/> and ends the log's segment. Returns the number of the segment that comes next: what the old head held is in
    /// the segments before it. The writer's; the caller publishes.
    /// </summary>
    internal long SwapHead(long beforeTime)
    {
        _log.EndSegment();
        var old = _head;
        _head = old.Without(beforeTime);
        old.Series.Symbols.Generations.Leave(old.Series.Symbols);
        _check = new BatchCheck(_options, _head);
        _encoder = new WalEncoder(_head.Series);
        _options.Accounts?.Use(_options.Partition, _head.Series);
        return _log.NextNumber;
    }
}
