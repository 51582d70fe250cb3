using System.Diagnostics.CodeAnalysis;
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

    /// <summary>What had to be mended to use the directory, for the log; null: nothing.</summary>
    public string? Repair { get; private init; }

    /// <summary>The folder of one partition; <see cref="PartitionStore.Open"/> creates it.</summary>
    public string PartitionPath(PartitionId partition) => System.IO.Path.Combine(Path, $"p-{partition.Value.ToString("D2", CultureInfo.InvariantCulture)}");

    /// <summary>
    /// Takes the directory. Not one byte is written before it is clear that it is ours: empty or new, or with our meta file and matching versions.
    /// A meta file that is lost, damaged or contradicts all data is written anew by what parts and segments say (<see cref="Repair"/>).
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
        MetaOf(path, files) is { } meta && TryGet<int>(meta, "partitions", out var partitions) ? partitions : null;

    /// <summary>The cluster that a directory belongs to; null: it is new, or its meta file cannot be read. Nothing is written.</summary>
    public static Guid? ClusterOf(string path, IStorageFiles files) =>
        MetaOf(path, files) is { } meta && TryGet<Guid>(meta, "clusterId", out var cluster) ? cluster : null;

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
        var data = DataIdentity.Find(options.Path, files);
        if (data.Count > 1)
            return new DataDirectoryResult(null, $"data directory {options.Path} has data of several clusters: {string.Join(", ", data.Select(found => $"{found.Cluster} of {found.Partitions} partitions"))}");
        if (!files.FileExists(metaPath))
            return Make(options, files, data, data.Count > 0 ? "is missing" : null, held);
        if (MetaOf(options.Path, files) is not { } meta
            || !TryGet<int>(meta, "formatVersion", out var format)
            || !TryGet<int>(meta, "hashVersion", out var hash)
            || !TryGet<int>(meta, "partitions", out var partitions)
            || !TryGet<Guid>(meta, "clusterId", out var id))
            return Make(options, files, data, $"is damaged and set aside as {SetAside(metaPath, files)}", held);
        if (format > FormatVersion)
            return Refuse(metaPath, $"has format version {format}; this program reads up to {FormatVersion}: start a newer one");
        if (hash != WalFormat.HashVersion)
            return Refuse(metaPath, $"has hash version {hash}, this program places series by version {WalFormat.HashVersion}");
        if (data.Count > 0 && data[0] != (id, partitions))
            return Make(options, files, data, $"names cluster {id} of {partitions} partitions, its data another; it is set aside as {SetAside(metaPath, files)}", held);
        if (Mismatch(options, id, partitions) is { } mismatch)
            return Refuse(metaPath, mismatch);
        // A directory of an older version, a snapshot or an import has no node yet.
        if (!TryGet<Guid>(meta, "nodeId", out var node))
            WriteMeta(options.Path, files, id, partitions, node = Guid.NewGuid());
        return new DataDirectoryResult(new DataDirectory(options.Path, id, node, partitions, held), null);
    }

    /// <summary>Writes the meta file of a new directory, or writes it anew by what the data says; the node is a new one then.</summary>
    private static DataDirectoryResult Make(
        DataDirectoryOptions options, IStorageFiles files, IReadOnlyList<(Guid Cluster, int Partitions)> data, string? lost, IDisposable held)
    {
        var metaPath = System.IO.Path.Combine(options.Path, MetaFile);
        var (cluster, partitions) = data.Count > 0 ? data[0] : (options.ClusterId ?? Guid.NewGuid(), options.Partitions);
        if (Mismatch(options, cluster, partitions) is { } mismatch)
            return Refuse(metaPath, $"{lost}; by its data the directory {mismatch}");
        var node = Guid.NewGuid();
        WriteMeta(options.Path, files, cluster, partitions, node);
        var made = new DataDirectory(options.Path, cluster, node, partitions, held)
        {
            Repair = lost is null ? null : $"{metaPath} {lost}; written anew for cluster {cluster} of {partitions} partitions" + (data.Count > 0 ? ", as the data says" : ": there is no data"),
        };
        return new DataDirectoryResult(made, null);
    }

    private static string? Mismatch(DataDirectoryOptions options, Guid cluster, int partitions)
    {
        if (partitions != options.Partitions)
            return $"has {partitions} partitions, {options.Partitions} are configured; the number is fixed for a cluster's life";
        return options.ClusterId is { } wanted && wanted != cluster ? $"belongs to cluster {cluster}, this node is of cluster {wanted}" : null;
    }

    private static bool TryGet<T>(JsonObject meta, string key, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return meta[key] is JsonValue found && found.TryGetValue(out value);
    }

    private static string SetAside(string metaPath, IStorageFiles files)
    {
        var aside = metaPath + ".bad";
        for (var i = 2; files.FileExists(aside); i++)
            aside = $"{metaPath}.bad.{i}";
        files.Rename(metaPath, aside);
        return System.IO.Path.GetFileName(aside);
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
