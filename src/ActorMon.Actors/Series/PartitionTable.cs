using ActorMon.Model.Sharding;
using ActorMon.Protocol.Series;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Reading;
using Akka.Actor;

namespace ActorMon.Actors.Series;

/// <summary>Where the copy of a partition on this node takes batches, and in which session.</summary>
public sealed record ServingReplica(ReplicaId Replica, IActorRef Writer, long Session);

/// <summary>
/// The partitions that this node serves, as readers find them. Each entry is written by the partition's replica actor alone; readers take published views from it
/// and never pass through a mailbox.
/// </summary>
public sealed class PartitionTable(int partitions)
{
    private readonly PartitionStore?[] _stores = new PartitionStore?[partitions];
    private readonly ServingReplica?[] _serving = new ServingReplica?[partitions];
    private readonly HashSet<PartitionStore> _kept = [];
    private bool _keeps;
    private readonly SemaphoreSlim[] _directories = [.. Enumerable.Range(0, partitions).Select(_ => new SemaphoreSlim(1))];

    public int Partitions => partitions;

    public PartitionStore? this[PartitionId partition] => Volatile.Read(ref _stores[partition.Value]);

    /// <summary>
    /// Taken by whoever has the partition's directory open or is opening it: an actor that was stopped while it recovered may still do so when the next one starts.
    /// </summary>
    public SemaphoreSlim DirectoryOf(PartitionId partition) => _directories[partition.Value];

    public void Serve(PartitionStore store) => Volatile.Write(ref _stores[store.Partition.Value], store);

    public void Withdraw(PartitionStore store)
    {
        lock (_kept)
            if (_keeps)
            {
                _kept.Add(store);
                return;
            }
        Interlocked.CompareExchange(ref _stores[store.Partition.Value], null, store);
    }

    /// <summary>Stores that are withdrawn from now on stay readable as they were, until another one is served or <see cref="LetGo"/>: the node's membership has ended, its disk has not.</summary>
    public void Keep()
    {
        lock (_kept)
            _keeps = true;
    }

    /// <summary>What was kept and is not served again goes.</summary>
    public void LetGo()
    {
        lock (_kept)
        {
            _keeps = false;
            foreach (var store in _kept)
                Interlocked.CompareExchange(ref _stores[store.Partition.Value], null, store);
            _kept.Clear();
        }
    }

    /// <summary>Null: no copy here takes batches of the partition.</summary>
    public ServingReplica? Serving(PartitionId partition) => Volatile.Read(ref _serving[partition.Value]);

    public void Announce(ServingReplica replica) => Volatile.Write(ref _serving[replica.Replica.Partition.Value], replica);

    public void Retract(ServingReplica replica) => Interlocked.CompareExchange(ref _serving[replica.Replica.Partition.Value], null, replica);

    /// <summary>The newest view of every partition served.</summary>
    public PartitionView[] Views()
    {
        var views = new List<PartitionView>(partitions);
        for (var p = 0; p < partitions; p++)
            if (Volatile.Read(ref _stores[p]) is { } store)
                views.Add(store.View);
        return [.. views];
    }

    /// <summary>The newest view of those of the partitions that are served.</summary>
    public PartitionView[] Views(IReadOnlyList<PartitionId> partitions)
    {
        var views = new List<PartitionView>(partitions.Count);
        foreach (var partition in partitions)
            if (this[partition] is { } store)
                views.Add(store.View);
        return [.. views];
    }

    /// <summary>The newest statistics of every partition served.</summary>
    public IEnumerable<PartitionStats> Stats()
    {
        for (var p = 0; p < partitions; p++)
            if (Volatile.Read(ref _stores[p]) is { } store)
                yield return store.Stats;
    }

    public IEnumerable<PartitionStore> Stores()
    {
        for (var p = 0; p < partitions; p++)
            if (Volatile.Read(ref _stores[p]) is { } store)
                yield return store;
    }
}
