using ActorMon.Api.Tests.Support;

namespace ActorMon.Api.Tests.Status;

public sealed class ManagementTests
{
    private readonly ApiWorld _world = new(s => s with { EnableLifecycle = true });

    [Fact]
    public async Task A_node_that_is_not_ready_is_healthy_and_answers_503_elsewhere()
    {
        _world.Node.IsReady = false;
        Assert.Equal((200, "Prometheus Server is Healthy.\n"), Shown(await _world.Get("/-/healthy")));
        foreach (var target in new[] { "/-/ready", "/api/v1/query?query=1", "/api/v1/targets" })
        {
            var reply = await _world.Get(target);
            Assert.Equal((503, "Service Unavailable"), Shown(reply));
            Assert.Equal(("false", "text/plain; charset=utf-8"), (reply.Headers["X-Prometheus-Stopping"].ToString(), reply.ContentType));
        }
        Assert.Equal(503, (await _world.Send("POST", "/api/v1/write", [])).Status);
        Assert.Equal(200, (await _world.Get("/metrics")).Status);
        Assert.Equal(200, (await _world.Get("/query")).Status);
        _world.Node.IsStopping = true;
        Assert.Equal("true", (await _world.Get("/-/ready")).Headers["X-Prometheus-Stopping"].ToString());
    }

    [Fact]
    public async Task A_ready_node_says_so() => Assert.Equal((200, "Prometheus Server is Ready.\n"), Shown(await _world.Get("/-/ready")));

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task Reload_answers_200_or_the_error(string method)
    {
        Assert.Equal((200, ""), Shown(await _world.Send(method, "/-/reload")));
        _world.Node.ReloadError = "line 3: no";
        Assert.Equal((500, "failed to reload config: line 3: no\n"), Shown(await _world.Send(method, "/-/reload")));
        Assert.Equal(2, _world.Node.Reloads);
    }

    [Fact]
    public async Task Quit_is_asked_once()
    {
        Assert.Equal((200, "Requesting termination... Goodbye!"), Shown(await _world.Send("POST", "/-/quit")));
        Assert.Equal((200, "Termination already in progress."), Shown(await _world.Send("PUT", "/-/quit")));
    }

    [Fact]
    public async Task Quit_may_say_what_is_handed_over_first()
    {
        Assert.Equal((400, "The parameter for is neither hand-over nor restart.\n"), Shown(await _world.Send("POST", "/-/quit?for=good")));
        Assert.Equal((200, "Requesting termination... Goodbye!"), Shown(await _world.Send("POST", "/-/quit?for=restart")));
    }

    [Theory]
    [InlineData("/-/reload")]
    [InlineData("/-/quit")]
    public async Task Commands_need_the_flag_and_a_POST(string path)
    {
        Assert.Equal((405, "Only POST or PUT requests allowed"), Shown(await _world.Get(path)));
        var closed = new ApiWorld();
        Assert.Equal((403, "Lifecycle API is not enabled."), Shown(await closed.Send("POST", path)));
        Assert.Equal((405, "Only POST or PUT requests allowed"), Shown(await closed.Get(path)));
        Assert.Equal(0, closed.Node.Reloads);
        Assert.True(closed.Node.RequestQuit(""));
    }

    [Fact]
    public async Task Version_is_the_build_as_JSON() => Assert.Equal("1.2.3", (await _world.Get("/version")).Json.GetProperty("version").GetString());

    [Theory]
    [InlineData("", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text;version=1.0.0,*/*;q=0.1", "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited", "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=underscores")]
    public async Task The_metrics_page_comes_in_the_format_asked_for(string accept, string contentType)
    {
        await _world.Get("/api/v1/query?query=1");
        var reply = accept.Length == 0 ? await _world.Get("/metrics") : await _world.Get("/metrics", ("Accept", accept));
        Assert.Equal((200, contentType), (reply.Status, reply.ContentType));
        if (contentType.StartsWith("text", StringComparison.Ordinal))
            Assert.Contains("# TYPE prometheus_http_requests_total counter\n", reply.Text, StringComparison.Ordinal);
        Assert.Equal(contentType.Contains("openmetrics", StringComparison.Ordinal), reply.Text.EndsWith("# EOF\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_are_counted_by_route_and_status_with_their_sizes()
    {
        var length = (await _world.Get("/api/v1/label/job/values")).Body.Length;
        await _world.Get("/api/v1/query?query=(");
        var page = (await _world.Get("/metrics")).Text;
        Assert.Contains("prometheus_http_requests_total{code=\"200\",handler=\"/api/v1/label/:name/values\"} 1\n", page, StringComparison.Ordinal);
        // A route that was not asked shows zero answers.
        Assert.Contains("prometheus_http_requests_total{code=\"200\",handler=\"/api/v1/query_range\"} 0\n", page, StringComparison.Ordinal);
        Assert.Contains("prometheus_http_requests_total{code=\"400\",handler=\"/api/v1/query\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains($"prometheus_http_response_size_bytes_sum{{handler=\"/api/v1/label/:name/values\"}} {length}\n", page, StringComparison.Ordinal);
        Assert.Contains("prometheus_http_request_duration_seconds_count{handler=\"/api/v1/query\"} 1\n", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/query")]
    [InlineData("/tsdb-status")]
    [InlineData("/targets")]
    [InlineData("/alerts")]
    public async Task The_page_is_under_every_address_people_know(string target)
    {
        var reply = await new ApiWorld(s => s with { PageTitle = "Mine & <yours>" }).Get(target);
        Assert.Equal((200, "text/html; charset=utf-8"), (reply.Status, reply.ContentType));
        Assert.Contains("<title>Mine &amp; &lt;yours&gt;</title>", reply.Text, StringComparison.Ordinal);
    }

    private static (int, string) Shown(ApiReply reply) => (reply.Status, reply.Text);
}
