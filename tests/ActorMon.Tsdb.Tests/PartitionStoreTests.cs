using ActorMon.Model.Exemplars;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests;

public class PartitionStoreTests
{
    private readonly MemoryFiles _files = new();
    private readonly FakeTimeProvider _clock = StoreLifeTests.Clock();
    private long _number;

    private PartitionStore Open(PartitionLimits? limits = null) =>
        StoreLifeTests.Open(_files, StoreLifeTests.Options(1 << 20) with { Limits = limits ?? new PartitionLimits() }, _clock);

    private static LabelSet Series(int slot) => LabelSet.Of("__name__", "up", "instance", "a", "job", "j", "slot", $"{slot}");

    private SampleBatch Scrape(uint layout, int slots, int firstNew, long time, double value = 1, ulong hash = 0, LabelSet[]? labels = null)
    {
        labels ??= [.. Enumerable.Range(0, slots).Select(Series)];
        return new SampleBatch
        {
            Writer = new WriterId(1),
            Number = ++_number,
            Partition = Workload.Partition,
            Columns = new LayoutColumns
            {
                Layout = new LayoutId(new WriterId(1), layout),
                SlotCount = slots,
                FirstNewSlot = firstNew,
                NewSeries = labels[firstNew..],
                ContentHash = hash != 0 ? hash : labels.Aggregate(0UL, (h, l) => LayoutHash.Append(h, StableHash.Of(l))),
                Timestamp = new TimestampMs(time),
                Values = Enumerable.Repeat(value, slots).ToArray(),
            },
        };
    }

    private static AppendStatus Append(PartitionStore store, SampleBatch batch)
    {
        var results = new AppendResult[1];
        store.Append([batch], results);
        return results[0].Status;
    }

    private static IReadOnlyList<ResolvedMatchers> Sets(PartitionStore store, params Matcher[] matchers) => [ResolvedMatchers.Resolve(matchers, store.View.Symbols)];

    [Fact]
    public void A_layout_that_is_not_known_or_means_other_slots_is_sent_back()
    {
        using var store = Open();
        Assert.Equal(AppendStatus.UnknownLayout, Append(store, Scrape(1, 3, firstNew: 3, Workload.Start)));
        Assert.Equal(AppendStatus.Accepted, Append(store, Scrape(1, 3, 0, Workload.Start)));
        Assert.Equal(AppendStatus.UnknownLayout, Append(store, Scrape(1, 5, firstNew: 4, Workload.Start + 1)));
        Assert.Equal(AppendStatus.HashMismatch, Append(store, Scrape(1, 3, 3, Workload.Start + 1, hash: 42)));
        // A resent registration of known slots is checked by its hash and skipped; it may add slots behind them.
        Assert.Equal(AppendStatus.Accepted, Append(store, Scrape(1, 5, 1, Workload.Start + 2)));
        // An older, shorter scrape that is sent again later.
        Assert.Equal(AppendStatus.Accepted, Append(store, Scrape(1, 2, 2, Workload.Start + 1)));
        Assert.Equal(5, store.View.SeriesCount);
        Assert.Equal(3, store.Stats.RefusedBatches);
    }

    [Fact]
    public void A_batch_that_contradicts_itself_or_passes_a_limit_is_refused_and_leaves_nothing()
    {
        using var store = Open(new PartitionLimits { Series = 4, LabelsPerSeries = 4, LayoutSlots = 6 });
        Assert.Equal(AppendStatus.Refused, Append(store, Scrape(1, 7, 0, Workload.Start)));
        Assert.Equal(AppendStatus.Refused, Append(store, Scrape(1, 5, 0, Workload.Start)));
        Assert.Equal(AppendStatus.Refused, Append(store, Scrape(1, 1, 0, Workload.Start, labels: [LabelSet.Of("a", "1", "b", "2", "c", "3", "d", "4", "e", "5")])));
        var wrong = new SampleBatch { Writer = new WriterId(1), Partition = new PartitionId(9) };
        Assert.Equal(AppendStatus.Refused, Append(store, wrong));
        Assert.Equal(0, store.View.SeriesCount);
        Assert.Equal(AppendStatus.Accepted, Append(store, Scrape(1, 4, 0, Workload.Start)));
        // Known series are no new ones, in whatever layout.
        Assert.Equal(AppendStatus.Accepted, Append(store, Scrape(2, 4, 0, Workload.Start + 1)));
    }

    [Fact]
    public void An_abandoned_layout_gives_its_rows_back_and_its_samples_stay_readable()
    {
        using var store = Open();
        for (var i = 0; i < 20; i++)
            Append(store, Scrape(1, 3, i == 0 ? 0 : 3, Workload.Start + i, i));
        // The same series under a new layout: the old one has no live slot left.
        Append(store, Scrape(2, 3, 0, Workload.Start + 20, 20));
        Assert.Equal(2, store.Stats.OpenLayouts);
        store.Maintain();
        Assert.Equal(1, store.Stats.OpenLayouts);
        Assert.Equal(AppendStatus.UnknownLayout, Append(store, Scrape(1, 3, 3, Workload.Start + 21)));
        // Ended by stale markers, then by silence.
        Append(store, Scrape(2, 3, 3, Workload.Start + 21, SpecialValues.StaleNaN));
        _clock.Advance(TimeSpan.FromMinutes(6));
        store.Maintain();
        Assert.Equal(0, store.Stats.OpenLayouts);
        var buffer = new SampleBuffer();
        using var selection = store.View.Select(new SeriesRequest([Matcher.MetricNamed("up")], TimestampMs.Min, TimestampMs.Max));
        Assert.Equal(3, selection.Count);
        selection.Read(1, buffer);
        Assert.Equal(Enumerable.Range(0, 22).Select(i => Workload.Start + i), buffer.Times.ToArray());
        Assert.Equal(3, store.View.SeriesCount);
    }

    [Fact]
    public void Retention_hides_old_samples_and_deletes_whole_segments()
    {
        var options = StoreLifeTests.Options(segmentBytes: 1_000);
        using var store = StoreLifeTests.Open(_files, options, _clock);
        for (var i = 0; i < 200; i++)
            Append(store, Scrape(1, 10, i == 0 ? 0 : 10, Workload.Start + i * 60_000L, i * 1.37));
        Assert.True(store.Stats.WalSegments > 3);
        // Time passes and data come in: a clock alone deletes nothing.
        _clock.SetUtcNow(DateTimeOffset.FromUnixTimeMilliseconds(Workload.Start + 199 * 60_000L) + TimeSpan.FromDays(15));
        store.Maintain();
        Assert.True(store.Stats.WalSegments > 3);
        Append(store, new SampleBatch
        {
            Writer = new WriterId(1),
            Number = ++_number,
            Partition = Workload.Partition,
            Loose = [new LooseSample(LabelSet.Of("__name__", "zz_new"), TimestampMs.From(_clock.GetUtcNow()), 1)],
        });
        store.Maintain();
        // That with the last scrape, and perhaps one that began with the new sample.
        Assert.InRange(store.Stats.WalSegments, 1, 2);
        using var selection = store.View.Select(new SeriesRequest([], TimestampMs.Min, TimestampMs.Max));
        var buffer = new SampleBuffer();
        selection.Read(0, buffer);
        Assert.Equal([Workload.Start + 199 * 60_000L], buffer.Times.ToArray());
    }

    [Fact]
    public void Retention_gives_back_the_chunks_of_loose_series_while_older_views_keep_theirs()
    {
        var options = StoreLifeTests.Options(segmentBytes: 1 << 20);
        using var store = StoreLifeTests.Open(_files, options, _clock);
        var series = LabelSet.Of("__name__", "loose");
        var dead = LabelSet.Of("__name__", "dead");
        const int Count = 5_000;
        for (var i = 0; i < Count; i++)
        {
            Append(store, new SampleBatch
            {
                Writer = new WriterId(1),
                Number = ++_number,
                Partition = Workload.Partition,
                Loose = i < 40
                    ? [new LooseSample(series, new TimestampMs(Workload.Start + i), i), new LooseSample(dead, new TimestampMs(Workload.Start + i), i)]
                    : [new LooseSample(series, new TimestampMs(Workload.Start + i), i * 1.1)],
            });
        }
        var before = store.View;
        var chunks = store.Stats.Chunks;
        _clock.SetUtcNow(DateTimeOffset.FromUnixTimeMilliseconds(Workload.Start + 4_000) + TimeSpan.FromDays(15));
        Append(store, new SampleBatch
        {
            Writer = new WriterId(1),
            Number = ++_number,
            Partition = Workload.Partition,
            Loose = [new LooseSample(LabelSet.Of("__name__", "new"), TimestampMs.From(_clock.GetUtcNow()), 1)],
        });
        store.Maintain();
        Assert.InRange(store.Stats.Chunks, 1, chunks / 4);
        Assert.Equal(Count - 4_000, ReadOnly(store.View).Count);
        Assert.Equal(Count, ReadOnly(before).Count);
        // The list goes on behind the cut.
        for (var i = 0; i < 300; i++)
            Append(store, new SampleBatch { Writer = new WriterId(1), Number = ++_number, Partition = Workload.Partition, Loose = [new LooseSample(series, new TimestampMs(Workload.Start + Count + i), i)] });
        Assert.Equal(Count - 4_000 + 300, ReadOnly(store.View).Count);

        static SampleBuffer ReadOnly(PartitionView view)
        {
            var buffer = new SampleBuffer();
            using var selection = view.Select(new SeriesRequest([Matcher.MetricNamed("loose")], TimestampMs.Min, TimestampMs.Max));
            Assert.Equal(1, selection.Count);
            selection.Read(0, buffer);
            return buffer;
        }
    }

    [Fact]
    public void Names_values_series_exemplars_metadata_and_statistics_are_answered()
    {
        var store = Open();
        Append(store, Scrape(1, 3, 0, Workload.Start));
        var exemplar = new Exemplar(LabelSet.Of("trace_id", "x"), 3, new TimestampMs(Workload.Start + 5));
        Append(store, new SampleBatch
        {
            Writer = new WriterId(1),
            Number = ++_number,
            Partition = Workload.Partition,
            Loose = [new LooseSample(LabelSet.Of("__name__", "loose", "z", "1"), new TimestampMs(Workload.Start + 100_000), 4)],
            Exemplars = [new SeriesExemplar(Series(1), exemplar), new SeriesExemplar(Series(1), exemplar)],
            Metadata = [new FamilyMetadata("up", new MetricMetadata(MetricType.Gauge, "is it", "s"))],
        });
        Check(store);
        store.Dispose();
        using var again = Open();
        Check(again);

        static void Check(PartitionStore store)
        {
            var view = store.View;
            Assert.Equal(["__name__", "instance", "job", "slot", "z"], view.LabelNames([], TimestampMs.Min, TimestampMs.Max));
            Assert.Equal(["__name__", "z"], view.LabelNames([], new TimestampMs(Workload.Start + 1), TimestampMs.Max));
            Assert.Equal(["0", "1", "2"], view.LabelValues("slot", Sets(store, Matcher.Equal("job", "j")), TimestampMs.Min, TimestampMs.Max));
            Assert.Equal(["loose"], view.LabelValues("__name__", Sets(store, Matcher.Equal("job", "")), TimestampMs.Min, TimestampMs.Max));
            Assert.Equal([Series(2)], view.Series(Sets(store, new Matcher(MatchOperator.NotRegex, "slot", "[01]?")), TimestampMs.Min, TimestampMs.Max));
            Assert.Equal([Series(1), Series(2)], view.Series(Sets(store, new Matcher(MatchOperator.Regex, "slot", "2|1|2|9|1")), TimestampMs.Min, TimestampMs.Max));
            Assert.Equal([Series(0)], view.Series(Sets(store, new Matcher(MatchOperator.Regex, "slot", "0[a-f]*")), TimestampMs.Min, TimestampMs.Max));
            Assert.Equal(
                [Series(1), Series(2)],
                view.Series(Sets(store, new Matcher(MatchOperator.NotRegex, "slot", "0[a-f]*"), Matcher.Equal("job", "j")), TimestampMs.Min, TimestampMs.Max));
            var found = Assert.Single(view.Exemplars(Sets(store, Matcher.MetricNamed("up")), TimestampMs.Min, TimestampMs.Max));
            Assert.Equal(Series(1), found.Series);
            Assert.Equal(new TimestampMs(Workload.Start + 5), Assert.Single(found.Exemplars).Timestamp);
            Assert.Equal("is it", view.Metadata["up"].Help);
            Assert.True(view.TryGetLast(LabelSet.Of("__name__", "loose", "z", "1"), out var time, out var value));
            Assert.Equal((Workload.Start + 100_000, 4.0), (time, value));
            Assert.False(view.TryGetLast(LabelSet.Of("__name__", "nobody"), out _, out _));
        }
    }

    [Fact]
    public async Task The_node_syncs_dirty_logs_once_an_interval_and_when_it_stops()
    {
        using var store = Open();
        var sync = new NodeWalSync(_clock);
        sync.Add(store);
        using var stop = new CancellationTokenSource();
        var loop = sync.RunAsync(stop.Token);
        Append(store, Scrape(1, 3, 0, Workload.Start));
        await stop.CancelAsync();
        await loop;
        // The last batch is on disk though the process never closed the store.
        using var survivor = StoreLifeTests.Open(_files.AfterDeath(powerCut: true), StoreLifeTests.Options(1 << 20));
        Assert.Equal(3, survivor.View.SeriesCount);
        Assert.Equal(0, sync.Failed);
    }
}
