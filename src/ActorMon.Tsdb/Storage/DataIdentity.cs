using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Storage;

/// <summary>Whose data lies in a directory, by what its parts and segments say of themselves: every one names its cluster and P in a header with a checksum.</summary>
internal static class DataIdentity
{
    /// <summary>
    /// What the first readable file of each partition says, without repetition: empty when there is no readable file, more than one when files of several clusters were mixed.
    /// </summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<(Guid Cluster, int Partitions)> Find(string path, IStorageFiles files)
    {
        var found = new List<(Guid, int)>();
        var start = new byte[PartFormat.MaxHeaderBytes];
        foreach (var name in files.List(path))
        {
            if (!name.StartsWith("p-", StringComparison.Ordinal))
                continue;
            var folder = Path.Combine(path, name);
            var identity = First(Path.Combine(folder, "parts"), files, start, OfPart) ?? First(Path.Combine(folder, "wal"), files, start, WalFormat.ReadIdentity);
            if (identity is not null && !found.Contains((identity.ClusterId, identity.Partitions)))
                found.Add((identity.ClusterId, identity.Partitions));
        }
        return found;
    }

    private delegate WalIdentity? HeaderReader(ReadOnlySpan<byte> start);

    private static WalIdentity? First(string folder, IStorageFiles files, byte[] start, HeaderReader read)
    {
        foreach (var name in files.List(folder))
        {
            using var file = files.Open(Path.Combine(folder, name), writable: false);
            if (read(start.AsSpan(0, file.Read(0, start))) is { } identity)
                return identity;
        }
        return null;
    }

    private static WalIdentity? OfPart(ReadOnlySpan<byte> start)
    {
        if (PartFormat.HeaderLength(start, out var length) is not null || length > start.Length || PartFormat.ReadHeader(start[..length], out var header) is not null)
            return null;
        return new WalIdentity(header!.ClusterId, header.Partitions, header.Partition);
    }
}
