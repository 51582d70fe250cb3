using ActorMon.Replication.Map;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>
/// The partition map as this node has it: published by its MapKeeper when the map is on its disk, read by anyone. Each map is newer than the one before. A disk that takes nothing
/// does not hold the node back to an old map, by which it would wait for copies that are gone; what it claims of its own copies goes by the map that is on the disk.
/// </summary>
/// <param name="self">This node in its first life; a new one begins with each actor system.</param>
/// <param name="known">The map of the node's disk, or the one a first node begins with; null: the node has to be given one.</param>
public sealed class MapView(NodeIncarnation self, PartitionMap? known)
{
    private PartitionMap? _current = known;
    private PartitionMap? _onDisk = known;
    private NodeIncarnation[] _self = [self];

    /// <summary>This node in this life.</summary>
    public NodeIncarnation Self => Volatile.Read(ref _self)[0];

    /// <summary>The map has accepted this life of the node.</summary>
    public bool IsAccepted => Current?.IsUp(Self) == true;

    public PartitionMap? Current => Volatile.Read(ref _current);

    /// <summary>The newest map that a new start would find; its epochs are those that the node's copies have noted.</summary>
    public PartitionMap? OnDisk => Volatile.Read(ref _onDisk);

    /// <summary>0: none yet.</summary>
    public long Version => Current?.Version ?? 0;

    /// <summary>Raised after another map stands, by the MapKeeper; handlers return at once.</summary>
    public event Action? Changed;

    /// <summary>The membership before has ended for good, and nothing acts for it any more.</summary>
    public void BeginLife(ulong incarnation)
    {
        Volatile.Write(ref _self, [new NodeIncarnation(Self.Node, incarnation)]);
        Changed?.Invoke();
    }

    /// <param name="onDisk">False: it could not be written yet.</param>
    public void Publish(PartitionMap map, bool onDisk = true)
    {
        if (onDisk)
            Volatile.Write(ref _onDisk, map);
        Volatile.Write(ref _current, map);
        Changed?.Invoke();
    }
}
