using System.Buffers;
using System.Text;
using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Explain;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Storage;

namespace ActorMon.PromQL.Tests.Engine;

public sealed class ExplainTests
{
    private readonly MemorySeriesSource _source = new();

    public ExplainTests()
    {
        for (var i = 0; i <= 60; i++)
            foreach (var job in new[] { "a", "b", "c" })
                _source.Add(LabelSet.Of("__name__", "m_total", "job", job), i * 10_000, i);
    }

    [Fact]
    public async Task Explain_gives_the_plan_and_reads_nothing()
    {
        var result = await RunAsync("sum(rate(m_total[1m]))", QueryMode.Explain);
        Assert.Equal(new StringValue(300_000, ""), result.Value);
        Assert.Equal("aggregate Sum by []\n  call rate\n    range 60000 {__name__=\"m_total\"} offset 0 @  None\n", PlanText.Of(result.Plan!));
        Assert.Equal(0, result.Stats.TotalQueryableSamples);
    }

    [Fact]
    public async Task Analyze_gives_the_value_and_what_each_part_gave()
    {
        var result = await RunAsync("sum(rate(m_total[1m]))", QueryMode.Analyze, end: 360_000, step: 20_000);
        var plain = await RunAsync("sum(rate(m_total[1m]))", QueryMode.Run, end: 360_000, step: 20_000);
        Assert.Equal(((MatrixValue)plain.Value!).Series[0].Values, ((MatrixValue)result.Value!).Series[0].Values);
        var sum = result.Plan!;
        var rate = sum.Children[0];
        var range = rate.Children[0];
        Assert.Equal((1, 4), (sum.Cost!.Series, sum.Cost.Samples));
        Assert.Equal((3, 12), (rate.Cost!.Series, rate.Cost.Samples));
        Assert.Equal((3, 36), (range.Cost!.Series, range.Cost.Samples));
        // Four steps of a column are 32 bytes and a word of bits; samples are a time and a value each.
        Assert.Equal(3 * (36 / 3) * 16, range.Cost.Bytes);
        Assert.InRange(rate.Cost.Bytes, 3 * 40, 10_000);
        Assert.InRange(sum.Cost.Bytes, 40, 10_000);
        Assert.True(sum.Cost.Time >= rate.Cost.Time && rate.Cost.Time >= range.Cost.Time);
    }

    [Fact]
    public async Task A_plan_as_json_is_a_tree_with_costs()
    {
        var result = await RunAsync("-m_total", QueryMode.Analyze);
        var buffer = new ArrayBufferWriter<byte>();
        PlanJson.Write(result.Plan!, buffer);
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan));
        Assert.Equal("negate", json.RootElement.GetProperty("operation").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("children")[0].GetProperty("cost").GetProperty("samples").GetInt64());
    }

    private Task<QueryResult> RunAsync(string query, QueryMode mode, long end = 300_000, long step = 0) => new QueryEngine(new QueryEngineOptions()).ExecuteAsync(
        new QueryRequest
        {
            Expression = PromQLParser.Parse(query, ParserOptions.All).Expr ?? throw new ArgumentException(query),
            Text = query,
            Start = 300_000,
            End = end,
            StepMs = step,
            Mode = mode,
        },
        _source);
}
