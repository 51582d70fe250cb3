using ActorMon.Api.Search;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Api.Tests.Search;

public sealed class SearchTests
{
    private readonly ApiWorld _world = new(s => s with { EnableSearch = true, MaxSearchLimit = 1000 });

    public SearchTests()
    {
        foreach (var name in new[] { "http_requests_total", "http_errors_total", "process_cpu_seconds_total", "up" })
            _world.Storage.Add(LabelSet.Of("__name__", name, "instance", "i1", "job", name[..2]), ApiWorld.Now - 1000, 1);
        _world.Storage.Families["up"] = [new MetricMetadata(MetricType.Gauge, "Is it up?", "")];
    }

    [Theory]
    [InlineData("metric_names", """{"results":[{"name":"http_errors_total"},{"name":"http_requests_total"},{"name":"process_cpu_seconds_total"},{"name":"up"}]}""", false)]
    [InlineData("metric_names?search[]=http&limit=1", """{"results":[{"name":"http_errors_total"}]}""", true)]
    [InlineData("metric_names?search[]=req&search[]=up&sort_by=alpha&sort_dir=dsc", """{"results":[{"name":"up"},{"name":"http_requests_total"}]}""", false)]
    [InlineData("metric_names?search[]=HTTP", """{"results":[]}""", false)]
    [InlineData("metric_names?search[]=HTTP_ER&case_sensitive=false&include_score=true", """{"results":[{"name":"http_errors_total","score":1}]}""", false)]
    [InlineData("metric_names?search[]=up&include_metadata=1", """{"results":[{"name":"up","type":"gauge","help":"Is it up?"}]}""", false)]
    [InlineData("metric_names?search[]=requests&fuzz_alg=jarowinkler&sort_by=score", """{"results":[{"name":"http_requests_total"}]}""", false)]
    [InlineData("label_names?match[]=up", """{"results":[{"name":"__name__"},{"name":"instance"},{"name":"job"}]}""", false)]
    [InlineData("label_values?label=job&search[]=u", """{"results":[{"value":"up"}]}""", false)]
    [InlineData("label_values?label=nope", """{"results":[]}""", false)]
    public async Task Names_are_found(string query, string line, bool hasMore)
    {
        var reply = await _world.Get("/api/v1/search/" + query);
        Assert.Equal((200, "application/x-ndjson; charset=utf-8"), (reply.Status, reply.ContentType));
        Assert.Equal($"{line}\n{{\"status\":\"success\",\"has_more\":{(hasMore ? "true" : "false")}}}\n", reply.Text);
    }

    [Fact]
    public async Task Hits_come_in_batches_from_a_form_too()
    {
        var reply = await _world.PostForm("/api/v1/search/metric_names", "batch_size=3");
        Assert.Equal(
            """
            {"results":[{"name":"http_errors_total"},{"name":"http_requests_total"},{"name":"process_cpu_seconds_total"}]}
            {"results":[{"name":"up"}]}
            {"status":"success","has_more":false}

            """.ReplaceLineEndings("\n"), reply.Text);
    }

    [Theory]
    [InlineData("metric_names?limit=0", "invalid limit \"0\": must be a positive integer")]
    [InlineData("metric_names?limit=1001", "limit 1001 exceeds the configured maximum (1000, see --web.search.max-limit)")]
    [InlineData("metric_names?batch_size=x", "invalid batch_size \"x\": must be a positive integer")]
    [InlineData("metric_names?fuzz_threshold=101", "invalid fuzz_threshold \"101\": must be 0-100")]
    [InlineData("metric_names?fuzz_alg=other", "unsupported fuzz_alg \"other\": must be one of [subsequence jarowinkler]")]
    [InlineData("metric_names?case_sensitive=maybe", "invalid case_sensitive \"maybe\": must be boolean")]
    [InlineData("metric_names?include_metadata=maybe", "invalid include_metadata \"maybe\": must be boolean")]
    [InlineData("metric_names?sort_dir=asc", "sort_dir is only valid when sort_by is set")]
    [InlineData("metric_names?sort_by=score&search[]=a&sort_dir=asc", "sort_dir is not supported for sort_by=score")]
    [InlineData("metric_names?sort_by=alpha&sort_dir=up", "invalid sort_dir \"up\": must be \"asc\" or \"dsc\"")]
    [InlineData("metric_names?sort_by=score", "sort_by=score requires search[] to be set")]
    [InlineData("label_names?sort_by=size", "invalid sort_by \"size\" for label_names: must be \"alpha\" or \"score\"")]
    [InlineData("metric_names?start=10&end=5", "end timestamp must not be before start timestamp")]
    [InlineData("metric_names?start=x", "invalid time value for 'start': cannot parse \"x\" to a valid timestamp")]
    [InlineData("metric_names?match[]={}", "match[] must contain at least one non-empty matcher")]
    [InlineData("label_values", "missing required parameter \"label\"")]
    public async Task Wrong_parameters_are_told(string query, string expected) => Assert.Equal("400 bad_data: " + expected, (await _world.Get("/api/v1/search/" + query)).Failure);

    [Fact]
    public async Task More_terms_than_32_are_refused() => Assert.Equal(
        "400 bad_data: too many search[] terms: got 33, maximum is 32", (await _world.Get("/api/v1/search/metric_names?" + string.Join('&', Enumerable.Repeat("search[]=a", 33)))).Failure);

    [Fact]
    public async Task It_is_off_without_the_feature() => Assert.Equal("500 unavailable: search API disabled", (await new ApiWorld().Get("/api/v1/search/metric_names")).Failure);

    [Theory]
    [InlineData("http", "http_requests", 1.0)]
    [InlineData("requests", "http_requests", 0.1)]
    [InlineData("ttp", "http", 0.1)]
    [InlineData("tt", "http", 0.55)]
    [InlineData("é", "aéb", 0.55)]
    [InlineData("x", "http", 0.0)]
    public void A_substring_scores_by_its_place(string term, string value, double expected) => Assert.Equal(expected, SearchScore.Substring(term, value), 12);

    [Theory]
    [InlineData("abc", "abc", 1.0)]
    [InlineData("abc", "acb", 0.0)]
    [InlineData("", "a", 1.0)]
    [InlineData("a", "", 0.0)]
    // (2² - 1/4 - 1/4 x 0.5) / 2² x 0.999
    [InlineData("bc", "abcd", (4 - 0.25 - 0.125) / 4 * 0.999)]
    // Runs "h" and "r" with a gap of 4 between: (1 + 1 - 4/6) / 2² x 0.999
    [InlineData("hr", "http_r", (2 - 4 / 6.0) / 4 * 0.999)]
    public void A_subsequence_scores_by_its_runs_and_gaps(string term, string value, double expected) =>
        Assert.Equal(expected, SearchScore.Subsequence(SearchScore.Runes(term), SearchScore.Runes(value)), 12);

    [Theory]
    [InlineData("martha", "marhta", 0.9611111111)]
    [InlineData("dixon", "dicksonx", 0.8133333333)]
    [InlineData("dwayne", "duane", 0.84)]
    [InlineData("same", "same", 1.0)]
    [InlineData("abc", "xyz", 0.0)]
    [InlineData("", "xyz", 0.0)]
    public void Jaro_Winkler_is_what_the_books_say(string term, string value, double expected) =>
        Assert.Equal(expected, SearchScore.JaroWinkler(SearchScore.Runes(term), SearchScore.Runes(value)), 9);
}
