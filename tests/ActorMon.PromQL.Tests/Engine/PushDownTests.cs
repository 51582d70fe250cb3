using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Sharding;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Explain;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Storage;

namespace ActorMon.PromQL.Tests.Engine;

public sealed class PushDownTests
{
    private static readonly QueryEngine Engine = new(new QueryEngineOptions());

    private static readonly string[] Aggregations =
    [
        "sum by (job) (rate(a_total[2m]))", "sum(a_total)", "max by (job) (increase(a_total[3m]))", "min(avg_over_time(c_bucket[2m]))", "count by (le) (c_bucket)",
        "group by (job) (b)", "sum by (job) (rate(a_total[2m]) * 60 > 1)", "sum(clamp_max(rate(a_total[90s]), 0.3))", "sum by (le) (rate(c_bucket[2m] offset 1m))",
        "sum(rate(a_total[2m] @ 500)) + sum(rate(a_total[2m]))", "sum(rate(a_total[2m])) / count(a_total)", "histogram_quantile(0.9, sum by (le) (rate(c_bucket[2m])))",
        "sum(irate(b[2m]))", "sum(-a_total)", "sum(round(rate(a_total[2m]), 0.01))", "topk(2, sum by (instance) (rate(a_total[2m])))", "sum by (job) (rate({__name__=~\"a_total|b\"}[2m]))",
        "sum(quantile_over_time(1.5, a_total[2m]))", "max(b)", "sum without (instance) (predict_linear(a_total[5m], time() / 1e8))",
    ];

    [Theory]
    [InlineData(21, 2, 1)]
    [InlineData(22, 5, 3)]
    [InlineData(23, 16, 4)]
    public async Task Random_queries_give_the_same_bits_annotations_and_counts_wherever_the_series_are(int seed, int partitions, int nodes)
    {
        var random = new Random(seed);
        var whole = RandomData.Create(random);
        var spread = Spread(whole, partitions, nodes, random);
        var grammar = new QueryGrammar(random);
        for (var i = 0; i < 300; i++)
            await EqualAsync(grammar.Vector(4), random.Next(), whole, spread, i % 2 == 0);
        Assert.True(spread.Computed > 20, $"{spread.Computed} of {spread.Asked} fragments were computed");
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public async Task Aggregations_of_parts_give_the_bits_of_the_whole(int seed)
    {
        var random = new Random(seed);
        var whole = RandomData.Create(random);
        var spread = Spread(whole, 8, 3, random);
        for (var i = 0; i < 200; i++)
            await EqualAsync(Aggregations[i % Aggregations.Length], random.Next(), whole, spread, delayed: i / Aggregations.Length % 2 == 0);
        Assert.True(spread.Computed > 60, $"{spread.Computed} of {spread.Asked} fragments were computed");
    }

    [Fact]
    public async Task Sums_of_usual_rates_are_put_together_without_reading_a_sample()
    {
        var whole = Counters();
        var spread = Spread(whole, 8, 3, new Random(1));
        await EqualAsync("sum by (job) (rate(a_total[2m]))", 1, whole, spread, delayed: false);
        Assert.Equal((1, 1, 0), (spread.Asked, spread.Computed, spread.Read));
    }

    [Fact]
    public async Task So_are_sums_of_whole_numbers_of_any_size()
    {
        var random = new Random(3);
        var whole = new MemorySeriesSource();
        for (var i = 0; i < 200; i++)
            for (var time = 0; time < 700_000; time += 15_000)
                whole.Add(LabelSet.Of("__name__", "a_total", "instance", $"{i}"), time, Math.Floor(Math.Pow(10, random.NextDouble() * 15)));
        var spread = Spread(whole, 8, 3, new Random(1));
        await EqualAsync("sum(a_total)", 1, whole, spread, delayed: false);
        Assert.Equal((1, 1, 0), (spread.Asked, spread.Computed, spread.Read));
    }

    [Fact]
    public async Task A_sum_whose_last_bits_depend_on_the_order_is_read_as_samples()
    {
        var whole = Counters();
        for (var time = 0; time < 700_000; time += 15_000)
            whole.Add(LabelSet.Of("__name__", "a_total", "job", "tiny"), time, 1e-30 * time);
        var spread = Spread(whole, 8, 3, new Random(1));
        await EqualAsync("sum(rate(a_total[2m]))", 1, whole, spread, delayed: false);
        Assert.Equal((1, 1, 1), (spread.Asked, spread.Computed, spread.Read));
    }

    [Fact]
    public async Task Another_plan_is_declined_and_the_samples_are_read()
    {
        var whole = Counters();
        var spread = new SpreadSource(Engine, Nodes(whole, 8, 3, new Random(1))) { OnTheWay = request => request with { Fragments = [.. request.Fragments.Select(each => each with { Key = "other" })] } };
        await EqualAsync("sum by (job) (rate(a_total[2m]))", 1, whole, spread, delayed: false);
        Assert.Equal((1, 0, 1), (spread.Asked, spread.Computed, spread.Read));
    }

    [Fact]
    public async Task Analyze_tells_what_each_node_computed()
    {
        var spread = Spread(Counters(), 8, 3, new Random(1));
        var result = await Engine.ExecuteAsync(Request("sum by (job) (rate(a_total[2m]))", new Random(1), false) with { Mode = QueryMode.Analyze }, spread);
        var text = PlanText.Of(result.Plan!);
        for (var n = 0; n < 3; n++)
            Assert.Contains($"fragment at node{n}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_tells_which_parts_would_be_asked_for_and_asks_nobody()
    {
        var spread = Spread(Counters(), 8, 3, new Random(1));
        var request = Request("sum by (job) (rate(a_total[2m])) + on (job) avg_over_time(sum by (job) (a_total)[5m:1m])", new Random(1), false);
        var result = await Engine.ExecuteAsync(request with { Mode = QueryMode.Explain }, spread);
        var lines = PlanText.Of(result.Plan!).Split('\n');
        Assert.Equal((0, 0), (spread.Asked, spread.Read));
        Assert.Single(lines, line => line.Contains("fragment at the nodes that hold the series", StringComparison.Ordinal));
    }

    private static async Task EqualAsync(string query, int run, ISeriesSource whole, SpreadSource spread, bool delayed)
    {
        var expected = await Engine.ExecuteAsync(Request(query, new Random(run), delayed), whole);
        var actual = await Engine.ExecuteAsync(Request(query, new Random(run), delayed), spread);
        Assert.True(ExactText.Of(expected) == ExactText.Of(actual), $"{query}\n{ExactText.Of(expected)}\n{ExactText.Of(actual)}");
        if (expected.IsSuccess)
            Assert.True(ExactText.OfCounts(expected.Stats) == ExactText.OfCounts(actual.Stats), $"{query}\n{ExactText.OfCounts(expected.Stats)}\n{ExactText.OfCounts(actual.Stats)}");
    }

    private static QueryRequest Request(string query, Random random, bool delayed)
    {
        var parsed = PromQLParser.Parse(query, ParserOptions.All);
        Assert.True(parsed.Success, $"{query}: {parsed.ErrorText}");
        var instant = random.Next(3) == 0;
        return new QueryRequest
        {
            Expression = parsed.Expr!,
            Text = query,
            Start = instant ? 400_000 : 100_000,
            End = 600_000,
            StepMs = instant ? 0 : 20_000 + random.Next(100_000),
            Features = new QueryFeatures { DelayedNameRemoval = delayed },
            MaxSamples = 1_000_000,
            PerStepStats = random.Next(2) == 0,
        };
    }

    private static MemorySeriesSource Counters()
    {
        var random = new Random(7);
        var whole = new MemorySeriesSource();
        for (var i = 0; i < 60; i++)
        {
            var value = 0.0;
            for (var time = 0; time < 700_000; time += 15_000)
                whole.Add(LabelSet.Of("__name__", "a_total", "job", i % 2 == 0 ? "x" : "y", "instance", $"{i}"), time, value += random.Next(1000) / 7.0);
        }
        return whole;
    }

    private static SpreadSource Spread(MemorySeriesSource whole, int partitions, int nodes, Random random) => new(Engine, Nodes(whole, partitions, nodes, random));

    /// <summary>Each partition on one of the nodes.</summary>
    private static MemorySeriesSource[] Nodes(MemorySeriesSource whole, int partitions, int nodes, Random random)
    {
        var holders = Enumerable.Range(0, partitions).Select(_ => random.Next(nodes)).ToArray();
        var parts = new MemorySeriesSource[nodes];
        for (var n = 0; n < nodes; n++)
        {
            var node = n;
            whole.CopyTo(parts[n] = new MemorySeriesSource(), (labels, _) => holders[(int)(StableHash.Of(labels) % (ulong)partitions)] == node);
        }
        return parts;
    }
}
