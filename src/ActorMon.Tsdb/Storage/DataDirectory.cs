using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Storage;

/// <summary>What a node expects of its data directory. <see cref="ClusterId"/> null: whatever is there, a fresh one gets a new id.</summary>
public sealed record DataDirectoryOptions
{
    public required string Path { get; init; }
    public Guid? ClusterId { get; init; }

    /// <summary>P.</summary>
    public int Partitions { get; init; } = Placement.DefaultPartitions;

    /// <summary>Written into the lock file, for the message a second process prints.</summary>
    public int ProcessId { get; init; } = Environment.ProcessId;
    public string Host { get; init; } = Environment.MachineName;
}

/// <summary>Either the directory or the reason why it cannot be used.</summary>
public readonly record struct DataDirectoryResult(DataDirectory? Directory, string? Error);

/// <summary>
/// The data directory of a node, held by one process at a time: <c>actormon.lock</c>, <c>actormon.json</c> (cluster id, node id, P, versions), <c>p-00</c> ... one folder a partition.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    public const string LockFile = "actormon.lock";
    public const string MetaFile = "actormon.json";

    /// <summary>Version of the directory's own shape.</summary>
    public const int FormatVersion = 1;

    private readonly IDisposable _lock;

    private DataDirectory(string path, Guid clusterId, Guid nodeId, int partitions, IDisposable held)
    {
        Path = path;
        ClusterId = clusterId;
        NodeId = nodeId;
        Partitions = partitions;
        _lock = held;
    }

    public string Path { get; }
    public Guid ClusterId { get; }

    /// <summary>Given once: whoever runs on this directory is this node of the cluster.</summary>
    public Guid NodeId { get; }
    public int Partitions { get; }

    /// <summary>The folder of one partition; <see cref="PartitionStore.Open"/> creates it.</summary>
    public string PartitionPath(PartitionId partition) => System.IO.Path.Combine(Path, $"p-{partition.Value.ToString("D2", CultureInfo.InvariantCulture)}");

    /// <summary>
    /// Takes the directory. Not one byte is written before it is clear that it is ours: empty or new, or with our meta file and matching versions.
    /// </summary>
    public static DataDirectoryResult Open(DataDirectoryOptions options, IStorageFiles files)
    {
        var path = options.Path;
        try
        {
            var metaPath = System.IO.Path.Combine(path, MetaFile);
            var isOurs = files.FileExists(metaPath);
            if (!isOurs && ForeignContent(path, files) is { } foreign)
                return new DataDirectoryResult(null, foreign);
            files.CreateDirectory(path);
            var lockPath = System.IO.Path.Combine(path, LockFile);
            var held = files.TryLock(lockPath, $"pid {options.ProcessId} on {options.Host}\n");
            if (held is null)
                return new DataDirectoryResult(null, $"data directory {path} is in use by {Holder(lockPath + ".owner", files)}; a directory belongs to one process (lock file {lockPath})");
            var opened = Load(options, files, metaPath, held);
            if (opened.Directory is null)
                held.Dispose();
            return opened;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DataDirectoryResult(null, $"data directory {path} cannot be used: {e.Message}");
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>The number of partitions that a directory has; null: it is new, or its meta file cannot be read. Nothing is written.</summary>
    public static int? PartitionsOf(string path, IStorageFiles files) =>
        MetaOf(path, files)?["partitions"] is JsonValue value && value.TryGetValue<int>(out var partitions) ? partitions : null;

    /// <summary>The cluster that a directory belongs to; null: it is new, or its meta file cannot be read. Nothing is written.</summary>
    public static Guid? ClusterOf(string path, IStorageFiles files) =>
        MetaOf(path, files)?["clusterId"] is JsonValue value && value.TryGetValue<Guid>(out var cluster) ? cluster : null;

    private static JsonObject? MetaOf(string path, IStorageFiles files)
    {
        var metaPath = System.IO.Path.Combine(path, MetaFile);
        if (!files.FileExists(metaPath))
            return null;
        try
        {
            return JsonNode.Parse(ReadAll(metaPath, files)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Why the directory belongs to something else, or null: it is new, empty, or holds only our own lock of a start that was interrupted.</summary>
    private static string? ForeignContent(string path, IStorageFiles files)
    {
        foreach (var name in files.List(path))
        {
            var inside = System.IO.Path.Combine(path, name);
            var block = name.Length == 26 && files.FileExists(System.IO.Path.Combine(inside, "meta.json"));
            if (block || (name is "wal" or "chunks_head" or "wbl" && files.DirectoryExists(inside)))
                return $"data directory {path} was written by Prometheus (it has {name}); nothing in it was touched. "
                    + $"Give ActorMon a directory of its own, for instance {path}-actormon, and bring the data over with: actormon-tool tsdb import prometheus {path} {path}-actormon";
        }
        return null;
    }

    private static DataDirectoryResult Load(DataDirectoryOptions options, IStorageFiles files, string metaPath, IDisposable held)
    {
        if (!files.FileExists(metaPath))
        {
            var cluster = options.ClusterId ?? Guid.NewGuid();
            var fresh = Guid.NewGuid();
            WriteMeta(options.Path, files, cluster, options.Partitions, fresh);
            return new DataDirectoryResult(new DataDirectory(options.Path, cluster, fresh, options.Partitions, held), null);
        }
        JsonNode? meta;
        try
        {
            meta = JsonNode.Parse(ReadAll(metaPath, files));
        }
        catch (JsonException e)
        {
            return Refuse(metaPath, $"is not readable as JSON: {e.Message}");
        }
        if (meta is not JsonObject o
            || o["formatVersion"]?.AsValue().TryGetValue<int>(out var format) != true
            || o["hashVersion"]?.AsValue().TryGetValue<int>(out var hash) != true
            || o["partitions"]?.AsValue().TryGetValue<int>(out var partitions) != true
            || o["clusterId"]?.AsValue().TryGetValue<Guid>(out var id) != true)
            return Refuse(metaPath, "lacks one of formatVersion, hashVersion, partitions, clusterId");
        if (format > FormatVersion)
            return Refuse(metaPath, $"has format version {format}; this program reads up to {FormatVersion}: start a newer one");
        if (hash != WalFormat.HashVersion)
            return Refuse(metaPath, $"has hash version {hash}, this program places series by version {WalFormat.HashVersion}");
        if (partitions != options.Partitions)
            return Refuse(metaPath, $"has {partitions} partitions, {options.Partitions} are configured; the number is fixed for a cluster's life");
        if (options.ClusterId is { } wanted && wanted != id)
            return Refuse(metaPath, $"belongs to cluster {id}, this node is of cluster {wanted}");
        // A directory of an older version, a snapshot or an import has no node yet.
        if (o["nodeId"]?.AsValue().TryGetValue<Guid>(out var node) != true)
            WriteMeta(options.Path, files, id, partitions, node = Guid.NewGuid());
        return new DataDirectoryResult(new DataDirectory(options.Path, id, node, partitions, held), null);
    }

    private static DataDirectoryResult Refuse(string metaPath, string reason) => new(null, $"{metaPath} {reason}");

    /// <summary>Makes an existing directory one of a cluster. Without a node it is a copy of data, and becomes a node of its own at its first start.</summary>
    internal static void WriteMeta(string path, IStorageFiles files, Guid cluster, int partitions, Guid? node = null)
    {
        var metaPath = System.IO.Path.Combine(path, MetaFile);
        var meta = new JsonObject
        {
            ["formatVersion"] = FormatVersion,
            ["hashVersion"] = WalFormat.HashVersion,
            ["clusterId"] = cluster.ToString(),
            ["partitions"] = partitions,
            ["tenant"] = 0,
        };
        if (node is { } id)
            meta["nodeId"] = id.ToString();
        var text = meta.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        var temporary = metaPath + ".new";
        if (files.FileExists(temporary))
            files.Delete(temporary);
        using (var file = files.Create(temporary))
        {
            file.Append(Encoding.UTF8.GetBytes(text + "\n"));
            file.Sync();
        }
        files.Rename(temporary, metaPath);
        files.SyncDirectory(path);
    }

    private static byte[] ReadAll(string path, IStorageFiles files)
    {
        using var file = files.Open(path, writable: false);
        var bytes = new byte[file.Length];
        return bytes[..file.Read(0, bytes)];
    }

    private static string Holder(string ownerPath, IStorageFiles files)
    {
        try
        {
            var text = Encoding.UTF8.GetString(ReadAll(ownerPath, files)).Trim();
            return text.Length > 0 ? text : "another process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
