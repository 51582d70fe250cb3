using System.Collections.Immutable;
using ActorMon.Protocol.Serialization;
using ActorMon.Replication.Map;
using Google.Protobuf;
using static ActorMon.Protocol.Replication.MapProtocol;
using Wire = ActorMon.Protocol.Serialization.MapWire;

namespace ActorMon.Protocol.Replication;

/// <summary>Maps and their changes in pieces that fit into a control message, and maps as events that make them.</summary>
public static class MapMessages
{
    /// <summary>Serialized bytes of a piece at most; only a single event that is longer makes a longer one.</summary>
    public const int MaxBytes = 48 * 1024;

    /// <summary>Tag and length around each event.</summary>
    private const int FrameBytes = 6;

    /// <summary>Events that make a map from an empty one of its cluster and P.</summary>
    public static ImmutableArray<MapEvent> EventsOf(PartitionMap map)
    {
        var events = ImmutableArray.CreateBuilder<MapEvent>();
        events.Add(new ReplicasSet(map.Replicas, map.ReplicasInForce));
        foreach (var node in map.Nodes.Values)
            events.Add(new NodeSet(node));
        for (var p = 0; p < map.Partitions.Length; p++)
            if (!map.Partitions[p].ContentEquals(PartitionState.Fresh))
                events.Add(new PartitionSet(new(p), map.Partitions[p]));
        if (map.Deletions.Pruned > 0)
            events.Add(new DeletionsPruned(map.Deletions.Pruned));
        foreach (var deletion in map.Deletions.Entries)
            events.Add(new DeletionLogged(deletion));
        return events.ToImmutable();
    }

    /// <summary>The inverse of <see cref="EventsOf"/>.</summary>
    public static PartitionMap MapOf(Guid cluster, long version, int partitions, ImmutableArray<MapEvent> events)
    {
        var pruned = events.OfType<DeletionsPruned>().Select(e => e.Version).FirstOrDefault();
        var empty = PartitionMap.Create(cluster, partitions);
        empty = empty with { Deletions = empty.Deletions with { Pruned = pruned } };
        return empty.Apply(events.AsSpan()) with { Version = version };
    }

    public static IReadOnlyList<WholeMap> Whole(PartitionMap map)
    {
        var pieces = Split(EventsOf(map));
        return [.. pieces.Select((events, i) => new WholeMap(map.Cluster, map.Version, map.Partitions.Length, events, i, pieces.Count))];
    }

    public static IEnumerable<MapChanged> Changes(MapDiff diff)
    {
        var from = diff.From;
        foreach (var events in Split(diff.Events))
        {
            yield return new MapChanged(new MapDiff(from, events));
            from += events.Length;
        }
    }

    private static List<ImmutableArray<MapEvent>> Split(ImmutableArray<MapEvent> events)
    {
        var pieces = new List<ImmutableArray<MapEvent>>();
        var piece = ImmutableArray.CreateBuilder<MapEvent>();
        var used = 0;
        foreach (var e in events)
        {
            var bytes = FrameBytes + MapEventCodec.ToWire(e).CalculateSize();
            if (used + bytes > MaxBytes && piece.Count > 0)
            {
                pieces.Add(piece.ToImmutable());
                piece.Clear();
                used = 0;
            }
            piece.Add(e);
            used += bytes;
        }
        if (piece.Count > 0 || pieces.Count == 0)
            pieces.Add(piece.ToImmutable());
        return pieces;
    }

    /// <summary>A whole map as bytes, for a file or a journal.</summary>
    public static byte[] ToBytes(PartitionMap map) =>
        MapSerializer.ToWire(new WholeMap(map.Cluster, map.Version, map.Partitions.Length, EventsOf(map), 0, 1)).ToByteArray();

    /// <exception cref="InvalidProtocolBufferException">Not a map.</exception>
    /// <exception cref="System.Runtime.Serialization.SerializationException">Of a newer version.</exception>
    public static PartitionMap FromBytes(ReadOnlySpan<byte> bytes)
    {
        var whole = MapSerializer.FromWire(Wire.Whole.Parser.ParseFrom(bytes));
        return MapOf(whole.Cluster, whole.Version, whole.Partitions, whole.Events);
    }
}

/// <summary>Gathers the pieces of one whole map at a time; they come in order, and any other piece begins anew.</summary>
public sealed class MapAssembly
{
    private readonly List<WholeMap> _pieces = [];

    /// <summary>The map when this piece was the last one, else null.</summary>
    public PartitionMap? Add(WholeMap piece)
    {
        if (piece.Chunk != _pieces.Count || (_pieces.Count > 0 && (_pieces[0].Version != piece.Version || _pieces[0].Chunks != piece.Chunks)))
            _pieces.Clear();
        if (piece.Chunk != _pieces.Count)
            return null;
        _pieces.Add(piece);
        if (_pieces.Count < piece.Chunks)
            return null;
        var map = MapMessages.MapOf(piece.Cluster, piece.Version, piece.Partitions, [.. _pieces.SelectMany(p => p.Events)]);
        _pieces.Clear();
        return map;
    }
}
