using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.PromQL.Tests.Engine;

public sealed class QueryEngineTests
{
    private readonly MemorySeriesSource _source = new();

    public QueryEngineTests()
    {
        for (var i = 0; i <= 100; i++)
        {
            _source.Add(LabelSet.Of("__name__", "requests_total", "job", "a"), i * 10_000, i);
            _source.Add(LabelSet.Of("__name__", "requests_total", "job", "b"), i * 10_000, 2 * i);
        }
    }

    [Fact]
    public async Task An_instant_query_gives_a_vector_at_its_time()
    {
        var result = await RunAsync("sum(rate(requests_total[1m]))", 500_000);
        var vector = Assert.IsType<VectorValue>(result.Value);
        Assert.Equal(500_000, vector.Time);
        Assert.Equal(0.3, vector.Values[0], 12);
        Assert.Same(LabelSet.Empty, vector.Series[0]);
    }

    [Fact]
    public async Task A_range_query_gives_series_sorted_by_labels_with_a_point_per_step()
    {
        var result = await RunAsync("requests_total * 2", 100_000, 160_000, 30_000);
        var matrix = Assert.IsType<MatrixValue>(result.Value);
        Assert.Equal(["a", "b"], matrix.Series.Select(series => series.Labels.Get("job")));
        Assert.Equal([100_000L, 130_000, 160_000], matrix.Series[0].Times);
        Assert.Equal([40.0, 52, 64], matrix.Series[1].Values);
    }

    [Fact]
    public async Task A_sample_is_visible_until_the_lookback_has_passed()
    {
        Assert.Equal(2, Assert.IsType<VectorValue>((await RunAsync("requests_total", 1_299_999)).Value).Count);
        Assert.Equal(0, Assert.IsType<VectorValue>((await RunAsync("requests_total", 1_300_000)).Value).Count);
    }

    [Fact]
    public async Task A_range_vector_cannot_be_the_result_of_a_range_query()
    {
        var result = await RunAsync("requests_total[1m]", 0, 60_000, 15_000);
        Assert.Equal(QueryErrorKind.BadData, result.Error!.Kind);
        Assert.Equal("invalid expression type \"range vector\" for range query, must be Scalar or instant Vector", result.Error.Text);
    }

    [Fact]
    public async Task A_query_over_its_sample_limit_fails_alone()
    {
        var result = await RunAsync("requests_total[10m]", 900_000, maxSamples: 50);
        Assert.Equal(new QueryError(QueryErrorKind.Execution, "query processing would load too many samples into memory in query execution: more than 50 (--query.max-samples)"), result.Error);
    }

    [Fact]
    public async Task A_subquery_of_absurdly_many_steps_fails_instead_of_taking_memory()
    {
        var result = await RunAsync("max_over_time(requests_total[100y:1ms])", 900_000);
        Assert.Equal("query processing would load too many samples into memory in query execution: more than 10000000 (steps of one subquery)", result.Error?.Text);
    }

    [Fact]
    public async Task A_canceled_query_says_so()
    {
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        var result = await RunAsync("requests_total", 900_000, cancellation: canceled.Token);
        Assert.Equal(new QueryError(QueryErrorKind.Canceled, "query was canceled in expression evaluation"), result.Error);
    }

    [Fact]
    public async Task A_query_past_its_deadline_times_out()
    {
        var time = new FakeTimeProvider();
        var engine = new QueryEngine(new QueryEngineOptions { Timeout = TimeSpan.FromSeconds(1) }, time);
        var result = await engine.ExecuteAsync(Request("requests_total", 0, 0, 0), new SlowSource(_source, () => time.Advance(TimeSpan.FromSeconds(2))));
        Assert.Equal(new QueryError(QueryErrorKind.Timeout, "query timed out in expression evaluation after 1s (--query.timeout or the request's timeout)"), result.Error);
    }

    [Theory]
    [InlineData(20_000_000, "2s")]
    [InlineData(900_000_000, "1m30s")]
    [InlineData(15_000, "0.0015s")]
    [InlineData(1, "0.0000001s")]
    public void A_limit_of_time_is_told_as_it_was_set(long ticks, string text) => Assert.Equal(text, QueryError.LimitText(new TimeSpan(ticks)));

    [Fact]
    public async Task Timings_come_from_the_clock_given()
    {
        var time = new FakeTimeProvider();
        var engine = new QueryEngine(new QueryEngineOptions(), time);
        var result = await engine.ExecuteAsync(Request("requests_total", 0, 0, 0), new SlowSource(_source, () => time.Advance(TimeSpan.FromSeconds(3))));
        Assert.Equal(TimeSpan.FromSeconds(3), result.Stats.Selecting);
    }

    [Fact]
    public async Task Equal_selectors_are_fetched_once()
    {
        var fetches = 0;
        var result = await new QueryEngine(new QueryEngineOptions()).ExecuteAsync(
            Request("rate(requests_total[1m]) / sum without () (rate(requests_total[1m])) + requests_total", 500_000, 0, 0), new SlowSource(_source, () => fetches++));
        Assert.True(result.IsSuccess, result.Error?.Text);
        Assert.Equal(1, fetches);
    }

    [Fact]
    public async Task A_part_used_twice_is_computed_once_and_gives_the_same()
    {
        var twice = await RunAsync("rate(requests_total[1m]) + rate(requests_total[1m])", 500_000, 700_000, 10_000);
        var doubled = await RunAsync("rate(requests_total[1m]) * 2", 500_000, 700_000, 10_000);
        Assert.Equal(Points(doubled), Points(twice));
    }

    [Fact]
    public async Task Annotations_name_the_place_in_the_query()
    {
        _source.Add(LabelSet.Of("__name__", "gauge"), 490_000, 1);
        _source.Add(LabelSet.Of("__name__", "gauge"), 500_000, 2);
        var result = await RunAsync("1 +\n  rate(gauge[1m])", 500_000);
        Assert.Equal(
            ["PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"gauge\" (2:8)"], result.Infos);
    }

    [Fact]
    public void Explain_shows_what_is_hoisted_shared_and_folded()
    {
        var plan = new QueryEngine(new QueryEngineOptions()).Explain(
            Request("rate(a[1m]) / sum(rate(a[1m])) * (2 + 3) + (sum(b @ 10) or vector(end()))", 0, 60_000, 15_000));
        Assert.Contains("shared x2\n", plan, StringComparison.Ordinal);
        Assert.Contains("number 5\n", plan, StringComparison.Ordinal);
        Assert.Contains("number 60\n", plan, StringComparison.Ordinal);
        Assert.Contains("repeat\n", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_value_is_replaced_by_the_groups_of_a_regex()
    {
        var result = await RunAsync("label_replace(requests_total, \"job\", \"<${n}>\", \"job\", \"(?P<n>.+)\")", 500_000);
        Assert.Equal(["<a>", "<b>"], Assert.IsType<VectorValue>(result.Value).Series.Select(labels => labels.Get("job")));
    }

    [Theory]
    [InlineData("requests_total </ 3", "float </ float")]
    [InlineData("3 >/ requests_total", "float >/ float")]
    [InlineData("requests_total </ requests_total", "float </ float")]
    public async Task Trimming_a_float_gives_nothing_and_an_info(string query, string info)
    {
        var result = await RunAsync(query, 500_000);
        Assert.Equal(0, Assert.IsType<VectorValue>(result.Value).Count);
        Assert.EndsWith(info + " (1:1)", Assert.Single(result.Infos), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 </ 2")]
    [InlineData("scalar(requests_total) </ time()")]
    public async Task Trimming_a_scalar_is_an_error(string query) =>
        Assert.Equal(new QueryError(QueryErrorKind.Execution, "operator \"</\" not allowed for Scalar operations"), (await RunAsync(query, 500_000)).Error);

    private Task<QueryResult> RunAsync(string query, long start, long end = 0, long step = 0, long? maxSamples = null, CancellationToken cancellation = default) =>
        new QueryEngine(new QueryEngineOptions()).ExecuteAsync(Request(query, start, end, step) with { MaxSamples = maxSamples }, _source, cancellation);

    private static QueryRequest Request(string query, long start, long end, long step) => new()
    {
        Expression = PromQLParser.Parse(query, ParserOptions.All).Expr ?? throw new ArgumentException(query),
        Text = query,
        Start = start,
        End = end,
        StepMs = step,
    };

    private static IEnumerable<string> Points(QueryResult result) =>
        ((MatrixValue)result.Value!).Series.Select(series => $"{series.Labels} {string.Join(' ', series.Values)}");

    private sealed class SlowSource(ISeriesSource inner, Action onSelect) : ISeriesSource
    {
        public ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
        {
            onSelect();
            return inner.SelectAsync(request, CancellationToken.None);
        }
    }
}
