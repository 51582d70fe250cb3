using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Testing.IO;
using ActorMon.Tsdb.Cardinality;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Cardinality;

/// <summary>The heads of two partitions, one of them with a symbol table of its own, against a count by hand.</summary>
public sealed class HeadCardinalityTests : IDisposable
{
    private const long Now = 1_700_000_000_000;
    private readonly TempFolder _folder = new();
    private readonly List<PartitionStore> _stores = [];

    public void Dispose()
    {
        foreach (var store in _stores)
            store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Everything_is_counted_as_the_original_counts_it()
    {
        var views = Views(
            [Series("up", "a", "h1"), Series("up", "a", "h2"), Series("ü", "b", "h1")],
            [Series("up", "b", "h3"), LabelSet.Of("__name__", "plain")]);

        var found = HeadCardinality.Of(views, 3);

        Assert.Equal((5, 3 + 2 + 3), (found.Series, found.LabelPairs));
        Assert.Equal((Now, Now + 4), (found.MinTime, found.MaxTime));
        Assert.Equal([new("__name__", "up", 3), new("__name__", "plain", 1), new("__name__", "ü", 1)], found.Metrics);
        Assert.Equal([new("__name__", "up", 3), new("instance", "h1", 2), new("job", "a", 2)], found.Pairs);
        Assert.Equal(
            [new("__name__", 3, 5, 3 * 2 + 5 + 2), new("instance", 3, 4, 4 * 2), new("job", 2, 4, 4)], found.Labels);
    }

    [Fact]
    public void Matchers_and_times_narrow_what_is_counted()
    {
        var views = Views(
            [Series("up", "a", "h1"), Series("up", "a", "h2"), Series("down", "b", "h1")],
            [Series("up", "b", "h3")]);

        var byJob = HeadCardinality.Of(views, Sets(views[0], Matcher.Equal("job", "a")), TimestampMs.Min, TimestampMs.Max, 10, default);
        Assert.Equal((2, 4), (byJob.Series, byJob.LabelPairs));
        Assert.Equal([new("__name__", "up", 2)], byJob.Metrics);

        var either = HeadCardinality.Of(
            views, Sets(views[0], Matcher.Equal("job", "a"), Matcher.Equal("instance", "h3")), TimestampMs.Min, TimestampMs.Max, 10, default);
        Assert.Equal(3, either.Series);

        var first = HeadCardinality.Of(views, [], new TimestampMs(Now), new TimestampMs(Now), 10, default);
        Assert.Equal([new("__name__", "up", 1)], first.Metrics);

        var all = HeadCardinality.Of(views, [], TimestampMs.Min, TimestampMs.Max, 10, default);
        var fast = HeadCardinality.Of(views, 10);
        Assert.Equal((fast.Series, fast.LabelPairs), (all.Series, all.LabelPairs));
        Assert.Equal(fast.Metrics, all.Metrics);
        Assert.Equal(fast.Pairs, all.Pairs);
        Assert.Equal(fast.Labels, all.Labels);
    }

    [Fact]
    public void Empty_heads_have_the_bounds_of_an_empty_head()
    {
        var found = HeadCardinality.Of(Views([], []), 10);

        Assert.Equal((0, 0, 0), (found.Series, found.LabelPairs, found.Chunks));
        Assert.Equal((long.MaxValue, long.MinValue), (found.MinTime, found.MaxTime));
        Assert.Empty(found.Metrics);
        Assert.Empty(found.Labels);
    }

    [Fact]
    public void Of_equal_counts_the_first_in_order_of_names_and_values_win()
    {
        var found = HeadCardinality.Of(Views([.. Enumerable.Range(0, 500).Select(i => LabelSet.Of("z", $"{i * 7919 % 500:000}"))], [LabelSet.Of("b", "2"), LabelSet.Of("b", "1")]), 4);

        Assert.Equal([new("b", "1", 1), new("b", "2", 1), new("z", "000", 1), new("z", "001", 1)], found.Pairs);
    }

    private static LabelSet Series(string metric, string job, string instance) => LabelSet.Of("__name__", metric, "job", job, "instance", instance);

    private static ResolvedMatchers[] Sets(PartitionView view, params Matcher[] matchers) => [.. matchers.Select(m => ResolvedMatchers.Resolve([m], view.Symbols))];

    /// <summary>One sample each, a millisecond apart.</summary>
    private PartitionView[] Views(params LabelSet[][] partitions)
    {
        var views = new PartitionView[partitions.Length];
        var time = Now;
        for (var p = 0; p < partitions.Length; p++)
        {
            var directory = _folder.File($"p-{p}");
            Directory.CreateDirectory(directory);
            var store = PartitionStore.Open(
                new PartitionOptions { Directory = directory, Partition = new PartitionId(p), Partitions = 16, ClusterId = Guid.NewGuid() },
                new NodeSymbols(), DiskFiles.Instance, new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Now)));
            _stores.Add(store);
            if (partitions[p].Length > 0)
            {
                var results = new AppendResult[1];
                store.Append([new SampleBatch
                {
                    Writer = new WriterId(1),
                    Number = 1,
                    Partition = new PartitionId(p),
                    Loose = [.. partitions[p].Select(s => new LooseSample(s, new TimestampMs(time++), 1))],
                }], results);
                Assert.Equal(AppendStatus.Accepted, results[0].Status);
            }
            views[p] = store.View;
        }
        return views;
    }
}
