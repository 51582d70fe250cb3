using System.Runtime.Serialization;
using ActorMon.Protocol.Journal;
using ActorMon.Replication.Map;
using Google.Protobuf;
using Wire = ActorMon.Protocol.Serialization.MapWire;

namespace ActorMon.Protocol.Replication;

/// <summary>The partition map in its journal: changes, and whole maps in place of what was before.</summary>
public static class MapJournal
{
    private const string Change = "mpch";
    private const string State = "mpst";

    public static string PersistenceId(Guid cluster) => $"map-{cluster}";

    public static JournalRecord RecordOf(MapDiff diff) => new(Change, MapEventCodec.ToWire(diff).ToByteArray());

    public static JournalRecord RecordOf(PartitionMap map) => new(State, MapMessages.ToBytes(map));

    /// <summary>The map after a record.</summary>
    /// <param name="before">Null before the first one, which must be a whole map.</param>
    /// <exception cref="SerializationException">Of a newer version, or not the next change.</exception>
    public static PartitionMap Apply(PartitionMap? before, JournalRecord record)
    {
        switch (record.Manifest)
        {
            case State:
                return MapMessages.FromBytes(record.Payload);
            case Change:
                var wire = Wire.Diff.Parser.ParseFrom(record.Payload);
                return before?.Follow(new MapDiff(wire.From, MapEventCodec.FromWire(wire.Events)))
                    ?? throw new SerializationException($"the journal of the partition map goes from version {before?.Version ?? 0} to a change of version {wire.From}");
            default:
                throw new SerializationException($"the journal of the partition map has a record \"{record.Manifest}\" of a newer version");
        }
    }
}
