using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Copies;

public class CopyTests
{
    private static readonly TimeWindow Always = new(long.MinValue, long.MaxValue);

    private static PartitionOptions Options() => StoreLifeTests.Options() with
    {
        Ranges = WindowRanges.Of(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(45), null),
        CutThresholds = new CutThresholds { Samples = 1 },
        PartCache = new PartCache(1 << 20),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_copy_holds_what_its_source_held_also_after_a_restart_and_goes_on_with_the_same_batches(int seed)
    {
        var clock = StoreLifeTests.Clock();
        var work = new Workload(seed);
        using var source = await Filled(new MemoryFiles(), clock, work, batches: 400);
        var files = new MemoryFiles();
        var copy = StoreLifeTests.Open(files, Options(), clock);

        Transfer(source, copy, [Always], chunk: 1_000);

        Model.Of(work.Numbered).AssertEqual(copy.View);
        Assert.Equal(source.Stats.Writers, copy.Stats.Writers);
        Assert.Equal(ContentDigest.Of(source.View, long.MinValue, long.MaxValue, default), ContentDigest.Of(copy.View, long.MinValue, long.MaxValue, default));
        Assert.DoesNotContain(files.Paths, path => path.EndsWith(".tmp", StringComparison.Ordinal));

        // The same batch, sent to both: the copy takes loose samples at once, layouts when they are told anew.
        var later = LooseBatch(10_000, "later", 1);
        Assert.Equal(AppendStatus.Accepted, Append(source, later));
        Assert.Equal(AppendStatus.Accepted, Append(copy, later));
        copy.Dispose();
        using var again = StoreLifeTests.Open(files, Options(), clock);
        Assert.Empty(again.Recovery.PartDamage);
        var model = Model.Of(work.Numbered);
        model.Apply(later);
        model.AssertEqual(again.View);
        Assert.Equal(work.Numbered.Count, again.Stats.Writers[Workload.Writer]);
        await again.WorkAsync(clock);
        model.AssertEqual(again.View);
    }

    [Fact]
    public async Task Only_the_wanted_windows_are_copied_and_what_both_had_is_there_once()
    {
        var clock = StoreLifeTests.Clock();
        var work = new Workload(5);
        using var source = await Filled(new MemoryFiles(), clock, work, batches: 300);
        var window = TimeWindow.Of(Workload.Start + 600_000, 900_000);
        using var copy = StoreLifeTests.Open(new MemoryFiles(), Options(), clock);
        foreach (var batch in work.Numbered.Where((_, i) => i % 7 == 0 && work.Numbered[i].Columns is null))
            Append(copy, batch);
        var had = Model.Of(work.Numbered.Where((b, i) => i % 7 == 0 && b.Columns is null));

        using (var opened = source.BeginCopy([window], default))
            Assert.True(opened.Samples < source.Stats.FloatSamples + source.Stats.PartSamples);
        Transfer(source, copy, [window], chunk: 64 << 10);
        Transfer(source, copy, [window], chunk: 64 << 10);

        Model.Of(work.Numbered).AssertEqual(copy.View, window.Start, window.End - 1);
        had.AssertEqual(copy.View, long.MinValue, window.Start - 1_000_000);
    }

    [Fact]
    public async Task Deleted_samples_do_not_travel()
    {
        var clock = StoreLifeTests.Clock();
        var work = new Workload(6);
        using var source = await Filled(new MemoryFiles(), clock, work, batches: 300);
        Assert.True(source.Delete(Guid.NewGuid(), [[Matcher.MetricNamed("m1")]], Workload.Start, Workload.Start + 900_000).Changed);
        var deletion = source.Deletions.Entries[0];
        using var copy = StoreLifeTests.Open(new MemoryFiles(), Options(), clock);

        Transfer(source, copy, [Always], chunk: 64 << 10);

        Model.Of(work.Numbered).AssertEqual(copy.View, hidden: (labels, time) => deletion.Matches(labels) && time >= deletion.Min && time <= deletion.Max);
    }

    [Fact]
    public async Task Killed_at_any_file_operation_of_the_intake_the_copy_opens_whole_and_the_next_attempt_completes_it()
    {
        var clock = StoreLifeTests.Clock();
        var work = new Workload(8);
        using var source = await Filled(new MemoryFiles(), clock, work, batches: 70);
        var model = Model.Of(work.Numbered);
        for (var kill = 1; ; kill++)
        {
            var files = new MemoryFiles(kill) { KillAt = kill };
            var finished = StoreSteps.Survives(() =>
            {
                using var copy = StoreLifeTests.Open(files, Options(), clock);
                Transfer(source, copy, [Always], chunk: 4_096);
            });
            using var again = StoreLifeTests.Open(files.AfterDeath(powerCut: kill % 2 == 0), Options(), clock);
            Assert.Empty(again.Recovery.PartDamage);
            model.CountIn(again.View);
            Transfer(source, again, [Always], chunk: 64 << 10);
            model.AssertEqual(again.View);
            if (finished)
                return;
        }
    }

    [Fact]
    public async Task A_file_that_is_cut_off_changed_or_of_another_partition_is_refused_and_leaves_nothing()
    {
        var clock = StoreLifeTests.Clock();
        using var source = await Filled(new MemoryFiles(), clock, new Workload(9), batches: 150);
        using var open = source.BeginCopy([Always], default);
        var whole = Bytes(open, 0);
        var files = new MemoryFiles();
        using var copy = StoreLifeTests.Open(files, Options(), clock);
        var before = files.Paths.ToArray();
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var bytes = whole.ToArray();
            var length = bytes.Length;
            if (i % 3 == 0)
                length = random.Next(bytes.Length);
            else
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            using (var intake = copy.BeginIntake(i % 3 == 0 && i % 2 == 0 ? length : bytes.Length))
            {
                var damaged = Assert.ThrowsAny<Exception>(() =>
                {
                    intake.Append(bytes.AsSpan(0, length));
                    intake.Finish();
                });
                Assert.IsType<PartDamagedException>(damaged);
            }
            Assert.Equal(before, files.Paths);
        }
        using var other = StoreLifeTests.Open(new MemoryFiles(), Options() with { Partition = new(4), Directory = "/data/p-04" }, clock);
        using var foreign = other.BeginIntake(whole.Length);
        foreign.Append(whole);
        Assert.Throws<PartDamagedException>(() => foreign.Finish());
    }

    [Fact]
    public async Task A_file_on_its_way_outlives_clearing_up_and_what_a_copy_wrote_for_another_goes_with_it()
    {
        var clock = StoreLifeTests.Clock();
        var work = new Workload(10);
        var sourceFiles = new MemoryFiles();
        using var source = await Filled(sourceFiles, clock, work, batches: 200);
        var files = new MemoryFiles();
        using var copy = StoreLifeTests.Open(files, Options(), clock);
        using (var open = source.BeginCopy([Always], default))
        {
            Assert.Contains(sourceFiles.Paths, path => path.StartsWith("/data/p-03/copies/", StringComparison.Ordinal));
            var bytes = Bytes(open, 0);
            using var intake = copy.BeginIntake(bytes.Length);
            intake.Append(bytes.AsSpan(0, bytes.Length / 2));
            // Work that ends clears the directory of parts.
            Append(copy, LooseBatch(1, "own", 3));
            await copy.WorkAsync(clock);
            intake.Append(bytes.AsSpan(bytes.Length / 2));
            var part = intake.Finish();
            Append(copy, LooseBatch(2, "own", 4));
            await copy.WorkAsync(clock);
            copy.Adopt([part], open.Positions);
        }
        Assert.DoesNotContain(sourceFiles.Paths, path => path.StartsWith("/data/p-03/copies/", StringComparison.Ordinal));
        Assert.NotEqual(0, copy.Stats.PartSamples);
    }

    [Fact]
    public void Killed_while_a_copy_is_dropped_it_is_there_whole_or_not_at_all()
    {
        for (var kill = 1; ; kill++)
        {
            var files = new MemoryFiles(kill);
            using (var store = StoreLifeTests.Open(files, Options()))
                Append(store, LooseBatch(1, "m", 1));
            var before = files.Paths.Count(p => p.StartsWith("/data/p-03/", StringComparison.Ordinal));
            files.KillAt = files.Operations + kill;
            var finished = false;
            try
            {
                CopyFolder.Drop(files, "/data/p-03");
                finished = true;
            }
            catch (KilledException)
            {
            }
            var after = files.AfterDeath(powerCut: false);
            Assert.Contains(after.Paths.Count(p => p.StartsWith("/data/p-03/", StringComparison.Ordinal)), new[] { 0, before });
            CopyFolder.Drop(after, "/data/p-03");
            Assert.DoesNotContain(after.Paths, p => p.StartsWith("/data/p-03", StringComparison.Ordinal));
            if (finished)
                return;
        }
    }

    private static async Task<PartitionStore> Filled(MemoryFiles files, FakeTimeProvider clock, Workload work, int batches)
    {
        var store = StoreLifeTests.Open(files, Options(), clock);
        for (var i = 0; i < batches; i++)
        {
            store.AppendNext(work);
            if (i % 40 == 39 && i < batches - 20)
                await store.WorkAsync(clock);
        }
        Assert.True(store.Stats.Parts > 0, "no part was cut");
        return store;
    }

    private static AppendStatus Append(PartitionStore store, SampleBatch batch)
    {
        var results = new AppendResult[1];
        store.Append([batch], results);
        return results[0].Status;
    }

    private static SampleBatch LooseBatch(long number, string name, double value) => new()
    {
        Writer = new WriterId(77),
        Number = number,
        Partition = Workload.Partition,
        Loose = [new LooseSample(LabelSet.Of("__name__", name), new TimestampMs(Workload.Start + number), value)],
    };

    private static byte[] Bytes(CopySource source, int file)
    {
        var bytes = new byte[source.Lengths[file]];
        Assert.Equal(bytes.Length, source.Read(file, 0, bytes));
        return bytes;
    }

    private static void Transfer(PartitionStore from, PartitionStore to, TimeWindow[] windows, int chunk)
    {
        using var source = from.BeginCopy(windows, default);
        var parts = new List<PartFile>();
        var bytes = new byte[chunk];
        for (var file = 0; file < source.Lengths.Count; file++)
        {
            using var intake = to.BeginIntake(source.Lengths[file]);
            for (long offset = 0; offset < source.Lengths[file];)
            {
                var read = source.Read(file, offset, bytes);
                intake.Append(bytes.AsSpan(0, read));
                offset += read;
            }
            parts.Add(intake.Finish());
        }
        to.Adopt(parts, source.Positions);
    }
}
