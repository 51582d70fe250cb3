using ActorMon.Tsdb.Foreign.Blocks;
using ActorMon.Tsdb.Foreign.Head;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Foreign;

/// <summary>A block that was found: its directory, and its meta or why it cannot be read.</summary>
public sealed record ForeignBlockEntry(string Name, string Path, BlockMeta? Meta, string? Problem);

/// <summary>The data directory of a Prometheus that is not running. It is only read.</summary>
public static class PrometheusDirectory
{
    private const int UlidLength = 26;

    /// <summary>The name of something in the directory that only Prometheus writes; null: nothing tells that it is one of its directories.</summary>
    public static string? Sign(IStorageFiles files, string directory)
    {
        foreach (var name in files.List(directory))
        {
            var inside = Path.Combine(directory, name);
            if (IsBlock(files, directory, name) || (name is ForeignHead.WalDirectory or HeadChunkFile.DirectoryName or ForeignHead.OutOfOrderDirectory && files.DirectoryExists(inside)))
                return name;
        }
        return null;
    }

    /// <summary>
    /// Its blocks by their first time. Those that another one replaced are left out: all they hold is in the other, and what is not was deleted.
    /// </summary>
    public static IReadOnlyList<ForeignBlockEntry> Blocks(IStorageFiles files, string directory)
    {
        var entries = new List<ForeignBlockEntry>();
        foreach (var name in files.List(directory))
        {
            if (!IsBlock(files, directory, name))
                continue;
            var path = Path.Combine(directory, name);
            try
            {
                entries.Add(new ForeignBlockEntry(name, path, BlockMeta.Read(files, path), null));
            }
            catch (ForeignDataException e)
            {
                entries.Add(new ForeignBlockEntry(name, path, null, e.Message));
            }
        }
        var replaced = entries.Where(e => e.Meta is not null).SelectMany(e => e.Meta!.Parents).ToHashSet(StringComparer.Ordinal);
        return [.. entries.Where(e => !replaced.Contains(e.Name)).OrderBy(e => e.Meta?.MinTime ?? long.MinValue).ThenBy(e => e.Name, StringComparer.Ordinal)];
    }

    /// <summary>From when on samples that came in order are in the head and in no block.</summary>
    public static long HeadStart(IReadOnlyList<ForeignBlockEntry> blocks) =>
        blocks.Where(b => b.Meta is { FromOutOfOrder: false }).Select(b => b.Meta!.MaxTime).DefaultIfEmpty(long.MinValue).Max();

    private static bool IsBlock(IStorageFiles files, string directory, string name) =>
        name.Length == UlidLength && files.FileExists(Path.Combine(directory, name, BlockMeta.FileName));
}
