using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Sharding;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Storage;

namespace ActorMon.PromQL.Tests.Engine;

public sealed class RandomQueryTests
{
    private static readonly QueryEngine Engine = new(new QueryEngineOptions());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_queries_give_a_value_or_an_error_and_never_throw(int seed)
    {
        var random = new Random(seed);
        var source = RandomData.Create(random);
        var grammar = new QueryGrammar(random);
        var succeeded = 0;
        for (var i = 0; i < 400; i++)
        {
            var (query, result) = await RunAsync(grammar.Vector(4), random, source, delayed: i % 2 == 0);
            Assert.True(result.IsSuccess || result.Error.Text.Length > 0, query);
            succeeded += result.IsSuccess ? 1 : 0;
        }
        Assert.True(succeeded > 100, $"only {succeeded} of 400 queries had a value");
    }

    [Theory]
    [InlineData(11, 2)]
    [InlineData(12, 3)]
    [InlineData(13, 7)]
    public async Task A_query_over_partitioned_data_equals_the_query_over_the_whole_bit_for_bit(int seed, int partitions)
    {
        var random = new Random(seed);
        var whole = RandomData.Create(random);
        var bySeries = Split(whole, partitions, (labels, _) => (int)(StableHash.Of(labels) % (ulong)partitions));
        var byTime = Split(whole, partitions, (_, time) => (int)(time / 60_000 % partitions));
        var grammar = new QueryGrammar(random);
        for (var i = 0; i < 200; i++)
        {
            var text = grammar.Vector(4);
            var run = random.Next();
            var (query, expected) = await RunAsync(text, new Random(run), whole, delayed: i % 2 == 0);
            foreach (var source in new[] { bySeries, byTime })
            {
                var (_, actual) = await RunAsync(text, new Random(run), source, delayed: i % 2 == 0);
                Assert.True(ExactText.Of(expected) == ExactText.Of(actual), query);
            }
        }
    }

    private static MergingSeriesSource Split(MemorySeriesSource whole, int partitions, Func<LabelSet, long, int> partitionOf)
    {
        var parts = new List<ISeriesSource>();
        for (var partition = 0; partition < partitions; partition++)
        {
            var part = new MemorySeriesSource();
            whole.CopyTo(part, (labels, time) => partitionOf(labels, time) == partition);
            parts.Add(part);
        }
        return new MergingSeriesSource(parts);
    }

    private static async Task<(string Query, QueryResult Result)> RunAsync(string query, Random random, ISeriesSource source, bool delayed)
    {
        var parsed = PromQLParser.Parse(query, ParserOptions.All);
        Assert.True(parsed.Success, $"{query}: {parsed.ErrorText}");
        var instant = random.Next(3) == 0;
        var result = await Engine.ExecuteAsync(
            new QueryRequest
            {
                Expression = parsed.Expr!,
                Text = query,
                Start = instant ? 400_000 : 100_000,
                End = 600_000,
                StepMs = instant ? 0 : 1 + random.Next(90_000),
                Features = new QueryFeatures { DelayedNameRemoval = delayed },
                MaxSamples = 1_000_000,
            },
            source);
        return (query, result);
    }
}
