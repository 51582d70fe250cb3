using System.Text.Json;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Api.Tests.Clients;

/// <summary>The requests that Grafana's Prometheus data source makes, as it makes them, and the parts of the answers that it reads.</summary>
public sealed class GrafanaTests
{
    private const long Now = ApiWorld.Now / 1000;

    private readonly ApiWorld _world = new();

    public GrafanaTests()
    {
        for (var i = 0; i <= 60; i++)
            foreach (var instance in new[] { "a:1", "b:1" })
                _world.Storage.Add(LabelSet.Of("__name__", "http_requests_total", "instance", instance, "job", "web"), ApiWorld.Now - 900_000 + i * 15_000, i * 3);
        _world.Storage.Families["http_requests_total"] = [new MetricMetadata(MetricType.Counter, "Requests.", "")];
        _world.Storage.ExemplarRows.Add(new ExemplarSeries(
            LabelSet.Of("__name__", "http_requests_total", "instance", "a:1"), [new Exemplar(LabelSet.Of("traceID", "abc"), 1, new TimestampMs(ApiWorld.Now - 1000))]));
    }

    [Fact]
    public async Task Save_and_test_asks_for_the_time_and_the_program()
    {
        // The health check of the data source, and what it sniffs to know the product.
        var health = await Form("query", "query=1%2B1&time=" + Now);
        Assert.Equal("success", health.Json.GetProperty("status").GetString());
        Assert.Equal($"[{Now},\"2\"]", health.Data.GetProperty("result").GetRawText());
        var build = await _world.Get("/api/v1/status/buildinfo");
        Assert.Equal("1.2.3", build.Data.GetProperty("version").GetString());
        foreach (var name in new[] { "revision", "branch", "buildUser", "buildDate", "goVersion" })
            Assert.Equal(JsonValueKind.String, build.Data.GetProperty(name).ValueKind);
        // A product with a ruler of its own has more in its features; Prometheus has none there.
        Assert.Equal("""{"groups":[]}""", (await _world.Get("/api/v1/rules")).Data.GetRawText());
    }

    [Fact]
    public async Task A_panel_asks_for_a_range()
    {
        var reply = await Form("query_range", $"query=sum%20by%20%28instance%29%20%28rate%28http_requests_total%7Bjob%3D%22web%22%7D%5B1m0s%5D%29%29&start={Now - 600}&end={Now}&step=15");
        Assert.Equal("matrix", reply.Data.GetProperty("resultType").GetString());
        var series = reply.Data.GetProperty("result").EnumerateArray().ToArray();
        Assert.Equal(["a:1", "b:1"], series.Select(s => s.GetProperty("metric").GetProperty("instance").GetString()!));
        Assert.Equal(41, series[0].GetProperty("values").GetArrayLength());
        var first = series[0].GetProperty("values")[0];
        Assert.Equal(Now - 600, first[0].GetInt64());
        Assert.Equal(0.2, double.Parse(first[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture), 9);
        // A range whose ends carry milliseconds, with the statistics of the query inspector.
        var exact = await Form("query_range", $"query=up&start={Now - 60}.123&end={Now}.456&step=1.5&stats=all&timeout=30s");
        Assert.True(exact.Data.GetProperty("stats").GetProperty("samples").TryGetProperty("totalQueryableSamples", out _));
        Assert.True(exact.Data.GetProperty("stats").GetProperty("timings").TryGetProperty("evalTotalTime", out _));
    }

    [Fact]
    public async Task A_table_asks_for_an_instant()
    {
        var reply = await Form("query", $"query=http_requests_total&time={Now}.000");
        Assert.Equal("vector", reply.Data.GetProperty("resultType").GetString());
        Assert.Equal(2, reply.Data.GetProperty("result").GetArrayLength());
        Assert.Equal($"[{Now},\"180\"]", reply.Data.GetProperty("result")[0].GetProperty("value").GetRawText());
    }

    [Theory]
    [InlineData("labels", "start={0}&end={1}&match%5B%5D=http_requests_total", """["__name__","instance","job"]""")]
    [InlineData("labels", "start={0}&end={1}&limit=2", """["__name__","instance"]""")]
    [InlineData("series", "match%5B%5D=http_requests_total%7Binstance%3D%22a%3A1%22%7D&start={0}&end={1}&limit=40000", """[{"__name__":"http_requests_total","instance":"a:1","job":"web"}]""")]
    public async Task The_query_builder_asks_for_names_by_form(string endpoint, string form, string expected) =>
        Assert.Equal(expected, (await Form(endpoint, string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Now - 3600, Now))).Data.GetRawText());

    [Theory]
    [InlineData("label/__name__/values?start={0}&end={1}", """["http_requests_total"]""")]
    [InlineData("label/__name__/values?start={0}&end={1}&match[]=%7Bjob%3D%22web%22%7D&limit=40000", """["http_requests_total"]""")]
    [InlineData("label/instance/values?start={0}&end={1}&match%5B%5D=http_requests_total&limit=1", """["a:1"]""")]
    [InlineData("metadata", """{"http_requests_total":[{"type":"counter","help":"Requests.","unit":""}]}""")]
    [InlineData("metadata?limit=40000", """{"http_requests_total":[{"type":"counter","help":"Requests.","unit":""}]}""")]
    [InlineData("status/flags", """{"web.a":"1","web.b":"2"}""")]
    [InlineData("alerts", """{"alerts":[]}""")]
    public async Task The_query_builder_asks_for_values(string target, string expected) =>
        Assert.Equal(expected, (await _world.Get("/api/v1/" + string.Format(System.Globalization.CultureInfo.InvariantCulture, target, Now - 3600, Now))).Data.GetRawText());

    [Fact]
    public async Task A_panel_with_exemplars_asks_for_them()
    {
        var reply = await Form("query_exemplars", $"query=http_requests_total&start={Now - 3600}&end={Now}");
        Assert.Equal(
            """[{"seriesLabels":{"__name__":"http_requests_total","instance":"a:1"},"exemplars":[{"labels":{"traceID":"abc"},"value":"1","timestamp":1699999999}]}]""", reply.Data.GetRawText());
    }

    [Fact]
    public async Task A_mistake_is_shown_with_the_text_of_the_error()
    {
        var reply = await Form("query_range", $"query=sum%28&start={Now - 60}&end={Now}&step=15");
        Assert.Equal("400 bad_data: invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis", reply.Failure);
        Assert.Equal("application/json", reply.ContentType);
    }

    private Task<ApiReply> Form(string endpoint, string form) => _world.PostForm("/api/v1/" + endpoint, form);
}
