using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Snapshots;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Faults;

/// <summary>
/// One scripted life with everything a partition does: start, append, cut, merge, checkpoint, deletion, its carrying out, retention, snapshot, stop. The process is stopped
/// at every one of its file operations, and often again in the start that follows.
/// </summary>
public class WholeLifeTests
{
    private const string SnapshotDirectory = "/data/snapshots/s/p-03";
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(35);
    private static readonly LabelSet Doomed = LabelSet.Of("__name__", "doomed", "job", "test");

    private static PartitionOptions Options(bool powerCut) => StoreLifeTests.Options(segmentBytes: 6_000, powerCut ? WalSyncMode.Always : WalSyncMode.Interval) with
    {
        Ranges = WindowRanges.Of(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), null),
        CutThresholds = new CutThresholds { Samples = 1 },
        PartCache = new PartCache(1 << 20),
        NodeRetention = new NodeRetention(new RetentionPolicy(Retention)),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopped_at_any_file_operation_nothing_acknowledged_is_missing_after_the_next_start(bool powerCut)
    {
        for (var kill = 1; ; kill++)
        {
            var files = new MemoryFiles(kill) { KillAt = kill };
            var life = new Life(files, powerCut);
            var finished = await StoreSteps.SurvivesAsync(life.Run);
            var survivors = files.AfterDeaths(powerCut, Options(powerCut), kill % 3 > 0 ? 1 + kill % 7 : 0);
            var clock = StoreLifeTests.Clock();
            using (var store = StoreLifeTests.Open(survivors, Options(powerCut), clock))
            {
                life.AssertHolds(store, $"stopped at operation {kill}");
                Assert.Empty(store.Recovery.PartDamage);
                Assert.All(store.Recovery.Damage, damage => Assert.Null(damage.SetAsideAs));
                Assert.DoesNotContain(store.Recovery.Damage, damage => damage.ToString().Contains("is gone", StringComparison.Ordinal));
                // The work that was interrupted is done again and changes no answer.
                await store.WorkAsync(clock);
                life.AssertHolds(store, $"stopped at operation {kill}, then worked");
            }
            if (life.HasSnapshot)
            {
                using var restored = StoreLifeTests.Open(survivors, Options(powerCut) with { Directory = SnapshotDirectory }, clock);
                life.AssertSnapshot(restored);
            }
            if (finished)
            {
                Assert.True(kill > 150, $"the life has {kill} operations only");
                return;
            }
        }
    }

    private sealed class Life(MemoryFiles files, bool powerCut)
    {
        private readonly Workload _workload = new(17);
        private readonly FakeTimeProvider _clock = StoreLifeTests.Clock();
        private long _acknowledged;
        private bool _deleting;
        private bool _deleted;
        private bool _retained;
        private Model _inSnapshot = new();
        private long _snapshotFloor;

        /// <summary>A snapshot was acknowledged.</summary>
        public bool HasSnapshot { get; private set; }

        public async Task Run()
        {
            var store = StoreLifeTests.Open(files, Options(powerCut), _clock);
            store.AppendOne(_workload.Add(Batch(Doomed, 3)));
            _acknowledged = 1;
            Append(store, 8);
            await store.WorkAsync(_clock);
            _deleting = true;
            Assert.True(store.Delete(Guid.NewGuid(), [[Matcher.MetricNamed("doomed")]], long.MinValue, long.MaxValue).Changed);
            _deleted = true;
            Append(store, 4);
            store.Checkpoint();
            Append(store, 4);
            _retained = true;
            store.Maintain();
            await store.WorkAsync(_clock);
            var version = store.RequestClean();
            await store.WorkAsync(_clock);
            Assert.True(store.IsClean(version));
            Append(store, 3);
            store.Dispose();
            store = StoreLifeTests.Open(files, Options(powerCut), _clock);
            Append(store, 3);
            var view = store.View;
            await new PartitionSnapshot(view, Options(powerCut), SnapshotDirectory, files, _clock).WriteAsync(skipHead: false, _clock);
            _inSnapshot = Model.Of(_workload.Numbered.Where(b => b.Loose.All(l => l.Series != Doomed)));
            _snapshotFloor = _inSnapshot.Range.Max - (long)Retention.TotalMilliseconds;
            HasSnapshot = true;
            Append(store, 2);
            await store.WorkAsync(_clock);
            store.Maintain();
            store.Dispose();
        }

        public void AssertHolds(PartitionStore store, string when)
        {
            var present = store.Stats.Writers.GetValueOrDefault(Workload.Writer);
            Assert.True(present >= _acknowledged && present <= _workload.Numbered.Count, $"{when}: {present} batches are there, {_acknowledged} of {_workload.Numbered.Count} were acknowledged");
            var model = Model.Of(_workload.Numbered.Take((int)present));
            bool shown;
            using (var selection = store.View.Select(new SeriesRequest([Matcher.MetricNamed("doomed")], TimestampMs.Min, TimestampMs.Max)))
                shown = selection.Count > 0;
            // Not acknowledged: it may be either way, but whole.
            Assert.True(!(_deleted && shown), $"{when}: what was deleted is there");
            var hidden = _deleted || (_deleting && !shown);
            // Parts of what is beyond the retention may be gone, and until it runs again what came after their cut is visible.
            var floor = _retained ? model.Range.Max - (long)Retention.TotalMilliseconds : long.MinValue;
            model.AssertEqual(store.View, min: floor, hidden: (labels, _) => hidden && labels == Doomed);
        }

        public void AssertSnapshot(PartitionStore restored) => _inSnapshot.AssertEqual(restored.View, min: _snapshotFloor);

        private static SampleBatch Batch(LabelSet series, int samples) => new()
        {
            Writer = Workload.Writer,
            Partition = Workload.Partition,
            Loose = [.. Enumerable.Range(0, samples).Select(i => new LooseSample(series, new TimestampMs(Workload.Start + 2_000_000 + i * 1_000L), i))],
        };

        private void Append(PartitionStore store, int batches)
        {
            for (var i = 0; i < batches; i++)
                _acknowledged = store.AppendNext(_workload).Number;
        }
    }
}
