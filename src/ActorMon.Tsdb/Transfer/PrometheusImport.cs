using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Foreign;
using ActorMon.Tsdb.Foreign.Blocks;
using ActorMon.Tsdb.Foreign.Head;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Transfer;

/// <summary>What an import of one block, or of the head, brought.</summary>
/// <param name="Name">The block's name, or "head".</param>
/// <param name="Problem">Why nothing was brought; null: it was.</param>
public sealed record ImportedSource(string Name, long MinTime, long MaxTime, long Series, long Samples, int Parts, string? Problem);

/// <summary>How an import goes about it.</summary>
/// <param name="SkipDamaged">Leave out what cannot be read and bring the rest; false: a damaged block is left out whole.</param>
/// <param name="HeadBytes">Bytes of samples of the head that are held in memory at once.</param>
public sealed record PrometheusImportOptions(bool SkipDamaged = false, long HeadBytes = 512 << 20);

/// <summary>
/// Brings a Prometheus directory into a node's: blocks one after another, series by series, then what is only in the write-ahead log and the head's chunks.
/// The source is only read. Memory: symbols of one block, open pages of the parts, and <see cref="PrometheusImportOptions.HeadBytes"/>.
/// </summary>
public sealed class PrometheusImport(IStorageFiles files, string source, ImportTarget target, PrometheusImportOptions options, Action<string> damaged)
{
    /// <summary>What a sample of the head takes in memory, about.</summary>
    private const int HeadSampleBytes = 20;

    private readonly SampleBuffer _buffer = new();

    /// <summary>Imports source after source as the result is read.</summary>
    public IEnumerable<ImportedSource> Run()
    {
        var blocks = PrometheusDirectory.Blocks(files, source);
        foreach (var block in blocks)
            yield return ImportBlock(block);
        var head = ForeignHead.Scan(files, source, PrometheusDirectory.HeadStart(blocks), problem => damaged(problem));
        if (head.Count > 0)
            yield return ImportHead(head);
    }

    private ImportedSource ImportBlock(ForeignBlockEntry entry)
    {
        if (entry.Meta is not { } meta)
            return new ImportedSource(entry.Name, 0, 0, 0, 0, 0, entry.Problem);
        try
        {
            using var block = ForeignBlock.Open(files, entry.Path, meta);
            return ImportBlock(block, entry.Name);
        }
        catch (ForeignDataException e)
        {
            return new ImportedSource(entry.Name, meta.MinTime, meta.MaxTime, 0, 0, 0, e.Message);
        }
    }

    private ImportedSource ImportBlock(ForeignBlock block, string name)
    {
        var meta = block.Meta;
        // The meta's word is not taken for samples outside of it: the windows are those of the chunks.
        var (min, max) = TimesOf(block);
        if (min > max)
            return new ImportedSource(name, meta.MinTime, meta.MaxTime, 0, 0, 0, null);
        long series = 0, samples = 0;
        var length = ImportWindows.LengthForBlock(min, max);
        var imports = new List<WindowImport>();
        try
        {
            // All windows are read before the first part is finished, so that damage leaves nothing of the block behind.
            for (var start = ImportWindows.StartOf(min, length); ; start += length)
            {
                var end = ImportWindows.EndOf(start, length);
                var import = new WindowImport(target, start, end);
                imports.Add(import);
                block.Rewind();
                using var cursor = new BlockCursor(block, options.SkipDamaged ? problem => damaged($"{name}: {problem}") : null);
                Copy(cursor, start, end, import);
                series = Math.Max(series, import.Series);
                samples += import.Samples;
                if (end > max)
                    break;
            }
            var parts = 0;
            foreach (var import in imports)
                parts += import.Finish().Count;
            return new ImportedSource(name, min, max, series, samples, parts, null);
        }
        finally
        {
            foreach (var import in imports)
                import.Dispose();
        }
    }

    private (long Min, long Max) TimesOf(ForeignBlock block)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        using var cursor = new BlockCursor(block, options.SkipDamaged ? static _ => { } : null);
        while (cursor.Next())
            (min, max) = (Math.Min(min, block.MinTime), Math.Max(max, block.MaxTime));
        return (min, max);
    }

    private ImportedSource ImportHead(ForeignHead head)
    {
        long samples = 0;
        var parts = 0;
        foreach (var group in Groups(head))
        {
            bool Wanted(LabelSet labels) => group.Contains(Placement.Of(labels, target.Partitions).Value);
            head.Load(Wanted);
            for (var next = head.FirstTimeFrom(long.MinValue); next is { } time;)
            {
                var start = ImportWindows.StartOf(time, ImportWindows.Shortest);
                var end = ImportWindows.EndOf(start, ImportWindows.Shortest);
                using var import = new WindowImport(target, start, end);
                using var cursor = new HeadCursor(head, Wanted);
                Copy(cursor, start, end, import);
                samples += import.Samples;
                parts += import.Finish().Count;
                next = head.FirstTimeFrom(end);
            }
        }
        return new ImportedSource("head", head.MinTime, head.MaxTime, head.Count, samples, parts, null);
    }

    private void Copy(ISeriesCursor cursor, long start, long end, WindowImport into)
    {
        while (cursor.Next())
        {
            cursor.Read(start, end - 1, _buffer);
            into.Add(cursor.Labels, _buffer);
        }
    }

    /// <summary>Partitions whose samples fit into memory together.</summary>
    private List<HashSet<int>> Groups(ForeignHead head)
    {
        var bytes = new long[target.Partitions];
        for (var i = 0; i < head.Count; i++)
            bytes[Placement.Of(head.LabelsAt(i), target.Partitions).Value] += (long)head.ExpectedAt(i) * HeadSampleBytes;
        var groups = new List<HashSet<int>>();
        var held = long.MaxValue;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (held > options.HeadBytes - bytes[i])
            {
                groups.Add([]);
                held = 0;
            }
            groups[^1].Add(i);
            held += bytes[i];
        }
        return groups;
    }
}
