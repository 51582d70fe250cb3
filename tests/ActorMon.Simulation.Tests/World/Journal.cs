using System.Collections.Immutable;
using ActorMon.Replication.Map;

namespace ActorMon.Simulation.Tests.World;

/// <summary>The journal that all nodes share: events under sequence numbers; it can be away. The last map is kept beside it, as a snapshot is.</summary>
public sealed class Journal(PartitionMap start)
{
    private readonly List<MapEvent> _events = [];

    public bool IsAway { get; set; }

    /// <summary>The map after every persisted event.</summary>
    public PartitionMap Map { get; private set; } = start;

    /// <summary>Persists in one piece what follows a version. False: somebody else wrote since.</summary>
    public bool TryAppend(long after, ImmutableArray<MapEvent> events)
    {
        if (Map.Version != after)
            return false;
        _events.AddRange(events);
        Map = Map.Apply(events.AsSpan());
        return true;
    }

    public MapDiff Since(long version, long to) => new(version, [.. _events.Skip((int)version).Take((int)(to - version))]);
}
