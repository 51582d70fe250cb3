using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Faults;

/// <summary>
/// A partition's directory with logs, a checkpoint, parts of several levels and deletions, damaged at one place in thousands of ways: it always starts, shows no sample
/// that was never stored, loses at most what the damaged file held, and says so.
/// </summary>
public class MutatedDirectoryTests
{
    private const string Root = "/data/p-03/";

    private static PartitionOptions Options() => StoreLifeTests.Options(segmentBytes: 4_000) with
    {
        Ranges = WindowRanges.Of(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(45), null),
        CutThresholds = new CutThresholds { Samples = 150 },
        PartCache = new PartCache(1 << 20),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_is_damaged_it_starts_invents_nothing_loses_at_most_that_file_and_reports_it(int seed)
    {
        var clock = StoreLifeTests.Clock();
        var (directory, stored) = await LifeAsync(seed, clock);
        // A start clears up what it has no use for; what it has is damaged.
        var whole = Read(directory, clock).Samples;
        var files = directory.Paths.Where(p => p.StartsWith(Root, StringComparison.Ordinal) && directory.Bytes(p).Length > 0).Order(StringComparer.Ordinal).ToArray();
        Assert.Contains(files, f => f.EndsWith(".part", StringComparison.Ordinal));
        Assert.Contains(files, f => f.EndsWith(".wal", StringComparison.Ordinal));
        Assert.True(whole.Count > 500, "too few samples to prove anything");
        var random = new Random(seed);
        var mutations = 0;
        foreach (var path in files)
        {
            var without = directory.AfterDeath(powerCut: false);
            without.Delete(path);
            var rest = Read(without, clock);
            Assert.Subset(stored, rest.Samples);
            if (path.EndsWith(".part", StringComparison.Ordinal))
                Assert.True(rest.IsReported || whole.IsSubsetOf(rest.Samples), $"{Path.GetFileName(path)} is gone, seed {seed}: {whole.Except(rest.Samples).Count()} samples are lost without a word");
            for (var i = 0; i < Math.Max(30, 700 / files.Length); i++, mutations++)
            {
                var damaged = directory.AfterDeath(powerCut: false);
                var what = Mutate(damaged, path, random);
                var found = Read(damaged, clock);
                var place = $"{Path.GetFileName(path)}: {what}, seed {seed}, number {i}";
                Assert.True(found.Samples.IsSubsetOf(stored), $"{place}: samples that were never stored");
                // Without its deletions a partition shows what they hid. Of two samples at one time the file may hold the one that wins.
                if (!path.EndsWith("deletions", StringComparison.Ordinal))
                    Assert.True(rest.Places.IsSubsetOf(found.Places), $"{place}: {rest.Places.Except(found.Places).Count()} samples of other files are lost");
                Assert.True(found.IsReported || whole.IsSubsetOf(found.Samples), $"{place}: {whole.Except(found.Samples).Count()} samples are lost without a word");
                Assert.True(found.IsWarned || whole.IsSubsetOf(found.Samples), $"{place}: the answer lacks {whole.Except(found.Samples).Count()} samples and does not say so");
                Assert.All(found.SetAside, name => Assert.Contains(Root + "quarantine/" + name, damaged.Paths));
            }
        }
        Assert.True(mutations >= 600, $"{mutations} mutations only");
    }

    /// <param name="IsWarned">What opening did not report the answer warns of.</param>
    private sealed record Found(HashSet<(LabelSet, long, ulong, double)> Samples, bool IsReported, bool IsWarned, IReadOnlyList<string> SetAside)
    {
        public HashSet<(LabelSet, long)> Places { get; } = [.. Samples.Select(s => (s.Item1, s.Item2))];
    }

    /// <summary>Opens the directory as the next process would and reads everything.</summary>
    private static Found Read(MemoryFiles files, FakeTimeProvider clock)
    {
        using var store = StoreLifeTests.Open(files, Options() with { PartCache = new PartCache(1 << 20) }, clock);
        var samples = new HashSet<(LabelSet, long, ulong, double)>();
        var buffer = new SampleBuffer();
        bool isWarned;
        using (var selection = store.View.Select(new SeriesRequest([], TimestampMs.Min, TimestampMs.Max)))
        {
            for (var series = 0; series < selection.Count; series++)
            {
                selection.Read(series, buffer);
                for (var i = 0; i < buffer.Count; i++)
                    samples.Add(Sample(selection.LabelsAt(series), buffer.Times[i], buffer.Values[i], buffer.HistogramAt(i)));
            }
            isWarned = store.Recovery.Damage.Count > 0 || store.Recovery.PartDamage.Count > 0 || selection.Warnings.Count > 0;
        }
        store.Maintain();
        _ = store.NextWork();
        var recovery = store.Recovery;
        return new Found(
            samples, recovery.Damage.Count > 0 || recovery.PartDamage.Count > 0 || store.PartDamage.Count > 0 || store.Stats.PartsDamaged > 0, isWarned,
            [.. recovery.Damage.Where(d => d.SetAsideAs is not null).Select(d => d.SetAsideAs!), .. recovery.PartDamage.Where(d => d.SetAsideAs is not null).Select(d => d.SetAsideAs!)]);
    }

    private static (LabelSet, long, ulong, double) Sample(LabelSet labels, long time, double value, ActorMon.Model.Histograms.NativeHistogram? histogram) =>
        (labels, time, histogram is null ? BitConverter.DoubleToUInt64Bits(value) : BitConverter.DoubleToUInt64Bits(histogram.Count), histogram?.Sum ?? 0);

    /// <summary>A life that leaves every kind of file behind and ends without a stop; with every sample it ever stored.</summary>
    private static async Task<(MemoryFiles Files, HashSet<(LabelSet, long, ulong, double)> Stored)> LifeAsync(int seed, FakeTimeProvider clock)
    {
        var files = new MemoryFiles(seed);
        var work = new Workload(seed);
        var store = StoreLifeTests.Open(files, Options(), clock);
        for (var round = 0; round < 12; round++)
        {
            store.AppendNext(work, 8);
            if (round == 6)
                Assert.True(store.Delete(Guid.NewGuid(), [[Matcher.MetricNamed("m1")]], long.MinValue, long.MaxValue).Changed);
            if (round < 10)
                await store.WorkAsync(clock, most: 2);
            if (round == 9)
                store.Checkpoint();
        }
        var stored = new HashSet<(LabelSet, long, ulong, double)>();
        var slots = new Dictionary<LayoutId, List<LabelSet>>();
        foreach (var batch in work.Numbered)
        {
            foreach (var loose in batch.Loose)
                stored.Add(Sample(loose.Series, loose.Timestamp.Value, loose.Value, loose.Histogram));
            if (batch.Columns is not { } columns)
                continue;
            if (!slots.TryGetValue(columns.Layout, out var labels))
                slots[columns.Layout] = labels = [];
            for (var slot = labels.Count; slot < columns.SlotCount; slot++)
                labels.Add(columns.NewSeries[slot - columns.FirstNewSlot]);
            for (var slot = 0; slot < columns.SlotCount; slot++)
                stored.Add(Sample(labels[slot], columns.Timestamp.Value, columns.Values.Span[slot], null));
        }
        return (files.AfterDeath(powerCut: false), stored);
    }

    /// <summary>Damages one file as a disk or a careless hand does; returns how.</summary>
    private static string Mutate(MemoryFiles files, string path, Random random)
    {
        var bytes = (byte[])files.Bytes(path).Clone();
        var at = random.Next(bytes.Length);
        var how = random.Next(6);
        switch (how)
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                Array.Resize(ref bytes, at);
                break;
            case 3:
                bytes.AsSpan(at, Math.Min(bytes.Length - at, random.Next(1, 600))).Clear();
                break;
            case 4:
                random.NextBytes(bytes.AsSpan(at, Math.Min(bytes.Length - at, random.Next(1, 200))));
                break;
            default:
                var other = random.Next(bytes.Length);
                bytes.AsSpan(at, Math.Min(bytes.Length - Math.Max(at, other), random.Next(1, 300))).ToArray().CopyTo(bytes, other);
                break;
        }
        files.Overwrite(path, bytes);
        return $"mutation {how} at {at} of {bytes.Length} bytes";
    }
}
