using ActorMon.Model.Labels;
using ActorMon.Model.Memory;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Storage;

namespace ActorMon.PromQL.Tests.Engine;

public sealed class LimitTests
{
    /// <summary>No query here is about time, however slow the machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly MemorySeriesSource _source = new();

    public LimitTests()
    {
        for (var series = 0; series < 50; series++)
            for (var i = 0; i < 100; i++)
                _source.Add(LabelSet.Of("__name__", "m", "i", $"{series}"), i * 10_000, i);
    }

    [Fact]
    public async Task A_query_that_needs_more_bytes_than_one_may_have_fails_with_the_setting_and_gives_all_back()
    {
        var memory = new QueryMemory(new MemoryBudget(1 << 30), 100_000);
        var result = await RunAsync("m", memory);
        Assert.Equal(QueryErrorKind.Execution, result.Error?.Kind);
        Assert.Equal(
            "query processing would load too many samples into memory in query execution: it needs more than 100000 bytes (actormon.query.max-memory-per-query)", result.Error?.Text);
        Assert.Equal(0, memory.Used);
    }

    [Fact]
    public async Task A_query_that_finds_the_node_full_fails_and_the_results_of_others_stay()
    {
        var budget = new MemoryBudget(700_000);
        var memory = new QueryMemory(budget, 700_000);
        var first = await RunAsync("m", memory);
        Assert.True(first.IsSuccess, first.Error?.Text);
        var held = memory.Used;
        var second = await RunAsync("m or (m * 2) or (m * 3)", memory);
        Assert.EndsWith(" of the 700000 bytes of this node's memory budget are taken (actormon.memory.budget)", second.Error?.Text, StringComparison.Ordinal);
        Assert.Equal((held, held, 1), (memory.Used, budget.Reserved, budget.Refused));
        first.Memory!.Dispose();
        Assert.Equal(0, memory.Used);
        var third = await RunAsync("m", memory);
        Assert.True(third.IsSuccess, third.Error?.Text);
        third.Memory!.Dispose();
    }

    [Fact]
    public async Task Large_queries_that_fill_the_node_leave_room_for_small_ones()
    {
        var memory = new QueryMemory(new MemoryBudget(32 << 20), 32 << 20);
        var held = new List<QueryResult>();
        QueryResult large;
        while ((large = await RunAsync("m", memory, step: 50)).IsSuccess)
            held.Add(large);
        Assert.Contains("(actormon.memory.budget)", large.Error.Text, StringComparison.Ordinal);
        Assert.NotEmpty(held);
        var small = await RunAsync("count(m)", memory, step: 60_000);
        Assert.True(small.IsSuccess, small.Error?.Text);
        foreach (var result in held.Append(small))
            result.Memory!.Dispose();
        Assert.Equal(0, memory.Used);
    }

    [Fact]
    public async Task A_hundred_heavy_queries_at_once_all_end_within_the_memory_and_a_small_one_beside_them_is_answered()
    {
        using var lane = new HeavyLane(2);
        var memory = new QueryMemory(new MemoryBudget(64 << 20), 32 << 20);
        var heavy = Enumerable.Range(0, 100).Select(_ => Task.Run(() => RunAsync("quantile by (i) (0.5, m or m * 2)", memory, lane, step: 20))).ToArray();
        var small = await RunAsync("1 + 1", memory, lane);
        Assert.True(small.IsSuccess);
        foreach (var result in await Task.WhenAll(heavy))
        {
            Assert.True(result.IsSuccess || result.Error.Text.Contains("memory budget are taken", StringComparison.Ordinal) || result.Error.Text.Contains("max-memory-per-query", StringComparison.Ordinal), result.Error?.Text);
            result.Memory?.Dispose();
        }
        small.Memory!.Dispose();
        Assert.Equal(0, memory.Used);
    }

    [Fact]
    public async Task A_query_that_waits_for_its_turn_leaves_when_it_is_canceled()
    {
        using var lane = new HeavyLane(1);
        Assert.True(lane.TryTakeIdle());
        using var client = new CancellationTokenSource();
        var waiting = RunAsync("m", new QueryMemory(new MemoryBudget(1 << 30), 1 << 30), lane, step: 20, client.Token);
        Assert.Equal(1, lane.Waiting);
        await client.CancelAsync();
        Assert.Equal(QueryErrorKind.Canceled, (await waiting).Error?.Kind);
        lane.GiveBack();
    }

    [Theory]
    [InlineData("quantile_over_time(0.5, vector(time())[30d:1s])")]
    [InlineData("mad_over_time(vector(time())[30d:1s])")]
    [InlineData("predict_linear(vector(time())[30d:1s], 1)")]
    [InlineData("stddev_over_time(vector(time())[30d:1s])")]
    public async Task A_query_ends_when_it_is_cancelled_even_within_one_series(string endless)
    {
        using var killed = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        // Undisturbed: 2.6 million windows of as many samples.
        var result = await Task.Run(() => RunAsync($"count_over_time({endless}[30d:1s])", new QueryMemory(new MemoryBudget(1 << 30), 1 << 30), cancellation: killed.Token));

        Assert.Equal(QueryErrorKind.Canceled, result.Error?.Kind);
    }

    private Task<QueryResult> RunAsync(string query, QueryMemory memory, HeavyLane? lane = null, long step = 1000, CancellationToken cancellation = default) =>
        new QueryEngine(new QueryEngineOptions { Memory = memory, HeavyLane = lane, Timeout = Patience }).ExecuteAsync(
            new QueryRequest
            {
                Expression = PromQLParser.Parse(query, ParserOptions.All).Expr ?? throw new ArgumentException(query),
                Text = query,
                Start = 0,
                End = 600_000,
                StepMs = step,
            },
            _source,
            cancellation);
}
