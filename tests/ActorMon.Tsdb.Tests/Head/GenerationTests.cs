using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Symbols;
using ActorMon.Tsdb.Tests.Storage;

namespace ActorMon.Tsdb.Tests.Head;

public class GenerationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_head_without_what_is_older_holds_exactly_the_rest_and_old_views_hold_what_they_held(int seed)
    {
        var files = new MemoryFiles();
        var work = new Workload(seed);
        var random = new Random(seed);
        var store = StoreLifeTests.Open(files);
        var model = new Model();
        var cut = long.MinValue;
        var views = new List<(PartitionView View, Model Model)>();
        for (var step = 0; step < 700; step++)
        {
            store.AppendNext(work, model);
            if (random.Next(20) == 0)
            {
                if (views.Count < 5)
                    views.Add((store.View, model.Copy()));
                // Now and then nothing is cut: a swap must not lose a thing.
                if (random.Next(3) > 0)
                    cut = Math.Max(cut, Workload.Start + random.Next(step + 1) * 2_500L);
                store.SwapHead(random.Next(4) == 0 ? long.MinValue : cut);
                if (random.Next(4) == 0)
                    store.SwapHead(cut);
                store.SwapHead(cut);
                store.Maintain();
                model.DropBefore(cut);
                model.AssertEqual(store.View);
                model.AssertLast(store.View);
                Assert.Equal(model.Range, (store.View.MinTime.Value, store.View.MaxTime.Value));
            }
        }
        model.AssertEqual(store.View);
        foreach (var (view, then) in views)
            then.AssertEqual(view);
        Assert.True(store.Stats.SeriesRemoved > 0);
        store.Dispose();
        // The log still has what was cut; of the rest nothing may be missing.
        using var again = StoreLifeTests.Open(files);
        Assert.Empty(again.Recovery.Damage);
        model = Model.Of(work.Numbered);
        model.AssertEqual(again.View);
    }

    [Fact]
    public void A_series_that_ended_gives_back_its_row_its_symbols_and_its_slot_and_comes_back_with_a_fresh_layout()
    {
        var node = new SymbolGenerations();
        using var store = PartitionStore.Open(StoreLifeTests.Options(), node.Current, new MemoryFiles(), StoreLifeTests.Clock());
        var stays = LabelSet.Of("__name__", "stays", "pod", "one");
        var ends = LabelSet.Of("__name__", "ends", "pod", "gone-4711");
        var layout = new LayoutId(Workload.Writer, 1);
        var hash = LayoutHash.Append(LayoutHash.Append(0, StableHash.Of(ends)), StableHash.Of(stays));
        Append(store, 1, Columns(layout, hash, [ends, stays], 0, Workload.Start, [1, 2]));
        Append(store, 2, Columns(layout, hash, [], 2, Workload.Start + 15_000, [SpecialValues.StaleNaN, 3]));
        Append(store, 3, Columns(layout, hash, [], 2, Workload.Start + 30_000, [0, 4], missing: 1));
        var before = store.View;
        Assert.True(node.Current.Find("gone-4711") >= 0);

        store.SwapHead(Workload.Start + 30_000);

        // Its slot is a number now; scrapes without it go on as before, one with it is sent back.
        Append(store, 4, Columns(layout, hash, [], 2, Workload.Start + 45_000, [0, 5], missing: 1));
        Assert.Equal(1, store.Stats.Series);
        Assert.Equal(-1, node.Current.Find("gone-4711"));
        Assert.Equal(2, Count(before, new Matcher(MatchOperator.Regex, "pod", "one|gone.*")));
        Assert.Equal(1, Count(store.View, new Matcher(MatchOperator.Regex, "pod", "one|gone.*")));
        var results = new AppendResult[1];
        store.Append([Batch(5, Columns(layout, hash, [], 2, Workload.Start + 60_000, [9, 6]))], results);
        Assert.Equal(AppendStatus.UnknownLayout, results[0].Status);
        var fresh = new LayoutId(Workload.Writer, 2);
        Append(store, 5, Columns(fresh, hash, [ends, stays], 0, Workload.Start + 60_000, [9, 6]));
        Assert.Equal(2, Count(store.View, new Matcher(MatchOperator.Regex, "pod", "one|gone.*")));
    }

    [Fact]
    public void A_layout_of_which_nothing_remains_is_unknown_afterwards()
    {
        using var store = StoreLifeTests.Open(new MemoryFiles());
        var series = LabelSet.Of("__name__", "m");
        var layout = new LayoutId(Workload.Writer, 1);
        var hash = LayoutHash.Append(0, StableHash.Of(series));
        Append(store, 1, Columns(layout, hash, [series], 0, Workload.Start, [1]));
        store.SwapHead(Workload.Start + 1);
        var results = new AppendResult[1];
        store.Append([Batch(2, Columns(layout, hash, [], 1, Workload.Start + 15_000, [2]))], results);
        Assert.Equal(AppendStatus.UnknownLayout, results[0].Status);
        store.Maintain();
        Assert.Equal(0, store.Stats.OpenLayouts);
        Append(store, 2, Columns(layout, hash, [series], 0, Workload.Start + 15_000, [2]));
    }

    [Fact]
    public void The_log_tells_slots_without_series_apart_and_a_start_reads_them_back()
    {
        var files = new MemoryFiles();
        var store = StoreLifeTests.Open(files);
        var series = Enumerable.Range(0, 5).Select(i => LabelSet.Of("__name__", "m", "i", $"{i}")).ToArray();
        var layout = new LayoutId(Workload.Writer, 1);
        ulong hash = 0;
        foreach (var labels in series)
            hash = LayoutHash.Append(hash, StableHash.Of(labels));
        Append(store, 1, Columns(layout, hash, series, 0, Workload.Start, [1, 2, 3, 4, 5]));
        Append(store, 2, Columns(layout, hash, [], 5, Workload.Start + 15_000, [0, 2, 0, 4, 0], missing: 0b10101));
        store.SwapHead(Workload.Start + 15_000);
        Append(store, 3, Columns(layout, hash, [], 5, Workload.Start + 30_000, [0, 7, 0, 8, 0], missing: 0b10101));
        store.Dispose();
        foreach (var older in files.Paths.Where(p => p.EndsWith("0000000001.wal", StringComparison.Ordinal)).ToArray())
            files.Delete(older);

        // Without the first segment only the layout with holes is known.
        using var again = StoreLifeTests.Open(files);
        Assert.Equal("wal/0000000001.wal", Assert.Single(again.Recovery.Damage).Segment);
        Assert.Equal(2, again.Stats.Series);
        Append(again, 4, Columns(layout, hash, [], 5, Workload.Start + 45_000, [0, 7, 0, 8, 0], missing: 0b10101));
        var results = new AppendResult[1];
        again.Append([Batch(5, Columns(layout, hash, [], 5, Workload.Start + 60_000, [0, 7, 5, 8, 0], missing: 0b10001))], results);
        Assert.Equal(AppendStatus.UnknownLayout, results[0].Status);
    }

    [Fact]
    public void Generations_of_symbols_advance_only_when_nearly_every_head_has_followed()
    {
        var node = new SymbolGenerations();
        var heads = Enumerable.Range(0, 32).Select(_ => new PartitionHead(node.Enter(), new PartitionLimits())).ToArray();
        var first = node.Current;
        void Swap(int head)
        {
            var old = heads[head].Series.Symbols;
            heads[head] = heads[head].Without(long.MinValue);
            node.Leave(old);
        }
        Swap(0);
        var second = node.Current;
        Assert.NotSame(first, second);
        for (var i = 0; i < 28; i++)
            Swap(0);
        Assert.Same(second, node.Current);
        for (var i = 1; i < 28; i++)
            Swap(i);
        Assert.Same(second, node.Current);
        Swap(3);
        Assert.NotSame(second, node.Current);
    }

    private static int Count(PartitionView view, Matcher matcher)
    {
        using var selection = view.Select(ResolvedMatchers.Resolve([matcher], view.Symbols), new TimestampMs(long.MinValue), new TimestampMs(long.MaxValue));
        return selection.Count;
    }

    internal static void Append(PartitionStore store, long number, LayoutColumns columns) => store.AppendOne(Batch(number, columns));

    internal static SampleBatch Batch(long number, LayoutColumns columns) =>
        new() { Writer = Workload.Writer, Number = number, Partition = Workload.Partition, Columns = columns };

    internal static LayoutColumns Columns(LayoutId layout, ulong hash, LabelSet[] labels, int firstNew, long time, double[] values, ulong missing = 0) => new()
    {
        Layout = layout,
        SlotCount = values.Length,
        ContentHash = hash,
        FirstNewSlot = firstNew,
        NewSeries = labels,
        Timestamp = new TimestampMs(time),
        Values = values,
        Missing = missing == 0 ? default : new[] { missing },
    };
}
