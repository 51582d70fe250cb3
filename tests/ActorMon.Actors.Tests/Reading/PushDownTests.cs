using System.Globalization;
using System.Text;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.PromQL.Explain;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Actors.Tests.Reading;

/// <summary>Queries of which parts are computed on other nodes, through the real frames.</summary>
public sealed class PushDownTests
{
    private const long Start = 1_700_000_000_000;

    private static readonly string[] Queries =
    [
        "sum by (job) (rate(requests_total[5m]))", "rate(requests_total{job=\"a\"}[5m])", "max by (job) (requests_total)", "count(requests_total) by (job)",
        "topk(3, increase(requests_total[10m]))", "sum(rate(requests_total[5m])) / count(requests_total)", "min_over_time(requests_total[5m])", "sum(deriv(requests_total[5m]))",
        "avg by (job) (rate(requests_total[5m]))", "sum(rate({job=~\".+\"}[5m]))", "max_over_time(sum(rate(requests_total[5m]))[10m:1m])", "absent_over_time(none[5m])",
    ];

    private static readonly int[][] Spread = [[0], [1], [2], [0, 1], [1, 2], [2, 0], [0, 1, 2], [1]];

    [Fact]
    public async Task Every_node_gives_the_same_answer_with_and_without_the_series()
    {
        using var cluster = new ReadCluster(5, [.. Spread.Select(holders => (int[])[.. holders, 4])]);
        Fill(cluster);
        foreach (var query in Queries)
        {
            var expected = await TextAsync(cluster, 4, query);
            Assert.True(expected.Length > 40, query);
            for (var n = 0; n < 4; n++)
                Assert.Equal(expected, await TextAsync(cluster, n, query));
        }
    }

    [Fact]
    public async Task A_query_asks_each_node_once_for_all_its_parts()
    {
        using var cluster = new ReadCluster(4, [[1], [1], [2], [2], [1], [2], [1, 2], [1]]);
        Fill(cluster);
        await TextAsync(cluster, 0, "sum by (job) (rate(requests_total[5m])) / count by (job) (requests_total)");
        Assert.Equal([1, 2], cluster.Calls.Order());
    }

    [Theory]
    [InlineData(LinkStatus.Unreachable)]
    [InlineData(LinkStatus.NotHeld)]
    public async Task A_part_that_a_node_does_not_compute_is_computed_by_its_sibling(LinkStatus status)
    {
        using var cluster = new ReadCluster(4, [[1, 2, 3], [1, 2, 3], [2, 1, 3]]);
        Fill(cluster);
        var expected = await TextAsync(cluster, 1, Queries[0]);
        cluster.Fault = n => n == 1 ? new LinkAnswer(status, "node 1 is away", 0, null) : null;
        var report = await RunAsync(cluster, 0, Queries[0], QueryMode.Analyze);
        Assert.Equal(expected, Text(report));
        Assert.Contains("fragment at 127.0.0.1:15602", PlanText.Of(report.Plan!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_damaged_on_its_way_counts_for_nothing()
    {
        using var cluster = new ReadCluster(3, [[1, 2], [1, 2], [2, 1]]);
        Fill(cluster);
        var expected = await TextAsync(cluster, 1, Queries[0]);
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            cluster.Damage = (n, bytes) =>
            {
                if (n != 1)
                    return bytes;
                if (random.Next(2) == 0)
                    return bytes[..random.Next(bytes.Length)];
                bytes[random.Next(bytes.Length)] ^= 0x10;
                return bytes;
            };
            Assert.Equal(expected, await TextAsync(cluster, 0, Queries[0]));
        }
    }

    [Fact]
    public async Task An_older_node_is_read_and_not_asked_for_parts_again()
    {
        using var cluster = new ReadCluster(3, [[1], [2], [1], [2]]);
        Fill(cluster);
        var expected = await TextAsync(cluster, 0, Queries[0]);
        cluster.Nodes[2].KnowsUpTo = ReadKind.Newest;
        Assert.Equal(expected, await TextAsync(cluster, 0, Queries[0]));
        cluster.Calls.Clear();
        Assert.Equal(expected, await TextAsync(cluster, 0, Queries[0]));
        Assert.Equal([1, 2], cluster.Calls.Order());
    }

    [Fact]
    public async Task What_no_node_within_reach_holds_is_named_or_ends_the_query()
    {
        using var cluster = new ReadCluster(3, [[1], [2], [1], [2]]);
        Fill(cluster);
        cluster.Fault = n => n == 2 ? new LinkAnswer(LinkStatus.Unreachable, "node 2 is away", 0, null) : null;
        var partial = await RunAsync(cluster, 0, Queries[0]);
        Assert.Contains("no complete copy of partitions 1, 3 is within reach", Assert.Single(partial.Missing), StringComparison.Ordinal);
        Assert.Equal(QueryErrorKind.Unavailable, (await RunAsync(cluster, 0, Queries[0], deny: true)).Error!.Kind);
    }

    [Fact]
    public async Task A_node_that_was_cut_off_while_it_computed_is_not_believed()
    {
        using var cluster = new ReadCluster(3, [[1, 2], [1, 2]]);
        Fill(cluster);
        var expected = await TextAsync(cluster, 2, Queries[0]);
        var looked = 0;
        cluster.Nodes[1].Confirmed = () => looked++ < 4;
        Assert.Equal(expected, await TextAsync(cluster, 0, Queries[0]));
    }

    [Fact]
    public async Task The_memory_of_all_sides_comes_back()
    {
        using var cluster = new ReadCluster(3, [[1], [2], [0]]);
        Fill(cluster);
        foreach (var query in Queries)
            (await RunAsync(cluster, 0, query)).Memory?.Dispose();
        foreach (var node in cluster.Nodes)
            Assert.Equal(0, node.Engine.Options.Memory!.Used);
    }

    private static void Fill(ReadCluster cluster)
    {
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            var labels = LabelSet.Of("__name__", "requests_total", "instance", $"host{i}", "job", i % 3 == 0 ? "a" : "b");
            var value = 0.0;
            for (var t = 0; t < 120; t++)
                cluster.Write(new LooseSample(labels, new TimestampMs(Start + (t * 15_000)), value += random.Next(100)));
        }
    }

    private static async Task<string> TextAsync(ReadCluster cluster, int node, string query) => Text(await RunAsync(cluster, node, query));

    private static async Task<QueryResult> RunAsync(ReadCluster cluster, int node, string query, QueryMode mode = QueryMode.Run, bool deny = false)
    {
        var request = new QueryRequest
        {
            Expression = PromQLParser.Parse(query, ParserOptions.Default).Expr!,
            Text = query,
            Start = Start + 300_000,
            End = Start + 1_700_000,
            StepMs = 60_000,
            PerStepStats = true,
            Mode = mode,
            DenyPartial = deny,
        };
        return await cluster.Nodes[node].Engine.ExecuteAsync(request, cluster.Nodes[node].Series);
    }

    /// <summary>What the answer says, numbers by their bits, and what it counts; it must be complete.</summary>
    private static string Text(QueryResult result)
    {
        Assert.True(result.IsSuccess, result.Error?.Text);
        Assert.Empty(result.Missing);
        var text = new StringBuilder();
        text.AppendJoin(';', result.Warnings).AppendJoin(';', result.Infos);
        text.Append(CultureInfo.InvariantCulture, $" {result.Stats.TotalQueryableSamples} {result.Stats.SamplesRead} {result.Stats.PeakSamples} {string.Join(",", result.Stats.TotalPerStep!)}\n");
        foreach (var series in ((MatrixValue)result.Value).Series)
            text.Append(series.Labels).Append(' ').AppendJoin(' ', series.Values.Select(BitConverter.DoubleToInt64Bits)).Append('\n');
        result.Memory?.Dispose();
        return text.ToString();
    }
}
