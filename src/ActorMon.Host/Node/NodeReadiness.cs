using ActorMon.Actors.Series;
using ActorMon.Api.Ports;

namespace ActorMon.Host.Node;

/// <summary>Ready: every partition of this node takes batches and Control has heard of every scrape shard. Once ready, a node stays ready until it stops.</summary>
public sealed class NodeReadiness(PartitionTable table)
{
    private int _controlReady;

    public bool IsReady => Volatile.Read(ref _controlReady) == 1;

    /// <summary>Damaged places found in the partitions' files at their last opening.</summary>
    public long Corruptions => table.Stores().Sum(store => (long)store.Recovery.Damage.Count);

    /// <summary>Partitions whose logs are read.</summary>
    public ReplayStatus Replay => new(table.Stores().Count(), table.Partitions);

    public void Complete() => Volatile.Write(ref _controlReady, 1);
}
