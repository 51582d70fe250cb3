using ActorMon.Model.Ingest;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests;

public class StoreLifeTests
{
    internal static readonly Guid Cluster = new("6f1f9a52-8d3e-4b07-9a44-111122223333");

    internal static PartitionOptions Options(long segmentBytes = 20_000, WalSyncMode sync = WalSyncMode.Interval) => new()
    {
        Directory = "/data/p-03",
        Partition = Workload.Partition,
        Partitions = 32,
        ClusterId = Cluster,
        WalSegmentBytes = segmentBytes,
        WalSync = sync,
    };

    internal static FakeTimeProvider Clock() => new(DateTimeOffset.FromUnixTimeMilliseconds(Workload.Start + 3_600_000));

    internal static PartitionStore Open(IStorageFiles files, PartitionOptions? options = null, TimeProvider? time = null) =>
        PartitionStore.Open(options ?? Options(), new NodeSymbols(), files, time ?? Clock());

    /// <summary>Appends one group; batches whose layout is unknown are taken back (only the first can be, groups behind it are cut).</summary>
    internal static void AppendGroup(PartitionStore store, Workload work, SampleBatch[] group)
    {
        var results = new AppendResult[group.Length];
        store.Append(group, results);
        for (var i = 0; i < group.Length; i++)
        {
            Assert.True(results[i].Status is AppendStatus.Accepted or AppendStatus.Duplicate, results[i].ToString());
            work.Acknowledge(group[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_was_appended_is_read_back_exactly_through_restarts_and_resends(int seed)
    {
        var files = new MemoryFiles();
        var work = new Workload(seed);
        var random = new Random(seed);
        var store = Open(files);
        for (var step = 0; step < 500; step++)
        {
            var group = Enumerable.Range(0, random.Next(1, 4)).Select(_ => work.Next()).ToArray();
            AppendGroup(store, work, group);
            if (random.Next(8) == 0)
            {
                var results = new AppendResult[1];
                store.Append([work.Numbered[random.Next(work.Numbered.Count)]], results);
                Assert.Equal(AppendStatus.Duplicate, results[0].Status);
            }
            if (random.Next(100) == 0)
            {
                store.Dispose();
                store = Open(files);
                Assert.True(store.Recovery.CleanShutdown);
                Assert.Empty(store.Recovery.Damage);
            }
        }
        var model = Model.Of(work.Numbered);
        model.AssertEqual(store.View);
        model.AssertEqual(store.View, Workload.Start + 400_000, Workload.Start + 900_000);
        model.AssertLast(store.View);
        Assert.True(store.Stats.WalSegments > 3);
        store.Dispose();
        using var again = Open(files);
        model.AssertEqual(again.View);
        model.AssertLast(again.View);
        Assert.Equal(work.Numbered.Count, again.Stats.Writers[Workload.Writer]);
    }

    [Theory]
    [InlineData(WalSyncMode.Interval, false)]
    [InlineData(WalSyncMode.Always, true)]
    public void Killed_at_any_file_operation_everything_acknowledged_is_there_and_nothing_is_half(WalSyncMode sync, bool powerCut)
    {
        var options = Options(segmentBytes: 6_000, sync);
        for (var kill = 1; ; kill++)
        {
            var files = new MemoryFiles(kill) { KillAt = kill };
            var work = new Workload(7);
            long acknowledged = 0;
            var finished = StoreSteps.Survives(() => Live(files, options, work, ref acknowledged));
            // The start after the crash may be killed as well.
            var survivors = files.AfterDeaths(powerCut, options, kill % 5);
            using var store = Open(survivors, options);
            var present = store.Stats.Writers.GetValueOrDefault(Workload.Writer);
            Assert.InRange(present, acknowledged, work.Numbered.Count);
            Model.Of(work.Numbered.Take((int)present)).AssertEqual(store.View);
            Assert.All(store.Recovery.Damage, damage => Assert.Null(damage.SetAsideAs));

            // Whatever was not acknowledged is sent again.
            var rest = work.Numbered.Skip((int)acknowledged).ToArray();
            AppendGroup(store, work, rest);
            Model.Of(work.Numbered).AssertEqual(store.View);
            if (finished)
            {
                Assert.True(kill > 30, "the life is too short to prove anything");
                return;
            }
        }
    }

    [Fact]
    public void A_power_cut_between_syncs_loses_only_the_newest_batches()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var files = new MemoryFiles(seed);
            var work = new Workload(seed);
            long acknowledged = 0;
            Live(files, Options(segmentBytes: 6_000), work, ref acknowledged, close: false);
            using var store = Open(files.AfterDeath(powerCut: true), Options(segmentBytes: 6_000));
            var present = store.Stats.Writers.GetValueOrDefault(Workload.Writer);
            Assert.InRange(present, SyncedAt, acknowledged);
            Model.Of(work.Numbered.Take((int)present)).AssertEqual(store.View);
        }
    }

    [Fact]
    public void A_full_disk_acknowledges_nothing_keeps_reads_and_loses_nothing_after_reopening()
    {
        for (var fail = 6; fail < 30; fail++)
        {
            var files = new MemoryFiles(fail) { FailAt = fail };
            var work = new Workload(9);
            var store = Open(files, Options(segmentBytes: 6_000));
            var results = new AppendResult[1];
            var acknowledged = 0;
            while (true)
            {
                var batch = work.Next();
                store.Append([batch], results);
                if (results[0].Status != AppendStatus.Accepted)
                    break;
                work.Acknowledge(batch);
                acknowledged++;
            }
            Assert.Equal(AppendStatus.WalFailed, results[0].Status);
            Assert.Contains("no space left", results[0].Text, StringComparison.Ordinal);
            Model.Of(work.Numbered.Take(acknowledged)).AssertEqual(store.View);
            store.Dispose();

            files.FailAt = int.MaxValue;
            using var again = Open(files, Options(segmentBytes: 6_000));
            var present = again.Stats.Writers.GetValueOrDefault(Workload.Writer);
            Assert.InRange(present, acknowledged, acknowledged + 1);
            Model.Of(work.Numbered.Take((int)present)).AssertEqual(again.View);
        }
    }

    private const int SyncedAt = 24;

    private static void Live(MemoryFiles files, PartitionOptions options, Workload work, ref long acknowledged, bool close = true)
    {
        var store = Open(files, options);
        for (var group = 0; group < 20; group++)
        {
            var batches = new[] { work.Next(), work.Next() };
            AppendGroup(store, work, batches);
            acknowledged = batches[^1].Number;
            if (acknowledged == SyncedAt)
                Assert.True(store.Sync());
            if (group == 10 && close)
            {
                store.Dispose();
                store = Open(files, options);
            }
        }
        if (close)
            store.Dispose();
    }
}
