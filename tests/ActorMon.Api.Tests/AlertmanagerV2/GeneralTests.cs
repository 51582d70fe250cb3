using ActorMon.Api.Tests.Support;

namespace ActorMon.Api.Tests.AlertmanagerV2;

public sealed class GeneralTests
{
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task The_status_tells_of_cluster_configuration_program_and_start()
    {
        const string shown = """
            {"cluster":{"name":"home","peers":[{"address":"127.0.0.1:1","name":"a"},{"address":"127.0.0.1:2","name":"b"}],"status":"ready"},
            "config":{"original":"route:\n  receiver: default\n"},"uptime":"2023-11-14T22:12:20.000Z",
            "versionInfo":{"version":"1.2.3","revision":"abc","branch":"main","buildUser":"me","buildDate":"today","goVersion":".NET"}}
            """;
        Assert.Equal(shown.ReplaceLineEndings("") + "\n", (await _world.Get("/api/v2/status")).Text);
    }

    [Theory]
    [InlineData("", "default team other")]
    [InlineData("?receiver_matchers=owner%3D~%22r.%2B%22", "team")]
    [InlineData("?receiver=other", "default team other")]
    public async Task Receivers_come_in_the_order_of_the_configuration(string parameters, string expected)
    {
        var receivers = (await _world.Get("/api/v2/receivers" + parameters)).Json.EnumerateArray().ToList();
        Assert.Equal(expected, string.Join(' ', receivers.Select(receiver => receiver.GetProperty("name").GetString())));
        Assert.All(receivers, receiver => Assert.Equal(receiver.GetProperty("name").GetString(), receiver.GetProperty("labels").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_path_or_method_that_is_not_there_is_told_as_json()
    {
        var path = await _world.Get("/api/v2/nothing");
        Assert.Equal((404, "{\"code\":404,\"message\":\"path /api/v2/nothing was not found\"}\n"), (path.Status, path.Text));
        var method = await _world.Send("PUT", "/alertmanager/api/v2/alerts");
        Assert.Equal((405, "{\"code\":405,\"message\":\"method PUT is not allowed, but [POST,GET] are\"}\n"), (method.Status, method.Text));
        var type = await _world.Send("POST", "/api/v2/alerts", "x"u8.ToArray(), "text/plain");
        Assert.Equal((415, "{\"code\":415,\"message\":\"unsupported media type \\\"text/plain\\\", only [application/json] are allowed\"}\n"), (type.Status, type.Text));
    }

    [Theory]
    [InlineData("GET", "/alertmanager/-/healthy", 200, "OK")]
    [InlineData("HEAD", "/alertmanager/-/ready", 200, "OK")]
    [InlineData("POST", "/alertmanager/-/reload", 200, "")]
    [InlineData("GET", "/alertmanager/-/reload", 405, "Method Not Allowed\n")]
    [InlineData("DELETE", "/alertmanager/api/v1/silence/x", 410, "{\"status\":\"deprecated\",\"error\":\"The Alertmanager v1 API was deprecated in version 0.16.0 and is removed as of version 0.27.0 - please use the equivalent route in the v2 API\"}\n")]
    public async Task The_original_s_other_routes_are_below_alertmanager(string method, string path, int status, string text)
    {
        var answer = await _world.Send(method, path);
        Assert.Equal((status, text), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_reload_that_fails_says_why_although_the_lifecycle_api_is_off()
    {
        _world.Node.ReloadError = "line 3: no";
        var answer = await _world.Send("POST", "/alertmanager/-/reload");
        Assert.Equal((500, "failed to reload config: line 3: no\n", 1), (answer.Status, answer.Text, _world.Node.Reloads));
        Assert.Equal(403, (await _world.Send("POST", "/-/reload")).Status);
    }

    [Fact]
    public async Task Reads_beyond_the_limit_are_told_to_come_again_and_writes_are_not_limited()
    {
        var world = new ApiWorld(settings => settings with { AlertmanagerGetConcurrency = 2 });
        var turn = new TaskCompletionSource();
        world.Alertmanager.Turn = turn.Task;
        var waiting = new[] { world.Get("/api/v2/alerts"), world.Get("/alertmanager/api/v2/alerts") };
        var third = await world.Get("/api/v2/status");
        Assert.Equal((503, "Limit of concurrent GET requests reached (2), try again later.\n\n"), (third.Status, third.Text));
        Assert.Equal(200, (await world.PostJson("/api/v2/alerts", """[{"labels":{"a":"b"}}]""")).Status);
        Assert.Contains("alertmanager_http_requests_in_flight{method=\"get\"} 2\n", (await world.Get("/metrics")).Text, StringComparison.Ordinal);
        turn.SetResult();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(200, (await world.Get("/api/v2/status")).Status);
        var metrics = (await world.Get("/metrics")).Text;
        Assert.Contains("alertmanager_http_concurrency_limit_exceeded_total{method=\"get\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("alertmanager_http_request_duration_seconds_count{code=\"200\",handler=\"/api/v2/alerts\",method=\"get\"} 2\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_told_so_and_another_one_is_not()
    {
        var world = new ApiWorld(settings => settings with { AlertmanagerTimeout = TimeSpan.FromSeconds(20) });
        var turn = new TaskCompletionSource();
        world.Alertmanager.Turn = turn.Task;
        var late = world.Get("/api/v2/alerts");
        world.Time.Advance(TimeSpan.FromSeconds(20));
        var answer = await late;
        Assert.Equal((503, "Exceeded configured timeout of 20s.\n"), (answer.Status, answer.Text));
        turn.SetResult();
        Assert.Equal(200, (await world.Get("/api/v2/alerts")).Status);
    }

    [Fact]
    public async Task What_the_cluster_cannot_do_now_is_an_error_of_that_request()
    {
        _world.Alertmanager.Trouble = "silences: the majority does not answer";
        var answer = await _world.Send("DELETE", "/api/v2/silence/d2d9e9c4-0000-4000-8000-000000000000");
        Assert.Equal((500, "\"silences: the majority does not answer\"\n"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_node_without_an_alertmanager_says_so()
    {
        _world.Alertmanager.IsOn = false;
        foreach (var world in new[] { _world, new ApiWorld(withoutAlertmanager: true) })
        {
            var answer = await world.Get("/api/v2/alerts");
            Assert.Equal((503, "no Alertmanager runs here: no configuration of one was given"), (answer.Status, answer.Json.GetString()));
        }
    }
}
