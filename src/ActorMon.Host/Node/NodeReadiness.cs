using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Model.Sharding;

namespace ActorMon.Host.Node;

/// <summary>Ready: every partition of this node takes batches and Control has heard of every scrape shard. Once ready, a node stays ready until it stops.</summary>
public sealed class NodeReadiness(PartitionTable table, MapView view)
{
    private int _controlReady;

    public bool IsReady => Volatile.Read(ref _controlReady) == 1;

    /// <summary>Damaged places found in the partitions' files at their last opening.</summary>
    public long Corruptions => table.Stores().Sum(store => (long)store.Recovery.Damage.Count);

    /// <summary>Partitions whose logs are read, of those that this node holds.</summary>
    public ReplayStatus Replay => new(table.Stores().Count(), view.Current is null ? table.Partitions : Held().Count());

    /// <summary>Every partition that the map has on this node takes batches.</summary>
    public bool HoldsAll => view.Current is not null && Held().All(partition => table.Serving(partition) is not null);

    private IEnumerable<PartitionId> Held() => view.Current!.CopiesOn(view.Self.Node).Where(held => held.Copy.IsReceiver).Select(held => held.Partition);

    public void Complete() => Volatile.Write(ref _controlReady, 1);
}
