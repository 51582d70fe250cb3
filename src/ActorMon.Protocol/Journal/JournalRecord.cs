namespace ActorMon.Protocol.Journal;

/// <summary>
/// One event or one state as a journal keeps it. The room that owns the event writes and reads the payload; manifests and payloads are extend-only, like everything that
/// a later version must read.
/// </summary>
/// <param name="manifest">Names the kind of the payload; unique over all rooms: two letters of the room, two of the kind.</param>
/// <param name="payload">Protobuf. Not changed after this.</param>
public sealed class JournalRecord(string manifest, byte[] payload)
{
    public string Manifest => manifest;

    public byte[] Payload => payload;

    public bool IsSame(JournalRecord other) => manifest == other.Manifest && payload.AsSpan().SequenceEqual(other.Payload);
}
