using System.Runtime.Serialization;
using ActorMon.Alerting.Silences;
using ActorMon.Protocol.Journal;
using Google.Protobuf;
using Wire = ActorMon.Protocol.Serialization.AlertingWire;

namespace ActorMon.Protocol.Alerting;

/// <summary>The silences of a cluster in their journal.</summary>
public static class SilenceJournal
{
    private const string Change = "sich";
    private const string State = "sist";

    public static string PersistenceId(Guid cluster) => $"silences-{cluster}";

    public static JournalRecord RecordOf(SilenceChange change) => new(Change, SilenceWire.Of(change).ToByteArray());

    /// <param name="all">In place of all that was written before.</param>
    public static JournalRecord StateOf(SilenceRegister all) => new(State, SilenceWire.Of(SilenceChange.Whole(all)).ToByteArray());

    /// <exception cref="SerializationException">Of a newer version, or damaged.</exception>
    public static SilenceChange ChangeOf(JournalRecord record)
    {
        if (record.Manifest is not (Change or State))
            throw new SerializationException($"the journal of silences has a record \"{record.Manifest}\" of a newer version");
        try
        {
            return SilenceWire.From(Wire.SilenceRecord.Parser.ParseFrom(record.Payload));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException)
        {
            throw new SerializationException($"the journal of silences has a damaged record \"{record.Manifest}\": {e.Message}", e);
        }
    }
}
