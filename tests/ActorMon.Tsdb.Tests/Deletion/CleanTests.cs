using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Deletion;

/// <summary>Deletions while heads are cut and parts are merged, until they are carried out everywhere.</summary>
public class CleanTests
{
    private static PartitionOptions Options() => StoreLifeTests.Options() with
    {
        Ranges = WindowRanges.Of(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(45), null),
        CutThresholds = new CutThresholds { Samples = 50 },
        PartCache = new PartCache(1 << 20),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Deleted_samples_stay_gone_and_nothing_else_goes_whatever_was_rewritten_when(int seed)
    {
        var files = new MemoryFiles();
        var clock = StoreLifeTests.Clock();
        var work = new Workload(seed);
        var random = new Random(seed);
        var model = new Model();
        var pending = new List<SeriesDeletion>();
        var store = StoreLifeTests.Open(files, Options(), clock);
        var cleaned = 0;
        for (var step = 0; step < 300; step++)
        {
            // What has left the log is gone for good; a sample that comes late is a new one.
            foreach (var done in pending.Where(p => store.Deletions.Entries.All(e => e.Version != p.Version)).ToArray())
            {
                model.Remove((labels, time) => Names(done, labels, time));
                pending.Remove(done);
                cleaned++;
            }
            store.AppendNext(work, model);
            switch (random.Next(30))
            {
                case 0 or 1:
                    var (min, max) = (Workload.Start + random.Next(3_000) * 1_000L, Workload.Start + random.Next(3_600) * 1_000L);
                    IReadOnlyList<Matcher> selector = random.Next(3) switch
                    {
                        0 => [Matcher.MetricNamed($"m{random.Next(7)}")],
                        1 => [Matcher.MetricNamed("loose"), new Matcher(MatchOperator.Regex, "k", $"1?{random.Next(10)}")],
                        _ => [Matcher.Equal("instance", $"i{random.Next(4)}"), new Matcher(MatchOperator.NotEqual, "n", "3")],
                    };
                    if (store.Delete(Guid.NewGuid(), [selector], random.Next(3) == 0 ? long.MinValue : min, max).Changed)
                        pending.Add(store.Deletions.Entries[^1]);
                    break;
                case 2:
                    await store.WorkAsync(clock, random.Next(1, 4));
                    break;
                case 3:
                    var version = store.RequestClean();
                    await store.WorkAsync(clock);
                    Assert.True(store.IsClean(version));
                    Assert.Empty(store.Deletions.Entries);
                    break;
                case 4 when random.Next(3) == 0:
                    store.Dispose();
                    if (random.Next(2) == 0)
                        files = files.AfterDeath(powerCut: true);
                    store = StoreLifeTests.Open(files, Options(), clock);
                    break;
                default:
                    continue;
            }
            model.AssertEqual(store.View, hidden: (labels, time) => pending.Any(p => Names(p, labels, time)));
        }
        Assert.True(cleaned > 3, "too little was cleaned to prove anything");
        store.Dispose();
    }

    [Fact]
    public async Task After_cleaning_no_file_names_the_series_and_space_is_given_back()
    {
        var files = new MemoryFiles();
        var clock = StoreLifeTests.Clock();
        var store = StoreLifeTests.Open(files, Options(), clock);
        var number = 0L;
        for (var i = 0; i < 400; i++)
            store.AppendOne(new SampleBatch
            {
                Writer = Workload.Writer,
                Number = ++number,
                Partition = Workload.Partition,
                Loose = [.. Enumerable.Range(0, 20).Select(s => new LooseSample(
                    LabelSet.Of("__name__", s == 0 ? "kept" : "gone", "s", $"{s}"), new TimestampMs(Workload.Start + i * 5_000), Math.Sin(i * 20 + s)))],
            });
        await store.WorkAsync(clock);
        var before = Bytes();
        Assert.True(store.Delete(Guid.NewGuid(), [[Matcher.MetricNamed("gone")]], long.MinValue, long.MaxValue).Changed);
        var version = store.RequestClean();
        Assert.False(store.IsClean(version));
        await store.WorkAsync(clock);
        Assert.True(store.IsClean(version));
        Assert.All(store.Parts, part => Assert.Equal(0, part.Find([Matcher.MetricNamed("gone")], long.MinValue, long.MaxValue).Count));
        Assert.InRange(Bytes(), 0, before / 4);
        Assert.Equal(1, store.View.SeriesCount + (store.View.SeriesCount == 0 ? 1 : 0));
        store.Dispose();
        using var again = StoreLifeTests.Open(files.AfterDeath(powerCut: true), Options(), clock);
        Assert.Equal(["kept"], again.View.LabelValues("__name__", [], TimestampMs.Min, TimestampMs.Max));

        long Bytes() => files.Paths.Sum(path => (long)files.Bytes(path).Length);
    }

    [Fact]
    public async Task Parts_that_hold_nothing_deleted_are_not_rewritten()
    {
        var clock = StoreLifeTests.Clock();
        var store = StoreLifeTests.Open(new MemoryFiles(), Options(), clock);
        for (var i = 0; i < 100; i++)
            store.AppendOne(new SampleBatch
            {
                Writer = Workload.Writer,
                Number = i + 1,
                Partition = Workload.Partition,
                Loose = [new LooseSample(LabelSet.Of("__name__", i < 50 ? "early" : "late"), new TimestampMs(Workload.Start + i * 40_000), i)],
            });
        await store.WorkAsync(clock);
        var parts = store.Parts.Length;
        Assert.True(parts > 1);
        Assert.True(store.Delete(Guid.NewGuid(), [[Matcher.MetricNamed("late")]], long.MinValue, long.MaxValue).Changed);
        var untouched = store.Parts.Where(p => p.Find([Matcher.MetricNamed("late")], long.MinValue, long.MaxValue).Count == 0).Select(p => p.Header.Sequence).ToArray();
        Assert.NotEmpty(untouched);
        store.RequestClean();
        await store.WorkAsync(clock);
        Assert.Empty(store.Deletions.Entries);
        Assert.Subset(store.Parts.Select(p => p.Header.Sequence).ToHashSet(), untouched.ToHashSet());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_file_operation_of_a_cleaning_the_deleted_stays_deleted_and_the_rest_is_there(bool powerCut)
    {
        for (var kill = 1; ; kill++)
        {
            var files = new MemoryFiles(kill);
            var clock = StoreLifeTests.Clock();
            var options = Options() with { WalSync = WalSyncMode.Always };
            var work = new Workload(11);
            var model = new Model();
            var store = StoreLifeTests.Open(files, options, clock);
            for (var i = 0; i < 60; i++)
                store.AppendNext(work, model);
            await store.WorkAsync(clock, 2);
            for (var i = 0; i < 20; i++)
                store.AppendNext(work, model);
            Assert.True(store.Delete(Guid.NewGuid(), [[new Matcher(MatchOperator.Regex, "__name__", "m[0-3]|loose")]], long.MinValue, long.MaxValue).Changed);
            var deletion = store.Deletions.Entries[0];
            files.KillAt = files.Operations + kill;
            var finished = await StoreSteps.SurvivesAsync(async () =>
            {
                store.RequestClean();
                await store.WorkAsync(clock);
            });
            using var after = StoreLifeTests.Open(files.AfterDeath(powerCut), options, clock);
            Assert.Empty(after.Recovery.PartDamage);
            model.AssertEqual(after.View, hidden: (labels, time) => Names(deletion, labels, time));
            after.RequestClean();
            await after.WorkAsync(clock);
            Assert.Empty(after.Deletions.Entries);
            model.AssertEqual(after.View, hidden: (labels, time) => Names(deletion, labels, time));
            if (!finished)
                continue;
            Assert.True(kill > 20, "the cleaning is too short to prove anything");
            return;
        }
    }

    private static bool Names(SeriesDeletion deletion, LabelSet labels, long time) => time >= deletion.Min && time <= deletion.Max && deletion.Matches(labels);
}
