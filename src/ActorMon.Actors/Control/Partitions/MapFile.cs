using ActorMon.Model.Sharding;
using ActorMon.Protocol.Replication;
using ActorMon.Replication.Map;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Actors.Control.Partitions;

/// <summary>
/// <c>map.bin</c> of a data directory: the last partition map that this node acted on. It is on disk before anything acts on it, so its epochs are those that the node's copies
/// have noted, and its nodes are the last members.
/// <code>
/// "AMMAP1\n\0" | XXH3 of the rest u64 | map, protobuf (Whole of map.proto)
/// </code>
/// </summary>
public sealed class MapFile(DataDirectory directory, IStorageFiles files)
{
    public const string Name = "map.bin";

    private readonly CheckedFile _file = new(Path.Combine(directory.Path, Name), "AMMAP1\n\0"u8, files);

    /// <returns>Neither: there is none yet. An error: it is damaged or of a newer version.</returns>
    public (PartitionMap? Map, string? Error) Read() => _file.Read<PartitionMap>(content => MapMessages.FromBytes(content) is var map && map.Cluster == directory.ClusterId
        ? (map, null)
        : (null, $"{Name} in {directory.Path} is of cluster {map.Cluster}, the directory of {directory.ClusterId}"));

    /// <summary>Replaces the file, and makes the folders of copies that this node now has: a copy whose folder is missing at a later start was lost.</summary>
    public void Write(PartitionMap map, NodeId self)
    {
        foreach (var (partition, copy) in map.CopiesOn(self))
            if (copy.IsReceiver && !files.DirectoryExists(directory.PartitionPath(partition)))
                files.CreateDirectory(directory.PartitionPath(partition));
        _file.Write(MapMessages.ToBytes(map));
    }

    /// <summary>Copies on this disk with the epochs that the map on it has for them.</summary>
    public IEnumerable<HeldCopy> Held(PartitionMap? map, NodeId self)
    {
        for (var p = 0; p < directory.Partitions; p++)
        {
            var partition = new PartitionId(p);
            if (HeldEpoch(map, self, partition) is { } epoch)
                yield return new HeldCopy(partition, epoch);
        }
    }

    /// <summary>As <see cref="Held"/>, of one partition; null: there is no copy on this disk.</summary>
    public long? HeldEpoch(PartitionMap? map, NodeId self, PartitionId partition)
    {
        if (!files.DirectoryExists(directory.PartitionPath(partition)))
            return null;
        return map?[partition].OnNode(self) is null ? 0 : map[partition].Epoch;
    }
}
