using System.Globalization;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Foreign;
using ActorMon.Tsdb.Foreign.Head;
using ActorMon.Tsdb.Tests.Storage;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Tsdb.Tests.Foreign;

public sealed class PrometheusImportTests
{
    private const string Source = "/prom";
    private const string Target = "/data";
    private const string FirstBlock = "/prom/01H8XGJWBWBAQ1J8V3Z5T4K2M9";
    private const string SecondBlock = "/prom/01H8XGJWBWBAQ1J8V3Z5T4K2MA";
    private const long Hour = 3_600_000;
    private const long Start = 1_699_999_200_000 / (6 * Hour) * (6 * Hour);

    private static readonly LabelSet Cpu = LabelSet.Of("__name__", "cpu", "job", "a", "instance", "x");
    private static readonly LabelSet Disk = LabelSet.Of("__name__", "disk", "job", "b", "instance", "y");
    private static readonly LabelSet Up = LabelSet.Of("__name__", "up");

    [Fact]
    public void Blocks_come_over_without_what_was_deleted_and_the_source_stays_as_it_is()
    {
        var files = new MemoryFiles();
        ForeignFilesWriter.Block(files, FirstBlock, Start, Start + 2 * Hour,
            [(Cpu, [ChunkWriter.Xor((Start, 1), (Start + 1000, 2)), ChunkWriter.Xor((Start + 2000, 3), (Start + Hour, SpecialValues.StaleNaN))]), (Up, [ChunkWriter.Xor((Start + 5, 1))])],
            tombstones: [(0, Start + 1000, Start + 2000)]);
        var before = Content(files, Source);
        var results = Import(files);
        Assert.Equal([("01H8XGJWBWBAQ1J8V3Z5T4K2M9", 3L, null)], results.Select(r => (r.Name, r.Samples, r.Problem)));
        Assert.Equal(before, Content(files, Source));
        Assert.Equal([$"{Cpu} 1 {Start}", $"{Cpu} stale {Start + Hour}", $"{Up} 1 {Start + 5}"], Dump(files));
    }

    [Fact]
    public void An_import_that_is_repeated_changes_no_answer()
    {
        var files = new MemoryFiles();
        WriteTwoBlocksAndALog(files);
        Import(files);
        var once = Dump(files);
        Assert.NotEmpty(once);
        Import(files);
        Assert.Equal(once, Dump(files));
    }

    [Fact]
    public void A_block_that_another_replaced_is_not_read()
    {
        var files = new MemoryFiles();
        ForeignFilesWriter.Block(files, FirstBlock, Start, Start + 2 * Hour, [(Up, [ChunkWriter.Xor((Start, 1), (Start + 1, 1))])]);
        ForeignFilesWriter.Block(files, SecondBlock, Start, Start + 2 * Hour, [(Up, [ChunkWriter.Xor((Start, 1))])],
            parents: $$""","parents":[{"ulid":"{{Path.GetFileName(FirstBlock)}}","minTime":0,"maxTime":1}]""");
        Assert.Equal(1, Assert.Single(Import(files)).Samples);
    }

    [Fact]
    public void A_block_longer_than_its_window_becomes_parts_of_several_windows()
    {
        var files = new MemoryFiles();
        var samples = Enumerable.Range(0, 8).Select(i => (Start + i * Hour, (double)i)).ToList();
        ForeignFilesWriter.Block(files, FirstBlock, Start, Start + 8 * Hour, [(Up, [ChunkWriter.Xor(samples)])]);
        Import(files);
        Assert.Equal(samples.Select(s => $"{Up} {s.Item2.ToString(CultureInfo.InvariantCulture)} {s.Item1}"), Dump(files));
    }

    [Fact]
    public void A_damaged_block_is_left_out_whole_or_with_the_option_chunk_by_chunk()
    {
        var files = new MemoryFiles();
        WriteTwoBlocksAndALog(files);
        var whole = Dump(Imported(files, skip: false));
        files.Overwrite(FirstBlock + "/chunks/000001", Flipped(files.Bytes(FirstBlock + "/chunks/000001"), 20));
        var strict = files.AfterDeath(powerCut: false);
        var results = Import(strict);
        Assert.Contains("the checksum of the chunk at 8 is wrong", results[0].Problem, StringComparison.Ordinal);
        Assert.Equal(whole.Where(line => !InFirstBlock(line)), Dump(strict));

        var damage = new List<string>();
        Import(files, skip: true, damage);
        Assert.Contains("checksum", Assert.Single(damage), StringComparison.Ordinal);
        Assert.Equal(whole.Where(line => !(InFirstBlock(line) && line.StartsWith(Cpu.ToString(), StringComparison.Ordinal))), Dump(files));

        static bool InFirstBlock(string line) => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture) < Start + 2 * Hour;
    }

    [Fact]
    public void The_head_is_the_checkpoint_the_segments_after_it_the_chunks_and_the_out_of_order_log()
    {
        var files = new MemoryFiles();
        var t = Start + 10 * Hour;
        ForeignFilesWriter.Wal(files, "/prom/wal/checkpoint.00000002/00000000", ForeignFilesWriter.SeriesRecord(1, Cpu), ForeignFilesWriter.SamplesRecord((1, t, 1)));
        // Older than the checkpoint: it holds what still counts of them.
        ForeignFilesWriter.Wal(files, "/prom/wal/00000002", ForeignFilesWriter.SeriesRecord(9, Disk), ForeignFilesWriter.SamplesRecord((9, t, 99)));
        ForeignFilesWriter.Wal(files, "/prom/wal/00000003",
            ForeignFilesWriter.SeriesRecord(2, Up),
            // The first of two samples with one time counts, and what comes late is refused.
            ForeignFilesWriter.SamplesRecord((1, t + 1, 2), (1, t + 1, 7), (2, t + 1, 0.5), (1, t - 5, 8)),
            ForeignFilesWriter.SamplesWithStartsRecord((2, t + 2, 1), (1, t + 2, 3), (2, t + 3, 1), (2, t + 4, 5)),
            // The same series under another number.
            ForeignFilesWriter.SeriesRecord(77, Up),
            ForeignFilesWriter.SamplesRecord((77, t + 6, 6)),
            ForeignFilesWriter.TombstoneRecord(2, t + 2, t + 3));
        ForeignFilesWriter.HeadChunks(files, "/prom/chunks_head/000001",
            (1, ChunkWriter.Xor((t - 3, -3), (t - 2, -2), (t, 1)), false), (2, ChunkWriter.Xor((t - 9, 9)), true));
        ForeignFilesWriter.Wal(files, "/prom/wbl/00000000", ForeignFilesWriter.SamplesRecord((1, t - 7, 7), (1, t - 8, 8)));
        var result = Assert.Single(Import(files));
        Assert.Equal(("head", 11L), (result.Name, result.Samples));
        Assert.Equal(
            [
                $"{Cpu} 8 {t - 8}", $"{Cpu} 7 {t - 7}", $"{Cpu} -3 {t - 3}", $"{Cpu} -2 {t - 2}", $"{Cpu} 1 {t}", $"{Cpu} 2 {t + 1}", $"{Cpu} 3 {t + 2}",
                $"{Up} 9 {t - 9}", $"{Up} 0.5 {t + 1}", $"{Up} 5 {t + 4}", $"{Up} 6 {t + 6}",
            ], Dump(files));
    }

    [Fact]
    public void Samples_of_the_log_that_are_in_blocks_are_not_brought_back()
    {
        var files = new MemoryFiles();
        ForeignFilesWriter.Block(files, FirstBlock, Start, Start + 2 * Hour, [(Up, [ChunkWriter.Xor((Start, 1), (Start + 1, 2))])], tombstones: [(0, Start, Start)]);
        ForeignFilesWriter.Wal(files, "/prom/wal/00000000", ForeignFilesWriter.SeriesRecord(1, Up), ForeignFilesWriter.SamplesRecord((1, Start, 1), (1, Start + 1, 2), (1, Start + 2 * Hour, 3)));
        Import(files);
        Assert.Equal([$"{Up} 2 {Start + 1}", $"{Up} 3 {Start + 2 * Hour}"], Dump(files));
    }

    [Fact]
    public void A_head_larger_than_the_memory_it_may_take_comes_over_in_turns()
    {
        var random = new Random(6);
        var files = new MemoryFiles();
        var series = Enumerable.Range(0, 200).Select(i => LabelSet.Of("__name__", "m", "i", i.ToString(CultureInfo.InvariantCulture))).ToArray();
        var records = series.Select((labels, i) => ForeignFilesWriter.SeriesRecord((ulong)i + 1, labels)).ToList();
        for (var step = 0; step < 50; step++)
            records.Add(ForeignFilesWriter.SamplesRecord([.. series.Select((_, i) => ((ulong)i + 1, Start + step * 300_000L, random.NextDouble()))]));
        ForeignFilesWriter.Wal(files, "/prom/wal/00000000", records);
        var all = Dump(Imported(files, skip: false));
        Assert.Equal(200 * 50, all.Count);
        var small = files.AfterDeath(powerCut: false);
        using (var target = ImportTarget.Open(small, Target, 8).Target!)
            Assert.Equal(10_000, new PrometheusImport(small, Source, target, new PrometheusImportOptions(HeadBytes: 1), static _ => { }).Run().Sum(r => r.Samples));
        Assert.Equal(all, Dump(small));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Files_with_any_damage_are_read_or_named_and_never_anything_worse(int seed)
    {
        var random = new Random(seed);
        var good = new MemoryFiles();
        WriteTwoBlocksAndALog(good);
        var targets = good.Paths.Where(p => p.StartsWith(Source, StringComparison.Ordinal)).Order().ToArray();
        for (var round = 0; round < 600; round++)
        {
            var files = good.AfterDeath(powerCut: false);
            var path = targets[random.Next(targets.Length)];
            var bytes = files.Bytes(path).ToArray();
            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            for (var flips = random.Next(1, 5); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            files.Overwrite(path, bytes);
            Import(files, skip: random.Next(2) == 0, []);
        }
    }

    [Fact]
    public void A_record_of_any_bytes_is_understood_or_refused()
    {
        var random = new Random(7);
        var refused = 0;
        for (var round = 0; round < 5000; round++)
        {
            var record = new byte[random.Next(1, 120)];
            random.NextBytes(record);
            record[0] = (byte)random.Next(0, 15);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                new ForeignWalRecord(new Nobody(), samples: true).Read(record);
            }
            catch (ForeignDataException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        }
        Assert.InRange(refused, 100, 4999);
    }

    private static void WriteTwoBlocksAndALog(MemoryFiles files)
    {
        ForeignFilesWriter.Block(files, FirstBlock, Start, Start + 2 * Hour,
            [(Cpu, [ChunkWriter.Xor((Start, 1), (Start + 1000, 2), (Start + 2000, 4))]), (Up, [ChunkWriter.Xor((Start + 5, 1), (Start + 10, 0))])], tombstones: [(1, Start + 10, Start + 10)]);
        ForeignFilesWriter.Block(files, SecondBlock, Start + 2 * Hour, Start + 4 * Hour, [(Cpu, [ChunkWriter.Xor2([(Start + 2 * Hour, 1), (Start + 3 * Hour, 2)])])]);
        ForeignFilesWriter.Wal(files, "/prom/wal/00000000",
            ForeignFilesWriter.SeriesRecord(1, Cpu), ForeignFilesWriter.SeriesRecord(2, Disk),
            ForeignFilesWriter.SamplesRecord((1, Start + 4 * Hour, 5), (2, Start + 4 * Hour, 6)));
        ForeignFilesWriter.HeadChunks(files, "/prom/chunks_head/000001", (2, ChunkWriter.Xor((Start + 4 * Hour - 1, 3), (Start + 4 * Hour, 6)), false));
    }

    private static MemoryFiles Imported(MemoryFiles files, bool skip)
    {
        var copy = files.AfterDeath(powerCut: false);
        Import(copy, skip);
        return copy;
    }

    private static List<ImportedSource> Import(MemoryFiles files, bool skip = false, List<string>? damage = null)
    {
        using var target = ImportTarget.Open(files, Target, 8).Target!;
        return [.. new PrometheusImport(files, Source, target, new PrometheusImportOptions(skip), problem => damage?.Add(problem)).Run()];
    }

    /// <summary>What a node would read, without changing anything.</summary>
    private static List<string> Dump(MemoryFiles files)
    {
        var before = Content(files, Target);
        var operations = files.Operations;
        var lines = new List<string>();
        using (var reader = NodeReader.Open(Target, files, null, TimeProvider.System).Reader!)
        using (var cursor = reader.Select([[]], long.MinValue, long.MaxValue))
        {
            var buffer = new SampleBuffer();
            while (cursor.Next())
            {
                cursor.Read(long.MinValue, long.MaxValue, buffer);
                for (var i = 0; i < buffer.Count; i++)
                    lines.Add($"{cursor.Labels} {(SpecialValues.IsStale(buffer.Values[i]) ? "stale" : buffer.Values[i].ToString(CultureInfo.InvariantCulture))} {buffer.Times[i]}");
            }
        }
        Assert.Equal(operations, files.Operations);
        Assert.Equal(before, Content(files, Target));
        return lines;
    }

    private static List<string> Content(MemoryFiles files, string below) =>
        [.. files.Paths.Where(p => p.StartsWith(below, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(p => $"{p} {Convert.ToHexString(files.Bytes(p))}")];

    private static byte[] Flipped(byte[] bytes, int at)
    {
        bytes = [.. bytes];
        bytes[at] ^= 1;
        return bytes;
    }

    private sealed class Nobody : IForeignWalHandler
    {
        public void Series(ulong reference, LabelSet labels)
        {
        }

        public void Sample(ulong reference, long time, double value)
        {
        }

        public void Sample(ulong reference, long time, NativeHistogram histogram)
        {
        }

        public void Deleted(ulong reference, long min, long max)
        {
        }
    }
}
