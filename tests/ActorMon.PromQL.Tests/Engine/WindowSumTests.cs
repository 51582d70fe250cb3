using ActorMon.Model.Labels;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Storage;

namespace ActorMon.PromQL.Tests.Engine;

/// <summary>Windows of a range query share their sums; an instant query has one window and adds it up. Both must give the same bits.</summary>
public sealed class WindowSumTests
{
    [Theory]
    [InlineData("decimals")]
    [InlineData("mixed signs")]
    [InlineData("few orders of magnitude")]
    [InlineData("many orders of magnitude")]
    [InlineData("integers")]
    [InlineData("special values")]
    [InlineData("zeros")]
    [InlineData("near the greatest double")]
    public async Task A_windows_sum_and_mean_are_the_same_in_a_range_query_and_alone(string kind)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            var source = new MemorySeriesSource();
            for (var i = 0; i < 500; i++)
                source.Add(LabelSet.Of("__name__", "m"), i * 15_000, Value(kind, random));
            foreach (var function in new[] { "sum_over_time", "avg_over_time" })
            {
                var range = (MatrixValue)(await RunAsync($"{function}(m[10m])", source, 600_000, 7_500_000, 60_000)).Value!;
                for (var i = 0; i < range.Series[0].Count; i += 7)
                {
                    var alone = (VectorValue)(await RunAsync($"{function}(m[10m])", source, range.Series[0].Times[i], 0, 0)).Value!;
                    Assert.Equal(BitConverter.DoubleToInt64Bits(alone.Values[0]), BitConverter.DoubleToInt64Bits(range.Series[0].Values[i]));
                }
            }
        }
    }

    [Theory]
    [InlineData("decimals")]
    [InlineData("many orders of magnitude")]
    [InlineData("special values")]
    [InlineData("near the greatest double")]
    public async Task A_sum_over_series_is_the_same_at_many_steps_and_alone(string kind)
    {
        var random = new Random(1);
        var source = new MemorySeriesSource();
        for (var series = 0; series < 9; series++)
            for (var i = 0; i < 300; i++)
                source.Add(LabelSet.Of("__name__", "m", "n", $"{series}", "g", $"{series % 2}"), i * 15_000, Value(kind, random));
        var range = (MatrixValue)(await RunAsync("sum by (g) (m)", source, 0, 299 * 15_000, 15_000)).Value!;
        for (var i = 0; i < range.Series[0].Count; i += 3)
        {
            var alone = (VectorValue)(await RunAsync("sum by (g) (m)", source, range.Series[0].Times[i], 0, 0)).Value!;
            Assert.Equal(alone.Values.Select(BitConverter.DoubleToInt64Bits), range.Series.Select(group => BitConverter.DoubleToInt64Bits(group.Values[i])));
        }
    }

    [Fact]
    public async Task The_mean_of_equal_values_is_that_value()
    {
        var source = new MemorySeriesSource();
        for (var i = 0; i < 100; i++)
            source.Add(LabelSet.Of("__name__", "m"), i * 15_000, 20.35);
        var result = (MatrixValue)(await RunAsync("avg_over_time(m[5m])", source, 600_000, 1_400_000, 60_000)).Value!;
        Assert.All(result.Series[0].Values, value => Assert.Equal(20.35, value));
    }

    private static double Value(string kind, Random random) => kind switch
    {
        "decimals" => Math.Round(20 + (random.NextDouble() * 10), 2),
        "mixed signs" => Math.Round((random.NextDouble() - 0.5) * 100, 3),
        "few orders of magnitude" => random.NextDouble() * Math.Pow(10, random.Next(-2, 3)),
        "many orders of magnitude" => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-200, 200)),
        "integers" => random.Next(),
        "special values" => random.Next(100) switch
        {
            0 => double.NaN,
            1 => double.PositiveInfinity,
            2 => double.NegativeInfinity,
            3 => double.Epsilon,
            _ => random.NextDouble(),
        },
        "zeros" => random.Next(3) == 0 ? random.NextDouble() : random.Next(2) == 0 ? 0.0 : -0.0,
        _ => (random.NextDouble() - 0.5) * double.MaxValue,
    };

    private static Task<QueryResult> RunAsync(string query, MemorySeriesSource source, long start, long end, long step) => new QueryEngine(new QueryEngineOptions()).ExecuteAsync(
        new QueryRequest { Expression = PromQLParser.Parse(query, ParserOptions.All).Expr!, Text = query, Start = start, End = end, StepMs = step }, source);
}
