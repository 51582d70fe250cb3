using System.Globalization;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Tool.Tsdb;

/// <summary>The data directory of a node that does not run.</summary>
internal sealed class NodeSource(NodeReader reader) : TsdbSource
{
    public override string Kind => "PART";

    public override IReadOnlyList<BlockRow> Blocks()
    {
        if (reader.Parts().FirstOrDefault(p => p.File is null) is { } damaged)
            throw new ToolException($"damaged part {damaged.Name}: {damaged.Problem}");
        return [.. reader.Parts().Select(p => Row(p))];
    }

    public override ISeriesCursor Select(IReadOnlyList<IReadOnlyList<Matcher>> sets, long min, long max) => reader.Select(sets.Count == 0 ? [[]] : sets, min, max);

    public override AnalysedBlock Block(string? block)
    {
        if (block is not null)
        {
            var part = reader.Parts().FirstOrDefault(p => p.Name == block && p.File is not null) ?? throw new ToolException($"part {block} not found");
            return new AnalysedBlock(block, part.File!.MinTime, part.File.MaxTime + 1, part.File.SeriesCount, Series(new PartCursor(part.File)), null);
        }
        var all = Series(Select([], long.MinValue, long.MaxValue)).ToList();
        var (min, max) = (all.Select(s => s.MinTime).DefaultIfEmpty(0).Min(), all.Select(s => s.MaxTime + 1).DefaultIfEmpty(0).Max());
        return new AnalysedBlock("all parts and logs", min, max, all.Count, all, null);
    }

    public override bool Verify(TextWriter output)
    {
        var whole = true;
        foreach (var part in reader.Parts())
        {
            var found = part.File?.Verify();
            IReadOnlyList<string> problems = found?.Problems ?? [part.Problem!];
            foreach (var problem in problems)
                output.WriteLine($"{part.Name}: DAMAGED: {problem}");
            if (problems.Count == 0)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{part.Name}: ok, {found!.Series} series, {found.Pages} pages, {found.Samples} samples"));
            whole &= problems.Count == 0;
        }
        for (var i = 0; i < reader.Partitions; i++)
        {
            if (!reader.Has(new PartitionId(i)))
                continue;
            var recovery = reader.Recover(new PartitionId(i));
            // The end of a log that a crash cut off was never acknowledged.
            var damage = recovery.Damage.Where(d => d.SetAsideAs is not null).ToList();
            foreach (var problem in damage)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p-{i:D2}/{problem.Segment}: DAMAGED: {problem.Reason} (at {problem.Offset})"));
            if (damage.Count == 0)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p-{i:D2}/wal: ok, {recovery.Segments} segments, {recovery.Samples} samples"));
            whole &= damage.Count == 0;
        }
        return whole;
    }

    public override void Dispose() => reader.Dispose();

    private static BlockRow Row(NodePart part) =>
        new(part.Name, part.File!.MinTime, part.File.MaxTime + 1, part.File.Samples, null, part.File.SeriesCount, part.File.Bytes);

    private static IEnumerable<AnalysedSeries> Series(ISeriesCursor cursor)
    {
        using (cursor)
        {
            var buffer = new SampleBuffer();
            while (cursor.Next())
            {
                cursor.Read(long.MinValue, long.MaxValue, buffer);
                if (buffer.Count > 0)
                    yield return new AnalysedSeries(cursor.Labels, buffer.Times[0], buffer.Times[^1]);
            }
        }
    }
}
