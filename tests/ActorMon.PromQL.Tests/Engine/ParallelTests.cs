using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Tests.Engine;

/// <summary>A helper thread changes nothing but the time: values to the bit, annotations, statistics, errors.</summary>
public sealed class ParallelTests
{
    [Theory]
    [InlineData("sum by (job) (rate(m[5m]))")]
    [InlineData("m")]
    [InlineData("avg_over_time(m[10m]) / on (job, i) max_over_time(m[10m])")]
    [InlineData("topk(3, sum by (i) (m * 1.1))")]
    [InlineData("max_over_time(sum(rate(m[5m]))[10m:1m])")]
    public async Task With_and_without_help_a_query_gives_the_same(string query)
    {
        using var lane = new HeavyLane(2);
        var source = new Generated(300, failAt: -1);
        var alone = await RunAsync(query, source, null);
        var helped = await RunAsync(query, source, lane);
        Assert.True(alone.IsSuccess, alone.Error?.Text);
        Assert.Equal(Lines(alone), Lines(helped));
        Assert.Equal(alone.Infos, helped.Infos);
        Assert.Equal((alone.Stats.TotalQueryableSamples, alone.Stats.SamplesRead), (helped.Stats.TotalQueryableSamples, helped.Stats.SamplesRead));
        Assert.True(lane.TryTakeIdle() && lane.TryTakeIdle(), "both slots are free again");
    }

    [Fact]
    public async Task A_failure_while_a_helper_works_ends_the_query_and_the_helper()
    {
        using var lane = new HeavyLane(2);
        await Assert.ThrowsAsync<InvalidDataException>(() => RunAsync("sum(rate(m[5m]))", new Generated(300, failAt: 200), lane));
        Assert.True(lane.TryTakeIdle() && lane.TryTakeIdle(), "both slots are free again");
    }

    [Fact]
    public async Task A_limit_reached_while_a_helper_works_ends_the_query()
    {
        using var lane = new HeavyLane(2);
        var result = await RunAsync("rate(m[5m])", new Generated(300, failAt: -1), lane, maxSamples: 100_000);
        Assert.Contains("--query.max-samples", result.Error?.Text, StringComparison.Ordinal);
        Assert.True(lane.TryTakeIdle() && lane.TryTakeIdle(), "both slots are free again");
    }

    private static Task<QueryResult> RunAsync(string query, ISeriesSource source, HeavyLane? lane, long maxSamples = 50_000_000) =>
        new QueryEngine(new QueryEngineOptions { HeavyLane = lane }).ExecuteAsync(
            new QueryRequest
            {
                Expression = PromQLParser.Parse(query, ParserOptions.All).Expr ?? throw new ArgumentException(query),
                Text = query,
                Start = 3_600_000,
                End = 3_600_000 * 20,
                StepMs = 30_000,
                MaxSamples = maxSamples,
            },
            source);

    private static IEnumerable<string> Lines(QueryResult result) => ((MatrixValue)result.Value!).Series.Select(
        series => $"{series.Labels} {string.Join(' ', series.Times)} {string.Join(' ', series.Values.Select(BitConverter.DoubleToInt64Bits))}");

    /// <summary>Series made up as they are read: every sample follows from its series and time.</summary>
    private sealed class Generated(int count, int failAt) : ISeriesSource, ISeriesSelection
    {
        private readonly LabelSet[] _labels = [.. Enumerable.Range(0, count).Select(i => LabelSet.Of("__name__", "m", "i", $"{i:0000}", "job", $"{i % 3}")).Order()];

        public int Count => count;

        public LabelSet LabelsAt(int index) => _labels[index];

        public ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation) => ValueTask.FromResult<ISeriesSelection>(this);

        public void Read(int index, SampleBuffer into)
        {
            if (index == failAt)
                throw new InvalidDataException("a page is damaged");
            into.Clear();
            for (var i = 0; i < 4800; i++)
                into.Add(i * 15_000, ((i * 7919L) + (index * 104_729L)) % 1000 / 8.0);
        }

        public void Dispose()
        {
        }
    }
}
