using ActorMon.Model.Memory;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Tests.Engine;

/// <summary>Seeded random queries with little memory: an answer or the error that names the limit, never more than the limit, and all of it given back.</summary>
public sealed class BoundedMemoryTests
{
    private const int PerQuery = 200_000;

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Random_queries_stay_within_their_memory(int seed)
    {
        var random = new Random(seed);
        var source = RandomData.Create(random);
        var grammar = new QueryGrammar(random);
        var memory = new QueryMemory(new MemoryBudget(PerQuery), PerQuery);
        var engine = new QueryEngine(new QueryEngineOptions { Memory = memory });
        var (answered, refused) = (0, 0);
        for (var i = 0; i < 120; i++)
        {
            var text = grammar.Vector(4);
            var result = await engine.ExecuteAsync(
                new QueryRequest
                {
                    Expression = PromQLParser.Parse(text, ParserOptions.All).Expr!,
                    Text = text,
                    Start = 100_000,
                    End = 600_000,
                    StepMs = 100 + random.Next(2_000),
                },
                source);
            Assert.True(memory.Used <= PerQuery, $"{text}: {memory.Used} bytes");
            result.Memory?.Dispose();
            Assert.Equal(0, memory.Used);
            answered += result.IsSuccess ? 1 : 0;
            if (result.Error?.Text.Contains("too many samples into memory", StringComparison.Ordinal) == true)
                refused++;
        }
        Assert.True(answered > 10 && refused > 10, $"{answered} answered, {refused} over the limit: one kind is too rare to mean anything");
    }

    /// <summary>A subquery of years by milliseconds, windows over it, and a pile of them: refused or answered, not tried at any price.</summary>
    [Theory]
    [InlineData("sum_over_time(vector(1)[10y:1ms])")]
    [InlineData("max_over_time(sum_over_time(b[1d:1ms])[1d:1ms])")]
    [InlineData("quantile_over_time(0.5, (b + on (instance) group_left () a_total)[1h:1ms])")]
    [InlineData("count_values(\"v\", b[10y:1s])")]
    [InlineData("label_join(absent(b[5y:1s] @ 1), \"a\", \",\", \"b\")")]
    public async Task Queries_that_ask_for_too_much_are_refused_by_a_limit_or_by_their_type(string text)
    {
        var parsed = PromQLParser.Parse(text, ParserOptions.All);
        if (parsed.Expr is null)
        {
            Assert.NotEmpty(parsed.ErrorText!);
            return;
        }
        var memory = new QueryMemory(new MemoryBudget(64 << 20), 64 << 20);
        var result = await new QueryEngine(new QueryEngineOptions { Memory = memory }).ExecuteAsync(
            new QueryRequest { Expression = parsed.Expr, Text = text, Start = 600_000 }, RandomData.Create(new Random(1)));
        Assert.Contains("query processing would load too many samples into memory in query execution", result.Error?.Text, StringComparison.Ordinal);
        Assert.Equal(0, memory.Used);
    }
}
