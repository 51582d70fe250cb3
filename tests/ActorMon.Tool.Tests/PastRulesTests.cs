using System.Globalization;
using System.Text;
using ActorMon.Testing.Http;
using ActorMon.Testing.IO;

namespace ActorMon.Tool.Tests;

public sealed class PastRulesTests : IDisposable
{
    private const string Rules = """
        groups:
          - name: g
            interval: 1m
            rules:
              - {record: doubled, expr: up * 2, labels: {team: x}}
              - {alert: Down, expr: up == 0, for: 1m, annotations: {summary: "{{ $labels.i }}"}}
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Recording_rules_are_filled_into_a_data_directory()
    {
        await using var server = LoopbackServer.Http(request => Answer(request, (_, time) => time / 60 % 100));
        var rules = _folder.Write("r.yml", Rules);
        var (code, _, errors) = await RunAsync(
            "rules", "backfill", "--url=" + server.Url(), "--start=600", "--end=1200", "--output-dir=" + _folder.File("data"), "-q", rules);
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal("up * 2", Assert.Single(server.Requests).Form["query"]);
        var dumped = (await RunAsync("tsdb", "dump", _folder.File("data"))).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, dumped.Length);
        Assert.All(dumped, line => Assert.StartsWith("{__name__=\"doubled\", i=\"1\", team=\"x\"} ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_replay_shows_every_alert_with_its_begin_and_end()
    {
        // Down from minute 20 to 29 of every half hour.
        await using var server = LoopbackServer.Http(request => Answer(request, (query, time) => time / 60 % 30 < 20 ? null : query == "up == 0" ? 0 : 0));
        var rules = _folder.Write("r.yml", Rules);
        string[] arguments = ["rules", "replay", "--url=" + server.Url(), "--start=0", "--end=1970-01-01T01:00:00Z", rules];
        var (code, output, errors) = await RunAsync(arguments);
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("group g: 60 evaluations, 2 alerts, 2 of them fired\n  firing  {alertname=\"Down\", i=\"1\"} active 1970-01-01T00:20:", output, StringComparison.Ordinal);
        Assert.Contains(" (10m)\n          summary: 1\n", output, StringComparison.Ordinal);
        Assert.Contains("end not ended", output, StringComparison.Ordinal);
        Assert.Contains("\"rule\": \"Down\"", (await RunAsync([.. arguments, "--format=json"])).Output, StringComparison.Ordinal);
        Assert.Contains("{\"metric\":{\"__name__\":\"ALERTS\",\"alertname\":\"Down\",\"alertstate\":\"firing\",\"i\":\"1\"},\"values\":[1,", (await RunAsync([.. arguments, "--format=series"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_the_server_ends_with_its_text()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Of(422, "Unprocessable", "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"too much\"}"));
        var rules = _folder.Write("r.yml", Rules);
        Assert.Equal((1, "group g, rule doubled: query range: too much\n"), Codes(await RunAsync("rules", "backfill", "--url=" + server.Url(), "--start=0", "--end=600", "--output-dir=" + _folder.File("d"), rules)));
        Assert.Equal(1, (await RunAsync("rules", "replay", "--url=" + server.Url(), "--start=0", "--end=600", rules)).Code);
    }

    [Theory]
    [InlineData("required flag(s) '--start' not provided", "rules", "backfill", "r.yml")]
    [InlineData("flag '--start': cannot parse \"soon\" to a valid timestamp", "rules", "replay", "--start=soon", "r.yml")]
    [InlineData("the start time is after the end time", "rules", "replay", "--start=2", "--end=1", "r.yml")]
    [InlineData("flag '--url': \"x\" is not the address of a server", "rules", "replay", "--url=x", "r.yml")]
    [InlineData("flag '--format': \"x\" is none of text, json, series", "rules", "replay", "--format=x", "r.yml")]
    public async Task Wrong_usage_ends_with_code_1(string problem, params string[] arguments) =>
        Assert.Equal((1, $"actormon-tool: error: {problem}, try --help\n"), Codes(await RunAsync(arguments)));

    private static (int, string) Codes((int Code, string Output, string Errors) run) => (run.Code, run.Errors);

    /// <summary>One series, i="1", with the value that the function has for a query and a time in seconds.</summary>
    private static HttpReply Answer(ReceivedRequest request, Func<string, long, double?> value)
    {
        var form = request.Form;
        double Number(string name) => double.Parse(form[name], CultureInfo.InvariantCulture);
        var points = new StringBuilder();
        for (var time = Number("start"); time <= Number("end"); time += Number("step"))
            if (value(form["query"], (long)time) is { } v)
                points.Append(points.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"[{time},\"{v}\"]");
        var series = points.Length == 0 ? "" : $"{{\"metric\":{{\"__name__\":\"up\",\"i\":\"1\"}},\"values\":[{points}]}}";
        return HttpReply.Ok($"{{\"status\":\"success\",\"data\":{{\"resultType\":\"matrix\",\"result\":[{series}]}}}}", "application/json");
    }

    private static Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => ToolRun.RunAsync("", arguments);
}
