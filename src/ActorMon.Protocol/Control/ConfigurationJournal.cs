using System.Runtime.Serialization;
using ActorMon.Protocol.Journal;
using ActorMon.Replication.Configurations;
using Google.Protobuf;
using Wire = ActorMon.Protocol.Serialization.ConfigurationWire;

namespace ActorMon.Protocol.Control;

/// <summary>Versions of the configuration in their journal, and in a node's configuration.bin: each whole, so the last one is all that counts.</summary>
public static class ConfigurationJournal
{
    private const string Version = "cfvr";

    public static string PersistenceId(Guid cluster) => $"configuration-{cluster}";

    public static JournalRecord RecordOf(ConfigurationVersion version) => new(Version, ToBytes(version));

    /// <exception cref="SerializationException">Of a newer version.</exception>
    public static ConfigurationVersion VersionOf(JournalRecord record) => record.Manifest == Version
        ? FromBytes(record.Payload)
        : throw new SerializationException($"the journal of the configuration has a record \"{record.Manifest}\" of a newer version");

    public static byte[] ToBytes(ConfigurationVersion version) => new Wire.Version
    {
        Number = version.Number,
        Hash = version.Hash,
        Origin = version.Origin,
        Bundle = ByteString.CopyFrom(version.Bundle.Span),
    }.ToByteArray();

    /// <exception cref="InvalidProtocolBufferException">Not a version.</exception>
    public static ConfigurationVersion FromBytes(ReadOnlySpan<byte> bytes)
    {
        var wire = Wire.Version.Parser.ParseFrom(bytes);
        return new ConfigurationVersion(wire.Number, wire.Hash, wire.Origin, wire.Bundle.Memory);
    }
}
