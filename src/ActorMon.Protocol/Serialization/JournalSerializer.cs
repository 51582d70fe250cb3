using ActorMon.Protocol.Journal;
using Akka.Actor;
using Akka.Serialization;

namespace ActorMon.Protocol.Serialization;

/// <summary>Writes journal records as they are: manifest and protobuf payload. A manifest that this version does not know is the owner's to refuse.</summary>
public sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stored with every event.</summary>
    public const int Id = 7102;

    public override int Identifier => Id;

    public override string Manifest(object o) => Record(o).Manifest;

    public override byte[] ToBinary(object obj) => Record(obj).Payload;

    public override object FromBinary(byte[] bytes, string manifest) => new JournalRecord(manifest, bytes);

    private static JournalRecord Record(object o) => o as JournalRecord ?? throw new ArgumentException($"{o.GetType()} is not a journal record", nameof(o));
}
