using System.Globalization;
using System.Text;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;

namespace ActorMon.Actors.Tests.Reading;

public sealed class ClusterSeriesTests
{
    private const long Start = 1_700_000_000_000;
    private static readonly SeriesRequest Everything = new([], TimestampMs.Min, TimestampMs.Max);

    [Fact]
    public async Task Every_node_reads_the_same_wherever_the_copies_are()
    {
        using var cluster = new ReadCluster(4, [[0], [1], [2], [0, 1], [1, 2], [2, 0], [0, 1, 2], [1]]);
        Fill(cluster);
        var expected = await ReadAllAsync(cluster, 0);
        Assert.True(expected.Contains("instance=\"h49\"", StringComparison.Ordinal));
        // The last one holds nothing at all.
        for (var n = 1; n < 4; n++)
            Assert.Equal(expected, await ReadAllAsync(cluster, n));
    }

    [Fact]
    public async Task A_read_asks_each_other_node_once_and_nobody_for_what_is_here()
    {
        using var cluster = new ReadCluster(3, [[0], [1], [1], [2], [2], [0, 1], [0, 2], [1]]);
        Fill(cluster);
        using var selection = await cluster.Nodes[0].Series.SelectAsync(Everything, CancellationToken.None);
        Assert.Equal([1, 2], cluster.Calls.Order());
        Assert.Empty(selection.Warnings);
    }

    [Fact]
    public async Task A_node_that_holds_everything_asks_nobody()
    {
        using var cluster = new ReadCluster(2, [[0, 1], [0, 1]]);
        Fill(cluster);
        using var selection = await cluster.Nodes[0].Series.SelectAsync(Everything, CancellationToken.None);
        Assert.Empty(cluster.Calls);
        Assert.Equal(Text(selection), await SamplesAsync(cluster, 1));
    }

    [Theory]
    [InlineData(LinkStatus.Unreachable)]
    [InlineData(LinkStatus.Busy)]
    [InlineData(LinkStatus.NotHeld)]
    [InlineData(LinkStatus.WrongNode)]
    public async Task What_a_node_does_not_answer_is_asked_of_the_next_holder(LinkStatus status)
    {
        using var cluster = new ReadCluster(4, [[1, 2], [1, 2], [1, 2], [2, 1]]);
        Fill(cluster);
        var expected = await SamplesAsync(cluster, 1);
        for (var gone = 1; gone <= 2; gone++)
        {
            var away = gone;
            cluster.Fault = n => n == away ? new LinkAnswer(status, $"node {n} is away", 0, null) : null;
            Assert.Equal(expected, await SamplesAsync(cluster, 0));
        }
    }

    [Fact]
    public async Task An_answer_that_breaks_off_or_is_damaged_counts_for_nothing()
    {
        using var cluster = new ReadCluster(3, [[1, 2], [1, 2], [1, 2], [2, 1]]);
        Fill(cluster);
        var expected = await SamplesAsync(cluster, 1);
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var hurt = random.Next(1, 3);
            cluster.Damage = (n, bytes) =>
            {
                if (n != hurt)
                    return bytes;
                if (random.Next(2) == 0)
                    return bytes[..random.Next(bytes.Length)];
                bytes[random.Next(bytes.Length)] ^= 0x10;
                return bytes;
            };
            Assert.Equal(expected, await SamplesAsync(cluster, 0));
        }
    }

    [Fact]
    public async Task A_partition_without_a_holder_within_reach_is_named_with_its_times()
    {
        using var cluster = new ReadCluster(3, [[0], [1], [2], [2]]);
        Fill(cluster);
        cluster.Fault = n => n == 2 ? new LinkAnswer(LinkStatus.Unreachable, "node 2: connection refused", 0, null) : null;
        using var selection = await cluster.Nodes[0].Series.SelectAsync(new SeriesRequest([], new TimestampMs(0), new TimestampMs(60_000)), CancellationToken.None);
        var warning = Assert.Single(selection.Warnings);
        Assert.Equal(
            "results are incomplete: no complete copy of partitions 2, 3 is within reach, of 4; missing is what they hold from 1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z "
            + "(node 2: connection refused)",
            warning);
        var names = await cluster.Nodes[0].Series.LabelNamesAsync([], TimestampMs.Min, TimestampMs.Max, CancellationToken.None);
        Assert.Single(names.Warnings);
        Assert.NotEmpty(names.Value);
    }

    [Fact]
    public async Task A_node_whose_copy_is_not_in_sync_any_more_refuses_and_the_next_holder_answers()
    {
        using var cluster = new ReadCluster(3, [[1, 2], [1, 2]]);
        Fill(cluster);
        var expected = await SamplesAsync(cluster, 1);
        // Node 0 goes by an older map than node 1, which has stepped out of partition 0 and knows it.
        _ = cluster.Nodes[0].Placements.Current;
        _ = cluster.Nodes[2].Placements.Current;
        cluster.Holders[0] = [2];
        cluster.Nodes[1].MapChanged();
        Assert.Equal(expected, await SamplesAsync(cluster, 0));
    }

    [Fact]
    public async Task Newest_samples_are_the_same_on_every_node_also_when_a_holder_is_away()
    {
        using var cluster = new ReadCluster(4, [[0], [1, 2], [2, 1], [0, 1], [1, 2], [2, 0], [1, 2], [0, 2]]);
        Fill(cluster);
        LabelSet[] asked = [.. Enumerable.Range(0, 60).Select(i => LabelSet.Of("__name__", $"m{i % 7}", "job", "j", "instance", $"h{i}"))];
        var expected = asked.Select((_, i) => i >= 50 ? null : ((long, double)?)(Start + (19 * 15_000), i % 3 == 0 ? i + 19 : Math.Sin(i + 19))).ToArray();
        Assert.Equal(expected, await NewestAsync(3));
        cluster.Fault = n => n == 1 ? new LinkAnswer(LinkStatus.Unreachable, "node 1 is away", 0, null) : null;
        for (var n = 0; n < 4; n++)
            Assert.Equal(expected, await NewestAsync(n));

        async Task<(long, double)?[]> NewestAsync(int node)
        {
            var (newest, missing) = await cluster.Nodes[node].Series.NewestAsync(asked, CancellationToken.None);
            Assert.Empty(missing);
            return [.. asked.Select(newest.Newest)];
        }
    }

    [Fact]
    public async Task Newest_samples_that_nobody_within_reach_has_are_missing_and_other_partitions_do_not_matter()
    {
        using var cluster = new ReadCluster(3, [[1], [2]]);
        Fill(cluster);
        cluster.Fault = n => n == 2 ? new LinkAnswer(LinkStatus.Unreachable, "node 2: connection refused", 0, null) : null;
        var all = Enumerable.Range(0, 50).Select(i => LabelSet.Of("__name__", $"m{i % 7}", "job", "j", "instance", $"h{i}")).ToLookup(set => Placement.Of(set, 2).Value);
        Assert.Empty((await cluster.Nodes[0].Series.NewestAsync(all[0], CancellationToken.None)).Warnings);
        var (_, missing) = await cluster.Nodes[0].Series.NewestAsync(all[1], CancellationToken.None);
        Assert.Contains("no complete copy of partitions 1 is within reach", Assert.Single(missing), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Newest_samples_of_a_copy_that_is_not_in_sync_count_for_nothing()
    {
        using var cluster = new ReadCluster(3, [[1], [1, 2]]);
        Fill(cluster);
        // Node 1 still has the files of partition 0, which is nobody's now.
        _ = cluster.Nodes[0].Placements.Current;
        cluster.Holders[0] = [];
        cluster.Nodes[1].MapChanged();
        var series = Enumerable.Range(0, 50).Select(i => LabelSet.Of("__name__", $"m{i % 7}", "job", "j", "instance", $"h{i}")).ToArray();
        var (newest, missing) = await cluster.Nodes[0].Series.NewestAsync(series, CancellationToken.None);
        Assert.Single(missing);
        Assert.All(series, set => Assert.Equal(Placement.Of(set, 2).Value == 1, newest.Newest(set) is not null));
    }

    [Fact]
    public async Task What_is_received_is_counted_against_the_budget_and_given_back()
    {
        using var cluster = new ReadCluster(2, [[1], [1]]);
        Fill(cluster);
        var budget = new CountingBudget(long.MaxValue);
        using (await cluster.Nodes[0].Series.SelectAsync(Everything with { Budget = budget }, CancellationToken.None))
            Assert.InRange(budget.Held, 1000, 1_000_000);
        Assert.Equal(0, budget.Held);

        var small = new CountingBudget(1000);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await cluster.Nodes[0].Series.SelectAsync(Everything with { Budget = small }, CancellationToken.None));
        Assert.Equal(1, cluster.Calls.Count(n => n == 1) - 1);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_read()
    {
        using var cluster = new ReadCluster(2, [[1]]);
        using var gone = new CancellationTokenSource();
        cluster.Fault = _ =>
        {
            gone.Cancel();
            throw new OperationCanceledException(gone.Token);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cluster.Nodes[0].Series.SelectAsync(Everything, gone.Token));
    }

    private static void Fill(ReadCluster cluster)
    {
        for (var i = 0; i < 50; i++)
        {
            var labels = LabelSet.Of("__name__", $"m{i % 7}", "job", "j", "instance", $"h{i}");
            cluster.Write([.. Enumerable.Range(0, 20).Select(t => new LooseSample(labels, new TimestampMs(Start + (t * 15_000)), i % 3 == 0 ? i + t : Math.Sin(i + t)))]);
        }
        for (var p = 0; p < cluster.Holders.Length; p++)
        {
            var labels = Enumerable.Range(0, 10_000).Select(n => LabelSet.Of("__name__", "e", "n", $"{n}")).First(set => Placement.Of(set, cluster.Holders.Length).Value == p);
            cluster.Write(new SampleBatch
            {
                Writer = new WriterId(2),
                Partition = new PartitionId(p),
                Loose = [new LooseSample(labels, new TimestampMs(Start), 1)],
                Exemplars = [new SeriesExemplar(labels, new Exemplar(LabelSet.Of("trace_id", $"{p}"), p, new TimestampMs(Start)))],
                Metadata = [new FamilyMetadata("m1", new MetricMetadata(MetricType.Counter, $"help {p % 3}", "")), new FamilyMetadata($"p{p}", new MetricMetadata(MetricType.Gauge, "", ""))],
            });
        }
    }

    private static async Task<string> SamplesAsync(ReadCluster cluster, int node)
    {
        using var selection = await cluster.Nodes[node].Series.SelectAsync(Everything, CancellationToken.None);
        Assert.True(selection.Warnings.Count == 0, string.Join("; ", selection.Warnings));
        return Text(selection);
    }

    /// <summary>All that a node can be asked for, as text.</summary>
    private static async Task<string> ReadAllAsync(ReadCluster cluster, int node)
    {
        var series = cluster.Nodes[node].Series;
        Matcher[][] sets = [[Matcher.MetricNamed("m1")], [Matcher.Equal("instance", "h3")]];
        var (min, max) = (new TimestampMs(Start), TimestampMs.Max);
        var text = new StringBuilder(await SamplesAsync(cluster, node));
        text.AppendJoin(',', (await series.LabelNamesAsync(sets, min, max, default)).Value).Append('\n');
        text.AppendJoin(',', (await series.LabelNamesAsync([], min, max, default)).Value).Append('\n');
        text.AppendJoin(',', (await series.LabelValuesAsync("instance", sets, min, max, default)).Value).Append('\n');
        text.AppendJoin(',', (await series.SeriesAsync(sets, min, max, default)).Value).Append('\n');
        foreach (var (family, entries) in (await series.MetadataAsync(null, default)).Value.OrderBy(f => f.Key))
            text.Append(family).AppendJoin(',', entries).Append('\n');
        text.AppendJoin(',', (await series.MetadataAsync("m1", default)).Value["m1"]).Append('\n');
        foreach (var row in (await series.ExemplarsAsync([[Matcher.MetricNamed("e")]], min, max, default)).Value)
            text.Append(row.Series).AppendJoin(',', row.Exemplars).Append('\n');
        return text.ToString();
    }

    private static string Text(ISeriesSelection selection)
    {
        var text = new StringBuilder();
        var buffer = new SampleBuffer();
        for (var i = 0; i < selection.Count; i++)
        {
            selection.Read(i, buffer);
            text.Append(selection.LabelsAt(i));
            for (var s = 0; s < buffer.Count; s++)
                text.Append(CultureInfo.InvariantCulture, $" {BitConverter.DoubleToInt64Bits(buffer.Values[s]):x}@{buffer.Times[s]}");
            text.Append('\n');
        }
        return text.ToString();
    }

    private sealed class CountingBudget(long limit) : IReadBudget
    {
        public long Held { get; private set; }

        public void Take(long bytes)
        {
            if (Held + bytes > limit)
                throw new InvalidOperationException("no room");
            Held += bytes;
        }

        public void Free(long bytes) => Held -= bytes;
    }
}
