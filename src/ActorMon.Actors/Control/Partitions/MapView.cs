using ActorMon.Replication.Map;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>
/// The partition map as this node has it: written by its MapKeeper after the map is on its disk, read by anyone. Each map is newer than the one before.
/// </summary>
/// <param name="self">This node in this life.</param>
/// <param name="known">The map of the node's disk, or the one a first node begins with; null: the node has to be given one.</param>
public sealed class MapView(NodeIncarnation self, PartitionMap? known)
{
    private PartitionMap? _current = known;

    public NodeIncarnation Self => self;

    public PartitionMap? Current => Volatile.Read(ref _current);

    /// <summary>0: none yet.</summary>
    public long Version => Current?.Version ?? 0;

    /// <summary>Raised after another map stands, by the MapKeeper; handlers return at once.</summary>
    public event Action? Changed;

    public void Publish(PartitionMap map)
    {
        Volatile.Write(ref _current, map);
        Changed?.Invoke();
    }
}
