using ActorMon.Api.Tests.Support;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Results;

namespace ActorMon.Api.Tests.Queries;

public sealed class QueryTests
{
    private const string At = "time=1700000000";
    private readonly ApiWorld _world = new();

    public QueryTests()
    {
        foreach (var (job, value) in new[] { ("a", 1d), ("b", double.NaN), ("c", double.PositiveInfinity), ("d", double.NegativeInfinity), ("e", 1e-9), ("f", 1e22) })
            for (var i = 0; i <= 10; i++)
                _world.Storage.Add(LabelSet.Of("__name__", "up", "job", job), ApiWorld.Now - i * 10_000, value);
    }

    [Fact]
    public async Task An_instant_query_answers_a_vector_with_values_as_text()
    {
        var reply = await _world.Get($"/api/v1/query?query=up&{At}");
        Assert.Equal((200, "application/json"), (reply.Status, reply.ContentType));
        Assert.Equal(
            """{"status":"success","data":{"resultType":"vector","result":["""
            + """{"metric":{"__name__":"up","job":"a"},"value":[1700000000,"1"]},{"metric":{"__name__":"up","job":"b"},"value":[1700000000,"NaN"]},"""
            + """{"metric":{"__name__":"up","job":"c"},"value":[1700000000,"+Inf"]},{"metric":{"__name__":"up","job":"d"},"value":[1700000000,"-Inf"]},"""
            + """{"metric":{"__name__":"up","job":"e"},"value":[1700000000,"1e-09"]},{"metric":{"__name__":"up","job":"f"},"value":[1700000000,"1e+22"]}]}}""",
            reply.Text);
    }

    [Fact]
    public async Task Without_a_time_a_query_is_about_now()
    {
        var reply = await _world.Get("/api/v1/query?query=1");
        Assert.Equal("""{"resultType":"scalar","result":[1700000000,"1"]}""", reply.Data.GetRawText());
    }

    [Theory]
    [InlineData("%22a%5C%22%5Cnb%22", """{"resultType":"string","result":[1700000000,"a\"\nb"]}""")]
    [InlineData("up%7Bjob=%22a%22%7D%5B15s%5D", """{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"a"},"values":[[1699999990,"1"],[1700000000,"1"]]}]}""")]
    [InlineData("nothing", """{"resultType":"vector","result":[]}""")]
    [InlineData("nothing%5B5m%5D", """{"resultType":"matrix","result":[]}""")]
    public async Task Every_result_type_has_its_form(string query, string data) =>
        Assert.Equal(data, (await _world.Get($"/api/v1/query?query={query}&{At}")).Data.GetRawText());

    [Fact]
    public async Task A_range_query_answers_a_matrix_of_scalars_or_vectors()
    {
        var reply = await _world.Get("/api/v1/query_range?query=up%7Bjob='a'%7D&start=1699999998.5&end=1700000000.5&step=1s");
        Assert.Equal(
            """{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"a"},"values":[[1699999998.500,"1"],[1699999999.500,"1"],[1700000000.500,"1"]]}]}""",
            reply.Data.GetRawText());
        Assert.Equal("""{"resultType":"matrix","result":[{"metric":{},"values":[[5,"7"],[6,"7"]]}]}""", (await _world.Get("/api/v1/query_range?query=7&start=5&end=6&step=1")).Data.GetRawText());
    }

    [Fact]
    public async Task A_form_body_counts_like_the_query_string_and_before_it()
    {
        Assert.Equal("8", (await _world.PostForm("/api/v1/query", "query=8")).Data.GetProperty("result")[1].GetString());
        Assert.Equal("9", (await _world.PostForm("/api/v1/query?query=8&time=5", "query=9")).Data.GetProperty("result")[1].GetString());
        Assert.Equal(5, (await _world.PostForm("/api/v1/query?query=8&time=5", "query=9")).Data.GetProperty("result")[0].GetInt32());
        Assert.Equal(2, (await _world.PostForm("/api/v1/query_range", "query=1&start=0&end=1&step=1")).Data.GetProperty("result")[0].GetProperty("values").GetArrayLength());
    }

    [Theory]
    [InlineData("/api/v1/query", "400 bad_data: invalid parameter \"query\": unknown position: parse error: no expression found in input")]
    [InlineData("/api/v1/query?query=up&time=abc", "400 bad_data: invalid parameter \"time\": invalid time value for 'time': cannot parse \"abc\" to a valid timestamp")]
    [InlineData("/api/v1/query?query=up&timeout=abc", "400 bad_data: invalid parameter \"timeout\": cannot parse \"abc\" to a valid duration")]
    [InlineData("/api/v1/query?query=up&timeout=0", "503 timeout: query timed out in expression evaluation after 0s (--query.timeout or the request's timeout)")]
    [InlineData("/api/v1/query?query=up&lookback_delta=x%22", "400 bad_data: error parsing lookback delta duration: cannot parse \"x\\\"\" to a valid duration")]
    [InlineData("/api/v1/query?query=up&limit=x", "400 bad_data: invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("/api/v1/query?query=up&limit=99999999999999999999", "400 bad_data: invalid parameter \"limit\": strconv.Atoi: parsing \"99999999999999999999\": value out of range")]
    [InlineData("/api/v1/query?query=up&limit=-1", "400 bad_data: invalid parameter \"limit\": limit must be non-negative")]
    [InlineData("/api/v1/query?query=up&time=x&limit=y", "400 bad_data: invalid parameter \"limit\": strconv.Atoi: parsing \"y\": invalid syntax")]
    [InlineData("/api/v1/query?query=%zz", "400 bad_data: invalid parameter \"query\": unknown position: parse error: no expression found in input")]
    [InlineData("/api/v1/query?query=up%", "400 bad_data: invalid parameter \"query\": unknown position: parse error: no expression found in input")]
    [InlineData("/api/v1/query?query=up;a=b", "400 bad_data: invalid parameter \"query\": unknown position: parse error: no expression found in input")]
    [InlineData("/api/v1/query_range?query=up", "400 bad_data: invalid parameter \"start\": cannot parse \"\" to a valid timestamp")]
    [InlineData("/api/v1/query_range?query=up&start=0", "400 bad_data: invalid parameter \"end\": cannot parse \"\" to a valid timestamp")]
    [InlineData("/api/v1/query_range?query=up&start=0&end=100", "400 bad_data: invalid parameter \"step\": cannot parse \"\" to a valid duration")]
    [InlineData("/api/v1/query_range?query=up&start=0&end=100&step=0", "400 bad_data: invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer")]
    [InlineData("/api/v1/query_range?query=up&start=0&end=100&step=148966367200.372", "400 bad_data: invalid parameter \"step\": cannot parse \"148966367200.372\" to a valid duration. It overflows int64")]
    [InlineData("/api/v1/query_range?query=up&start=100&end=0&step=1", "400 bad_data: invalid parameter \"end\": end timestamp must not be before start time")]
    [InlineData("/api/v1/query_range?query=up&start=0&end=11001&step=1", "400 bad_data: exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")]
    [InlineData("/api/v1/query_range?query=up&start=-9e15&end=9e15&step=1", "400 bad_data: exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")]
    [InlineData("/api/v1/query_range?query=up%5B5m%5D&start=0&end=1&step=1", "400 bad_data: invalid parameter \"query\": invalid expression type \"range vector\" for range query, must be Scalar or instant Vector")]
    [InlineData("/api/v1/query_range?query='s'&start=0&end=1&step=1", "400 bad_data: invalid parameter \"query\": invalid expression type \"string\" for range query, must be Scalar or instant Vector")]
    [InlineData("/api/v1/format_query?query=sum(", "400 bad_data: invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis")]
    [InlineData("/api/v1/parse_query?query=sum(", "400 bad_data: invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis")]
    public async Task A_bad_parameter_is_named(string target, string failure) => Assert.Equal(failure, (await _world.Get(target)).Failure);

    [Fact]
    public async Task Eleven_thousand_steps_are_allowed() =>
        Assert.Equal(200, (await _world.Get("/api/v1/query_range?query=1&start=0&end=11000&step=1")).Status);

    [Theory]
    [InlineData(QueryErrorKind.BadData, "400 bad_data: no")]
    [InlineData(QueryErrorKind.Execution, "422 execution: no")]
    [InlineData(QueryErrorKind.Canceled, "499 canceled: no")]
    [InlineData(QueryErrorKind.Timeout, "503 timeout: no")]
    public async Task A_failed_query_has_the_status_of_its_kind(QueryErrorKind kind, string failure)
    {
        _world.Answer = _ => ApiWorld.Failure(kind, "no");
        Assert.Equal(failure, (await _world.Get("/api/v1/query?query=up")).Failure);
    }

    [Fact]
    public async Task An_execution_error_comes_from_the_engine() =>
        Assert.StartsWith("422 execution: found duplicate series for the match group {}", (await _world.Get($"/api/v1/query?query=up%2Bon()up&{At}")).Failure, StringComparison.Ordinal);

    [Theory]
    [InlineData("up")]
    [InlineData("up%5B5m%5D")]
    public async Task A_limit_cuts_the_series_and_warns(string query)
    {
        var cut = await _world.Get($"/api/v1/query?query={query}&{At}&limit=2");
        Assert.Equal(2, cut.Data.GetProperty("result").GetArrayLength());
        Assert.Equal("""["results truncated due to limit"]""", cut.Json.GetProperty("warnings").GetRawText());
        var whole = await _world.Get($"/api/v1/query?query={query}&{At}&limit=6");
        Assert.Equal(6, whole.Data.GetProperty("result").GetArrayLength());
        Assert.False(whole.Json.TryGetProperty("warnings", out _));
        Assert.Equal(6, (await _world.Get($"/api/v1/query?query={query}&{At}&limit=0")).Data.GetProperty("result").GetArrayLength());
    }

    [Fact]
    public async Task Ten_warnings_and_ten_infos_are_shown_and_the_rest_counted()
    {
        _world.Answer = _ => ApiWorld.Value(new ScalarValue(0, 1), [.. Enumerable.Range(0, 13).Select(i => $"w{i}")], [.. Enumerable.Range(0, 11).Select(i => $"i{i}")]);
        var reply = await _world.Get("/api/v1/query?query=up");
        var warnings = reply.Json.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()).ToArray();
        Assert.Equal((11, "w9", "3 more warning annotations omitted"), (warnings.Length, warnings[9], warnings[10]));
        Assert.Equal("1 more info annotations omitted", reply.Json.GetProperty("infos")[10].GetString());
    }

    [Fact]
    public async Task Annotations_carry_their_place_in_the_query()
    {
        var reply = await _world.Get($"/api/v1/query?query=rate(up%5B1m%5D)&{At}");
        Assert.Contains("\"up\" (1:6)", reply.Json.GetProperty("infos")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statistics_come_when_asked_for_and_an_odd_value_warns()
    {
        Assert.False((await _world.Get("/api/v1/query?query=up")).Data.TryGetProperty("stats", out _));
        var stats = (await _world.Get($"/api/v1/query?query=up&stats=all&{At}")).Data.GetProperty("stats");
        Assert.Equal(6, stats.GetProperty("samples").GetProperty("totalQueryableSamples").GetInt32());
        Assert.Equal(0.002, stats.GetProperty("timings").GetProperty("execQueueTime").GetDouble());
        Assert.Equal(
            ["evalTotalTime", "resultSortTime", "queryPreparationTime", "innerEvalTime", "execQueueTime", "execTotalTime"],
            stats.GetProperty("timings").EnumerateObject().Select(t => t.Name));
        var odd = await _world.Get("/api/v1/query?query=up&stats=1");
        Assert.True(odd.Data.TryGetProperty("stats", out _));
        Assert.Equal(
            "value \"1\" for parameter \"stats\" is deprecated and will be rejected in the next major release, use \"true\" or \"all\"",
            odd.Json.GetProperty("warnings")[0].GetString());
    }

    [Fact]
    public async Task Timeout_and_lookback_reach_the_engine()
    {
        await _world.Get("/api/v1/query?query=up&timeout=1m30s&lookback_delta=7.5");
        Assert.Equal((TimeSpan.FromSeconds(90), 7500L), (_world.LastTimeout, _world.LastRequest!.LookbackMs));
        await _world.Get("/api/v1/query?query=up&lookback_delta=0");
        Assert.Equal((null, null), (_world.LastTimeout, _world.LastRequest!.LookbackMs));
    }

    [Fact]
    public async Task Histograms_stand_beside_values()
    {
        var histogram = new NativeHistogram
        {
            Count = 3,
            Sum = 5,
            ZeroThreshold = 0.5,
            ZeroCount = 1,
            PositiveSpans = [new BucketSpan(1, 1), new BucketSpan(1, 1)],
            PositiveBuckets = [2, 0],
        };
        const string shown = """{"count":"3","sum":"5","buckets":[[3,"-0.5","0.5","1"],[0,"1","2","2"]]}""";
        _world.Answer = _ => ApiWorld.Value(new VectorValue(1000, [LabelSet.Of("a", "b")], [0], [histogram]));
        Assert.Equal($$"""{"resultType":"vector","result":[{"metric":{"a":"b"},"histogram":[1,{{shown}}]}]}""", (await _world.Get("/api/v1/query?query=up")).Data.GetRawText());
        _world.Answer = _ => ApiWorld.Value(new MatrixValue([new MatrixSeries(LabelSet.Empty, [1000, 2000], [1, 0], [null, histogram])]));
        Assert.Equal(
            $$"""{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"]],"histograms":[[2,{{shown}}]]}]}""", (await _world.Get("/api/v1/query?query=up")).Data.GetRawText());
        _world.Answer = _ => ApiWorld.Value(new VectorValue(1000, [LabelSet.Empty], [0], [new NativeHistogram()]));
        Assert.Equal("""{"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"0","sum":"0"}]}]}""", (await _world.Get("/api/v1/query?query=up")).Data.GetRawText());
    }

    [Fact]
    public async Task Label_text_that_is_hard_to_write_as_JSON_reads_back()
    {
        var odd = "q\" b\\ n\n t\t c\u0001 u\u2028 <&> 🌍 ";
        _world.Answer = _ => ApiWorld.Value(new VectorValue(0, [LabelSet.Of("a b", odd + new string('x', 5000))], [1], null));
        var reply = await _world.Get("/api/v1/query?query=up");
        Assert.Equal(odd + new string('x', 5000), reply.Data.GetProperty("result")[0].GetProperty("metric").GetProperty("a b").GetString());
    }

    [Fact]
    public async Task Bytes_that_are_no_text_become_the_replacement_character()
    {
        _world.Answer = _ => ApiWorld.Value(new StringValue(0, Model.Text.ByteText.Decode([(byte)'a', 0xFF, (byte)'b'])));
        Assert.Equal("a\uFFFDb", (await _world.Get("/api/v1/query?query=up")).Data.GetProperty("result")[1].GetString());
    }

    [Fact]
    public async Task A_query_is_formatted_and_shown_as_a_tree()
    {
        Assert.Equal("\"foo{a=\\\"b\\\"}\"", (await _world.Get("/api/v1/format_query?query=foo+%7Ba='b'%7D")).Data.GetRawText().Replace("\\u0022", "\\\"", StringComparison.Ordinal));
        var tree = (await _world.PostForm("/api/v1/parse_query", "query=sum(up)")).Data;
        Assert.Equal(("aggregation", "sum"), (tree.GetProperty("type").GetString(), tree.GetProperty("op").GetString()));
    }
}
