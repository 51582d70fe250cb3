namespace ActorMon.Replication.Configurations;

/// <summary>One version of the cluster's configuration.</summary>
/// <param name="Number">1, 2, 3 ... in the cluster; 0: none.</param>
/// <param name="Hash">Of the content: equal hashes mean equal files.</param>
/// <param name="Origin">The node whose files they are.</param>
/// <param name="Bundle">The files as nodes hand them to each other.</param>
public sealed record ConfigurationVersion(long Number, string Hash, string Origin, ReadOnlyMemory<byte> Bundle)
{
    public static readonly ConfigurationVersion None = new(0, "", "", default);

    /// <summary>The files of a node as the version after this one; itself when they are the same.</summary>
    public ConfigurationVersion Next(string hash, string origin, ReadOnlyMemory<byte> bundle) => hash == Hash ? this : new(Number + 1, hash, origin, bundle);
}
