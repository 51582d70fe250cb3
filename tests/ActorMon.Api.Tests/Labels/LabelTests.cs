using ActorMon.Api.Tests.Support;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Api.Tests.Labels;

public sealed class LabelTests
{
    private readonly ApiWorld _world = new();

    public LabelTests()
    {
        _world.Storage.Add(LabelSet.Of("__name__", "up", "job", "a"), 1_000, 1);
        _world.Storage.Add(LabelSet.Of("__name__", "up", "job", "b"), 5_000, 1);
        _world.Storage.Add(LabelSet.Of("__name__", "down", "my.label", "x/y"), 5_000, 1);
    }

    [Theory]
    [InlineData("match[]=up", """[{"__name__":"up","job":"a"},{"__name__":"up","job":"b"}]""")]
    [InlineData("match[]=up&match[]=%7B__name__=~'up%7Cdown'%7D", """[{"__name__":"down","my.label":"x/y"},{"__name__":"up","job":"a"},{"__name__":"up","job":"b"}]""")]
    [InlineData("match[]=up&start=2", """[{"__name__":"up","job":"b"}]""")]
    [InlineData("match[]=up&end=1970-01-01T00:00:02Z", """[{"__name__":"up","job":"a"}]""")]
    [InlineData("match[]=up&start=-292273086-05-16T16:47:06Z&end=%2B292277025-08-18T07:12:54.999999999Z", """[{"__name__":"up","job":"a"},{"__name__":"up","job":"b"}]""")]
    [InlineData("match[]=none", "[]")]
    public async Task Series_match_any_of_the_selectors_within_the_range(string parameters, string data)
    {
        Assert.Equal(data, (await _world.Get("/api/v1/series?" + parameters)).Data.GetRawText());
        Assert.Equal(data, (await _world.PostForm("/api/v1/series", parameters)).Data.GetRawText());
    }

    [Theory]
    [InlineData("/api/v1/labels", """["__name__","job","my.label"]""")]
    [InlineData("/api/v1/labels?match[]=down", """["__name__","my.label"]""")]
    [InlineData("/api/v1/labels?end=2", """["__name__","job"]""")]
    [InlineData("/api/v1/label/job/values", """["a","b"]""")]
    [InlineData("/api/v1/label/job/values?match[]=up&start=2", """["b"]""")]
    [InlineData("/api/v1/label/none/values", "[]")]
    [InlineData("/api/v1/label/my.label/values", """["x/y"]""")]
    [InlineData("/api/v1/label/U__my_2e_label/values", """["x/y"]""")]
    [InlineData("/api/v1/label/my%2elabel/values", """["x/y"]""")]
    [InlineData("/api/v1/label/a%2Fb/values", "[]")]
    public async Task Names_and_values_are_sorted(string target, string data) => Assert.Equal(data, (await _world.Get(target)).Data.GetRawText());

    [Fact]
    public async Task Names_are_asked_by_form_too() => Assert.Equal("""["__name__","my.label"]""", (await _world.PostForm("/api/v1/labels", "match[]=down")).Data.GetRawText());

    [Theory]
    [InlineData("/api/v1/series?match[]=up&limit=1")]
    [InlineData("/api/v1/labels?limit=1")]
    [InlineData("/api/v1/label/job/values?limit=1")]
    public async Task A_limit_cuts_and_warns(string target)
    {
        var cut = await _world.Get(target);
        Assert.Equal((1, "results truncated due to limit"), (cut.Data.GetArrayLength(), cut.Json.GetProperty("warnings")[0].GetString()));
        var whole = await _world.Get(target.Replace("limit=1", "limit=3", StringComparison.Ordinal));
        Assert.False(whole.Json.TryGetProperty("warnings", out _));
    }

    [Theory]
    [InlineData("/api/v1/series", "no match[] parameter provided")]
    [InlineData("/api/v1/series?match[]=%7B%7D", "invalid parameter \"match[]\": match[] must contain at least one non-empty matcher")]
    [InlineData("/api/v1/series?match[]=up&match[]=%7Ba=~'.*'%7D", "invalid parameter \"match[]\": match[] must contain at least one non-empty matcher")]
    [InlineData("/api/v1/series?match[]=up%5B", "invalid parameter \"match[]\": 1:3: parse error: unexpected \"[\"")]
    [InlineData("/api/v1/series?match[]=up&start=x", "invalid parameter \"start\": invalid time value for 'start': cannot parse \"x\" to a valid timestamp")]
    [InlineData("/api/v1/series?match[]=up&limit=-5", "invalid parameter \"limit\": limit must be non-negative")]
    [InlineData("/api/v1/labels?match[]=%7B%7D", "match[] must contain at least one non-empty matcher")]
    [InlineData("/api/v1/labels?end=x", "invalid parameter \"end\": invalid time value for 'end': cannot parse \"x\" to a valid timestamp")]
    [InlineData("/api/v1/label/job/values?match[]=up%5B", "1:3: parse error: unexpected \"[\"")]
    [InlineData("/api/v1/metadata?limit=x", "limit must be a number")]
    [InlineData("/api/v1/metadata?limit_per_metric=x", "limit_per_metric must be a number")]
    [InlineData("/api/v1/query_exemplars?query=up&start=5&end=1", "end timestamp must not be before start timestamp")]
    [InlineData("/api/v1/query_exemplars?query=sum(", "1:5: parse error: unclosed left parenthesis")]
    public async Task A_bad_parameter_is_refused(string target, string error) => Assert.Equal("400 bad_data: " + error, (await _world.Get(target)).Failure);

    [Fact]
    public async Task A_label_name_must_be_text() => Assert.Equal(404, (await _world.Get("/api/v1/label//values")).Status);

    [Fact]
    public async Task Metadata_is_by_family_with_its_limits()
    {
        _world.Storage.Families["b"] = [new MetricMetadata(MetricType.Gauge, "Help \"b\".", "seconds"), new MetricMetadata(MetricType.Unknown, "", "")];
        _world.Storage.Families["a"] = [new MetricMetadata(MetricType.GaugeHistogram, "", "")];
        const string a = "\"a\":[{\"type\":\"gaugehistogram\",\"help\":\"\",\"unit\":\"\"}]";
        const string b0 = "{\"type\":\"gauge\",\"help\":\"Help \\\"b\\\".\",\"unit\":\"seconds\"}";
        const string b = "\"b\":[" + b0 + ",{\"type\":\"unknown\",\"help\":\"\",\"unit\":\"\"}]";
        Assert.Equal($"{{{a},{b}}}", (await _world.Get("/api/v1/metadata")).Data.GetRawText());
        Assert.Equal($"{{{a}}}", (await _world.Get("/api/v1/metadata?limit=1")).Data.GetRawText());
        Assert.Equal("{}", (await _world.Get("/api/v1/metadata?limit=0")).Data.GetRawText());
        Assert.Equal($"{{\"b\":[{b0}]}}", (await _world.Get("/api/v1/metadata?metric=b&limit_per_metric=1")).Data.GetRawText());
        Assert.Equal("{}", (await _world.Get("/api/v1/metadata?metric=c")).Data.GetRawText());
    }

    [Fact]
    public async Task Exemplars_are_by_series_and_a_query_without_selectors_has_no_content()
    {
        _world.Storage.ExemplarRows.Add(new ExemplarSeries(LabelSet.Of("__name__", "up"), [new Exemplar(LabelSet.Of("trace_id", "t"), 2.5, new TimestampMs(1234))]));
        Assert.Equal(
            """[{"seriesLabels":{"__name__":"up"},"exemplars":[{"labels":{"trace_id":"t"},"value":"2.5","timestamp":1.234}]}]""",
            (await _world.PostForm("/api/v1/query_exemplars", "query=rate(up[5m])")).Data.GetRawText());
        var none = await _world.Get("/api/v1/query_exemplars?query=1");
        Assert.Equal((204, 0), (none.Status, none.Body.Length));
    }
}
