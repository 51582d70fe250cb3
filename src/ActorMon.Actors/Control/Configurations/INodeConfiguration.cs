using ActorMon.Replication.Configurations;

namespace ActorMon.Actors.Control.Configurations;

/// <summary>What the Host does with configurations: load, check, put into effect. Any thread; takes as long as reading files does.</summary>
public interface INodeConfiguration
{
    /// <summary>Whether this node can use a configuration. Nothing changes.</summary>
    /// <param name="strict">Files with secrets must be readable here.</param>
    /// <returns>Null, or every error.</returns>
    string? Prepare(string hash, ReadOnlyMemory<byte> bundle, bool strict);

    /// <summary>Puts a version into effect.</summary>
    /// <returns>Null, or why the one before stays.</returns>
    string? Install(ConfigurationVersion version);

    /// <summary>Hash of the node's own files as they are now.</summary>
    string OwnHash();

    /// <summary>The node's own files, for a cluster that has no configuration yet.</summary>
    /// <returns>Null: they cannot be used.</returns>
    (string Hash, ReadOnlyMemory<byte> Bundle)? Own();
}
