using ActorMon.Protocol.Control;
using ActorMon.Replication.Configurations;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Actors.Control.Configurations;

/// <summary>
/// <c>configuration.bin</c> of a data directory: the version of the cluster's configuration that this node used last. What it starts with when it comes back.
/// <code>
/// "AMCONF1\0" | XXH3 of the rest u64 | version, protobuf (Version of configuration.proto)
/// </code>
/// </summary>
public sealed class ConfigurationFile(DataDirectory directory, IStorageFiles files)
{
    public const string Name = "configuration.bin";

    private readonly CheckedFile _file = new(Path.Combine(directory.Path, Name), "AMCONF1\0"u8, files);

    /// <returns>Neither: there is none. An error: it is damaged or of a newer version.</returns>
    public (ConfigurationVersion? Version, string? Error) Read() => _file.Read<ConfigurationVersion>(content => (ConfigurationJournal.FromBytes(content), null));

    /// <returns>Null, or why it could not be written.</returns>
    public string? Write(ConfigurationVersion version)
    {
        try
        {
            _file.Write(ConfigurationJournal.ToBytes(version));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be kept in {Name}: {e.Message}";
        }
    }
}
