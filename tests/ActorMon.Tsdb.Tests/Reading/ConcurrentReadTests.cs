using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Tests.Storage;

namespace ActorMon.Tsdb.Tests.Reading;

public class ConcurrentReadTests
{
    private const int Slots = 40;
    private const int LooseSeries = 30;
    private const int Batches = 1_500;

    private static SampleBatch Batch(int n)
    {
        // Two layouts take turns every hundred batches: series move while they are read.
        var layout = new LayoutId(new WriterId(1), (uint)(n / 100));
        var labels = Enumerable.Range(0, Slots).Select(s => LabelSet.Of("__name__", "slot", "s", $"{s}")).ToArray();
        return new SampleBatch
        {
            Writer = new WriterId(1),
            Number = n,
            Partition = Workload.Partition,
            Columns = new LayoutColumns
            {
                Layout = layout,
                SlotCount = Slots,
                FirstNewSlot = 0,
                NewSeries = labels,
                ContentHash = labels.Aggregate(0UL, (h, l) => LayoutHash.Append(h, StableHash.Of(l))),
                Timestamp = new TimestampMs(n),
                Values = Enumerable.Repeat((double)n, Slots).ToArray(),
            },
            Loose = [.. Enumerable.Range(0, LooseSeries).Select(s => new LooseSample(LabelSet.Of("__name__", "loose", "s", $"{s}"), new TimestampMs(n), n))],
        };
    }

    [Fact]
    public async Task Readers_see_whole_batches_only_and_a_view_never_changes()
    {
        using var store = StoreLifeTests.Open(new MemoryFiles(), StoreLifeTests.Options(segmentBytes: 1 << 20) with { NodeRetention = new NodeRetention(new RetentionPolicy(null)) });
        var done = false;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var kept = new List<(PartitionView View, int Count)>();
            var reads = 0;
            while (!Volatile.Read(ref done) || reads == 0)
            {
                var view = store.View;
                var count = ReadWhole(view);
                reads++;
                if (kept.Count < 20)
                    kept.Add((view, count));
            }
            foreach (var (view, count) in kept)
                Assert.Equal(count, ReadWhole(view));
            return reads;
        })).ToArray();
        try
        {
            var results = new AppendResult[1];
            for (var n = 1; n <= Batches; n++)
            {
                store.Append([Batch(n)], results);
                Assert.Equal(AppendStatus.Accepted, results[0].Status);
                if (n % 150 == 0)
                    store.Maintain();
            }
        }
        finally
        {
            Volatile.Write(ref done, true);
        }
        foreach (var reader in readers)
            Assert.True(await reader > 0);
        Assert.Equal(Batches, ReadWhole(store.View));
    }

    /// <summary>Every series of the view has the samples 1..n for one and the same n, which is returned.</summary>
    private static int ReadWhole(PartitionView view)
    {
        var buffer = new SampleBuffer();
        using var selection = view.Select(new SeriesRequest([new Matcher(MatchOperator.Regex, "__name__", "slot|loose")], TimestampMs.Min, TimestampMs.Max));
        var count = -1;
        Assert.True(selection.Count is 0 or Slots + LooseSeries, $"{selection.Count} series");
        for (var i = 0; i < selection.Count; i++)
        {
            selection.Read(i, buffer);
            if (count < 0)
                count = buffer.Count;
            Assert.Equal(count, buffer.Count);
            for (var n = 0; n < buffer.Count; n++)
            {
                if (buffer.Times[n] != n + 1 || buffer.Values[n] != n + 1)
                    Assert.Fail($"{selection.LabelsAt(i)}: sample {n} is {buffer.Values[n]} at {buffer.Times[n]}");
            }
        }
        return Math.Max(count, 0);
    }
}
