using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;

namespace ActorMon.Actors.Tests.Links;

/// <summary>A map that a test changes: every partition has the same holders.</summary>
internal sealed class FakeHolders : IReplicaHolders
{
    private PartitionHolders _now = PartitionHolders.Alone;

    public long Version { get; private set; }

    public event Action? Changed;

    public PartitionHolders Of(PartitionId partition) => _now;

    public void Set(params ReplicaHolder[] holders) => Set(true, holders);

    public void Set(bool isOpen, params ReplicaHolder[] holders)
    {
        _now = new PartitionHolders(++Version, isOpen, holders) { Forgotten = _now.Forgotten };
        Changed?.Invoke();
    }

    /// <summary>The map forgets deletions.</summary>
    public void Forget(long version)
    {
        _now = _now with { Epoch = ++Version, Forgotten = version };
        Changed?.Invoke();
    }

    public static ReplicaHolder Here(int slot = 0, long stay = 0, bool required = true) => new(slot, null, stay, required);

    public static ReplicaHolder There(LinkPeer peer, int slot = 1, long stay = 0, bool required = true) => new(slot, peer, stay, required);
}
