using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Parsing;
using ActorMon.Testing.Conformance;
using ActorMon.Tsdb.Foreign;
using ActorMon.Tsdb.Foreign.Blocks;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Conformance.Tests.Tsdb;

/// <summary>The kit's old blocks, read as they lie there.</summary>
public class BlockConformanceTests
{
    [ConformanceFact]
    public void Reads_blocks_of_old_versions_without_changing_them()
    {
        var run = new ConformanceRun("tsdb", "blocks");
        var kit = ConformanceData.Json("tsdb", "expected.json");
        run.Case("indexFormatV1", () => OldIndex(kit.GetProperty("indexFormatV1")));
        run.Case("repairIndexVersion", () => MislabelledIndex(kit.GetProperty("repairIndexVersion")));
        run.Finish(2);
    }

    private static void OldIndex(JsonElement expected)
    {
        using var block = ForeignBlock.Open(DiskFiles.Instance, ConformanceData.PathOf("tsdb", expected.GetProperty("block").GetString()!));
        Assert.Equal(1, block.IndexVersion);
        foreach (var query in expected.GetProperty("queries").EnumerateArray())
        {
            var matchers = query.GetProperty("matchers").EnumerateArray().SelectMany(m => PromQLParser.ParseMatchers($"{{{m.GetString()}}}").Matchers!).ToList();
            var (min, max) = (query.GetProperty("mint").GetInt64(), query.GetProperty("maxt").GetInt64());
            var wanted = query.GetProperty("samples").EnumerateObject().ToDictionary(
                s => s.Name,
                s => string.Join(' ', s.Value.EnumerateArray().Select(p => $"{p[0].GetInt64()}:{p[1].GetDouble()}")));
            Assert.Equal(wanted, Select(block, matchers, min, max));
        }
        Assert.Equal(102, Count(block));
        block.Rewind();
        var buffer = new SampleBuffer();
        while (block.Next())
        {
            block.Read(long.MinValue, long.MaxValue, buffer);
            Assert.Equal(1, buffer.Count);
        }
    }

    private static void MislabelledIndex(JsonElement expected)
    {
        var path = ConformanceData.PathOf("tsdb", expected.GetProperty("block").GetString()!);
        var before = Directory.GetFiles(path).ToDictionary(f => f, File.ReadAllBytes);
        Assert.True(BlockMeta.Read(DiskFiles.Instance, path).HasMislabelledIndex);
        using (var block = ForeignBlock.Open(DiskFiles.Instance, path))
        {
            Assert.Equal(2, block.IndexVersion);
            var series = new List<string>();
            while (block.Next())
                if (Matcher.Equal("b", "1").Matches(block.Labels))
                    series.Add(block.Labels.ToString());
            Assert.Equal(["{a=\"1\", b=\"1\"}", "{a=\"2\", b=\"1\"}"], series);
        }
        Assert.Equal(before.Keys.Order(), Directory.GetFiles(path).Order());
        foreach (var (file, bytes) in before)
            Assert.Equal(bytes, File.ReadAllBytes(file));
        // Read by what it says alone, the references of the index lead nowhere.
        Assert.Throws<ForeignDataException>(() =>
        {
            using var block = ForeignBlock.Open(DiskFiles.Instance, path, BlockMeta.Read(DiskFiles.Instance, path) with { Version = 1 });
            block.Next();
        });
    }

    private static Dictionary<string, string> Select(ForeignBlock block, List<Matcher> matchers, long min, long max)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var buffer = new SampleBuffer();
        block.Rewind();
        while (block.Next())
        {
            if (!matchers.TrueForAll(m => m.Matches(block.Labels)))
                continue;
            block.Read(min, max, buffer);
            if (buffer.Count == 0)
                continue;
            found[block.Labels.ToString()] = string.Join(' ', Enumerable.Range(0, buffer.Count).Select(i => $"{buffer.Times[i]}:{buffer.Values[i]}"));
        }
        return found;
    }

    private static int Count(ForeignBlock block)
    {
        block.Rewind();
        var series = 0;
        LabelSet? last = null;
        while (block.Next())
        {
            Assert.True(last is null || last.CompareTo(block.Labels) < 0);
            last = block.Labels;
            series++;
        }
        return series;
    }
}
