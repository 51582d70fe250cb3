using System.Text.Json;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Foreign.Blocks;

/// <summary>meta.json of a block: times in ms, <see cref="MaxTime"/> exclusive; <see cref="Parents"/> are the blocks that this one replaced.</summary>
public sealed record BlockMeta
{
    public const string FileName = "meta.json";

    /// <summary>1. Version 2 was written by mistake for a while, together with an index that says 1 and is 2.</summary>
    public required int Version { get; init; }
    public required string Ulid { get; init; }
    public required long MinTime { get; init; }
    public required long MaxTime { get; init; }
    public long Samples { get; init; }
    public long Series { get; init; }
    public long Chunks { get; init; }
    public int Level { get; init; }
    public IReadOnlyList<string> Parents { get; init; } = [];
    public bool FromOutOfOrder { get; init; }

    /// <summary>Whether the index is of version 2 although it says 1.</summary>
    public bool HasMislabelledIndex => Version == 2;

    /// <exception cref="ForeignDataException">Not JSON, or not of a version that is known.</exception>
    public static BlockMeta Read(IStorageFiles files, string block)
    {
        try
        {
            using var json = JsonDocument.Parse(SmallFile.Read(files, Path.Combine(block, FileName)));
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ForeignDataException($"{FileName}: {e.Message}");
        }
    }

    private static BlockMeta Read(JsonElement root)
    {
        var version = root.GetProperty("version").GetInt32();
        if (version is not (1 or 2))
            throw new ForeignDataException($"version {version} is unknown");
        var meta = new BlockMeta
        {
            Version = version,
            Ulid = root.GetProperty("ulid").GetString() ?? "",
            MinTime = root.GetProperty("minTime").GetInt64(),
            MaxTime = root.GetProperty("maxTime").GetInt64(),
        };
        if (root.TryGetProperty("stats", out var stats))
            meta = meta with { Samples = Number(stats, "numSamples"), Series = Number(stats, "numSeries"), Chunks = Number(stats, "numChunks") };
        if (!root.TryGetProperty("compaction", out var compaction))
            return meta;
        return meta with
        {
            Level = (int)Number(compaction, "level"),
            Parents = compaction.TryGetProperty("parents", out var parents) ? [.. parents.EnumerateArray().Select(p => p.GetProperty("ulid").GetString() ?? "")] : [],
            FromOutOfOrder = compaction.TryGetProperty("hints", out var hints) && hints.EnumerateArray().Any(h => h.GetString() == "from-out-of-order"),
        };
    }

    private static long Number(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
