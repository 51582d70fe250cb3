using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.Serialization;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Replication;
using ActorMon.Replication.Map;
using ActorMon.Tsdb.Storage;
using Google.Protobuf;

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

    private static ReadOnlySpan<byte> Magic => "AMMAP1\n\0"u8;

    private static int HeaderBytes => Magic.Length + sizeof(ulong);

    private string FilePath => Path.Combine(directory.Path, Name);

    /// <returns>Neither: there is none yet. An error: it is damaged or of a newer version.</returns>
    public (PartitionMap? Map, string? Error) Read()
    {
        if (!files.FileExists(FilePath))
            return (null, null);
        try
        {
            var bytes = ReadAll();
            if (bytes.Length < HeaderBytes || !bytes.AsSpan().StartsWith(Magic)
                || BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(Magic.Length)) != XxHash3.HashToUInt64(bytes.AsSpan(HeaderBytes)))
                return (null, $"{FilePath} is damaged");
            var map = MapMessages.FromBytes(bytes.AsSpan(HeaderBytes));
            return map.Cluster == directory.ClusterId ? (map, null) : (null, $"{FilePath} is of cluster {map.Cluster}, the directory of {directory.ClusterId}");
        }
        catch (Exception e) when (e is SerializationException or InvalidProtocolBufferException or IOException)
        {
            return (null, $"{FilePath} cannot be read: {e.Message}");
        }
    }

    /// <summary>Replaces the file, and makes the folders of copies that this node now has: a copy whose folder is missing at a later start was lost.</summary>
    public void Write(PartitionMap map, NodeId self)
    {
        foreach (var (partition, copy) in map.CopiesOn(self))
            if (copy.IsReceiver && !files.DirectoryExists(directory.PartitionPath(partition)))
                files.CreateDirectory(directory.PartitionPath(partition));
        var content = MapMessages.ToBytes(map);
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(Magic.Length), XxHash3.HashToUInt64(content));
        var temporary = FilePath + ".new";
        if (files.FileExists(temporary))
            files.Delete(temporary);
        using (var file = files.Create(temporary))
        {
            file.Append(header);
            file.Append(content);
            file.Sync();
        }
        files.Rename(temporary, FilePath);
        files.SyncDirectory(directory.Path);
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

    private byte[] ReadAll()
    {
        using var file = files.Open(FilePath, writable: false);
        var bytes = new byte[file.Length];
        return bytes[..file.Read(0, bytes)];
    }
}
