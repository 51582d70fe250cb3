using System.Globalization;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Tsdb.Foreign;
using ActorMon.Tsdb.Foreign.Blocks;
using ActorMon.Tsdb.Foreign.Head;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Tool.Tsdb;

/// <summary>The data directory of a Prometheus that does not run.</summary>
internal sealed class PrometheusSource(string path, IDisposable held, TextWriter errors) : TsdbSource
{
    private readonly IStorageFiles _files = DiskFiles.Instance;
    private readonly List<ForeignBlock> _open = [];

    public override string Kind => "BLOCK ULID";

    public override IReadOnlyList<BlockRow> Blocks() => [.. Loaded().Select(b => new BlockRow(b.Name, b.Meta!.MinTime, b.Meta.MaxTime, b.Meta.Samples, b.Meta.Chunks, b.Meta.Series, SizeOf(b.Path)))];

    public override ISeriesCursor Select(IReadOnlyList<IReadOnlyList<Matcher>> sets, long min, long max)
    {
        var cursors = new List<ISeriesCursor>();
        var blocks = Loaded();
        foreach (var entry in blocks)
        {
            if (entry.Meta!.MaxTime <= min || entry.Meta.MinTime > max)
                continue;
            var block = ForeignBlock.Open(_files, entry.Path, entry.Meta);
            _open.Add(block);
            cursors.Add(new BlockCursor(block, damaged: null));
        }
        var head = ForeignHead.Scan(_files, path, PrometheusDirectory.HeadStart(blocks), Damaged);
        if (head.MaxTime >= min && head.MinTime <= max)
        {
            head.Load(labels => FilteringCursor.Matches(labels, sets));
            cursors.Add(new HeadCursor(head));
        }
        return new FilteringCursor(new MergingCursor(cursors), sets);
    }

    public override AnalysedBlock Block(string? block)
    {
        var blocks = Loaded();
        var entry = block is null ? blocks.LastOrDefault() : blocks.FirstOrDefault(b => b.Name == block);
        if (entry is null)
            throw new ToolException(block is null ? "no blocks found" : $"block {block} not found");
        var opened = ForeignBlock.Open(_files, entry.Path, entry.Meta!);
        _open.Add(opened);
        return new AnalysedBlock(entry.Name, entry.Meta!.MinTime, entry.Meta.MaxTime, entry.Meta.Series, Series(opened), wanted => Chunks(opened, wanted));
    }

    public override bool Verify(TextWriter output)
    {
        var whole = true;
        foreach (var entry in PrometheusDirectory.Blocks(_files, path))
        {
            var problem = entry.Problem;
            long series = 0, chunks = 0, samples = 0;
            try
            {
                if (entry.Meta is { } meta)
                    Count(entry, meta, ref series, ref chunks, ref samples);
            }
            catch (Exception e) when (e is ForeignDataException or IOException)
            {
                problem = e.Message;
            }
            whole &= problem is null;
            output.WriteLine(problem is null
                ? string.Create(CultureInfo.InvariantCulture, $"{entry.Name}: ok, {series} series, {chunks} chunks, {samples} samples")
                : $"{entry.Name}: DAMAGED: {problem}");
        }
        var damage = new List<string>();
        var head = ForeignHead.Scan(_files, path, PrometheusDirectory.HeadStart(Loaded(strict: false)), damage.Add);
        foreach (var problem in damage)
            output.WriteLine($"head: DAMAGED: {problem}");
        if (damage.Count == 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"head: ok, {head.Count} series, {head.Samples} samples"));
        return whole && damage.Count == 0;
    }

    public override void Dispose()
    {
        foreach (var block in _open)
            block.Dispose();
        held.Dispose();
    }

    private void Count(ForeignBlockEntry entry, BlockMeta meta, ref long series, ref long chunks, ref long samples)
    {
        using var block = ForeignBlock.Open(_files, entry.Path, meta);
        var infos = new List<ForeignChunkInfo>();
        LabelSet? last = null;
        while (block.Next())
        {
            if (last is not null && last.CompareTo(block.Labels) >= 0)
                throw new ForeignDataException($"index: series {block.Labels} does not follow {last}");
            last = block.Labels;
            block.ReadChunks(infos);
            series++;
            chunks += infos.Count;
            foreach (var info in infos)
                samples += info.Samples;
        }
        // A block that was mended by its program keeps the counts of before.
        if (!meta.HasMislabelledIndex && (series != meta.Series || chunks != meta.Chunks || samples != meta.Samples))
            throw new ForeignDataException($"{series} series, {chunks} chunks, {samples} samples, but its meta.json says {meta.Series}, {meta.Chunks}, {meta.Samples}");
    }

    private IReadOnlyList<ForeignBlockEntry> Loaded(bool strict = true)
    {
        var blocks = PrometheusDirectory.Blocks(_files, path);
        if (strict && blocks.FirstOrDefault(b => b.Problem is not null) is { } corrupted)
            throw new ToolException($"corrupted block {corrupted.Name}: {corrupted.Problem}");
        return [.. blocks.Where(b => b.Meta is not null)];
    }

    private static IEnumerable<AnalysedSeries> Series(ForeignBlock block)
    {
        block.Rewind();
        while (block.Next())
            if (block.ChunkCount > 0)
                yield return new AnalysedSeries(block.Labels, block.MinTime, block.MaxTime);
    }

    private static IEnumerable<ForeignChunkInfo> Chunks(ForeignBlock block, Predicate<LabelSet> wanted)
    {
        var infos = new List<ForeignChunkInfo>();
        block.Rewind();
        while (block.Next())
        {
            if (!wanted(block.Labels))
                continue;
            block.ReadChunks(infos);
            foreach (var info in infos)
                yield return info;
        }
    }

    private long SizeOf(string directory)
    {
        long bytes = 0;
        foreach (var name in _files.List(directory))
        {
            var inside = Path.Combine(directory, name);
            if (_files.DirectoryExists(inside))
            {
                bytes += SizeOf(inside);
                continue;
            }
            using var file = _files.Open(inside, writable: false);
            bytes += file.Length;
        }
        return bytes;
    }

    private void Damaged(string problem) => errors.WriteLine($"damaged, left out: {problem}");
}
