using ActorMon.Api.Tests.Support;
using ActorMon.PromQL.Results;

namespace ActorMon.Api.Tests.Transport;

public sealed class RouterTests
{
    private readonly ApiWorld _world = new();

    [Theory]
    [InlineData("/nope")]
    [InlineData("/api/v1/nope")]
    [InlineData("/api/v1/")]
    [InlineData("/api/v1/label/a/b/values")]
    public async Task Another_path_is_not_found(string target)
    {
        var reply = await _world.Get(target);
        Assert.Equal((404, "404 page not found\n", "text/plain; charset=utf-8"), (reply.Status, reply.Text, reply.ContentType));
    }

    [Theory]
    [InlineData("DELETE", "/api/v1/query", "GET, POST, OPTIONS")]
    [InlineData("POST", "/api/v1/label/job/values", "GET, OPTIONS")]
    [InlineData("GET", "/api/v1/write", "POST, OPTIONS")]
    [InlineData("POST", "/metrics", "GET, OPTIONS")]
    public async Task Another_method_is_not_allowed(string method, string target, string allowed)
    {
        var reply = await _world.Send(method, target);
        Assert.Equal((405, "Method Not Allowed\n", allowed), (reply.Status, reply.Text, reply.Headers.Allow.ToString()));
    }

    [Theory]
    [InlineData("/-/healthy")]
    [InlineData("/-/ready")]
    [InlineData("/api/v1/query?query=1")]
    public async Task HEAD_is_answered_like_GET(string target) => Assert.Equal(200, (await _world.Send("HEAD", target)).Status);

    [Theory]
    [InlineData("/api/v1/query")]
    [InlineData("/api/v1/anything")]
    public async Task OPTIONS_has_no_content(string target)
    {
        var reply = await _world.Send("OPTIONS", target, null, null, ("Origin", "http://x"));
        Assert.Equal((204, 0, "*"), (reply.Status, reply.Body.Length, reply.Headers.AccessControlAllowOrigin.ToString()));
    }

    [Theory]
    [InlineData(".*", "http://any.where", "*")]
    [InlineData("https?://(a|b)\\.example", "http://b.example", "http://b.example")]
    [InlineData("https?://(a|b)\\.example", "http://b.example.evil", "")]
    public async Task Origins_are_answered_by_the_anchored_pattern(string pattern, string origin, string allowed)
    {
        var reply = await new ApiWorld(s => s with { CorsOrigin = pattern }).Get("/api/v1/labels", ("Origin", origin));
        Assert.Equal(allowed, reply.Headers.AccessControlAllowOrigin.ToString());
        Assert.Equal(
            ("Accept, Authorization, Content-Type, Origin", "GET, POST, OPTIONS", "Date", "Origin"),
            (reply.Headers.AccessControlAllowHeaders.ToString(), reply.Headers.AccessControlAllowMethods.ToString(), reply.Headers.AccessControlExposeHeaders.ToString(), reply.Headers.Vary.ToString()));
    }

    [Fact]
    public async Task Without_an_origin_and_outside_the_API_there_are_no_CORS_headers()
    {
        Assert.Equal("", (await _world.Get("/api/v1/labels")).Headers.AccessControlAllowMethods.ToString());
        Assert.Equal("", (await _world.Get("/metrics", ("Origin", "http://x"))).Headers.AccessControlAllowOrigin.ToString());
    }

    [Fact]
    public async Task A_prefix_stands_before_every_route()
    {
        var world = new ApiWorld(s => s with { RoutePrefix = "/mon" });
        Assert.Equal(200, (await world.Get("/mon/api/v1/labels")).Status);
        Assert.Equal(200, (await world.Get("/mon/-/healthy")).Status);
        Assert.Equal((302, "/query"), Redirect(await world.Get("/mon/")));
        Assert.Equal(404, (await world.Get("/api/v1/labels")).Status);
        Assert.Equal(404, (await world.Get("/monitor")).Status);
        foreach (var root in new[] { "/", "/mon" })
        {
            var reply = await world.Get(root);
            Assert.Equal((302, "/mon/"), (reply.Status, reply.Headers.Location.ToString()));
        }
    }

    [Theory]
    [InlineData("GET", "/", 302, "/out/query")]
    [InlineData("GET", "/graph?g0.expr=up", 302, "/out/query?g0.expr=up")]
    [InlineData("GET", "/api/v1/query/?query=1", 301, "/api/v1/query?query=1")]
    [InlineData("POST", "/api/v1/query/", 308, "/api/v1/query")]
    [InlineData("GET", "/targets/", 301, "/targets")]
    [InlineData("GET", "//targets/", 404, "")]
    public async Task Some_paths_lead_elsewhere(string method, string target, int status, string location)
    {
        var world = new ApiWorld(s => s with { ExternalUrl = new Uri("http://monitor.example/out/") });
        Assert.Equal((status, location), Redirect(await world.Send(method, target)));
    }

    [Fact]
    public async Task OPTIONS_outside_the_API_tells_the_methods()
    {
        var reply = await _world.Send("OPTIONS", "/-/reload");
        Assert.Equal((200, "POST, PUT, OPTIONS"), (reply.Status, reply.Headers.Allow.ToString()));
        Assert.Equal(404, (await _world.Send("OPTIONS", "/nope")).Status);
    }

    [Fact]
    public async Task An_unexpected_exception_is_an_internal_error_of_its_own_request()
    {
        _world.Answer = _ => throw new InvalidOperationException("broken");
        Assert.Equal("500 internal: broken", (await _world.Get("/api/v1/query?query=1")).Failure);
        _world.Answer = null;
        Assert.Equal(200, (await _world.Get("/api/v1/query?query=1")).Status);
    }

    [Fact]
    public async Task A_cancelled_operation_is_canceled()
    {
        _world.Answer = _ => throw new OperationCanceledException("context canceled");
        Assert.Equal("499 canceled: context canceled", (await _world.Get("/api/v1/query?query=1")).Failure);
    }

    [Fact]
    public async Task A_form_over_ten_megabytes_is_refused()
    {
        var reply = await _world.PostForm("/api/v1/query", "query=" + new string('1', 10 * 1024 * 1024));
        Assert.Equal("400 bad_data: error parsing form values: http: POST too large", reply.Failure);
    }

    private static (int Status, string Location) Redirect(ApiReply reply) => (reply.Status, reply.Headers.Location.ToString());

    [Fact]
    public async Task An_error_keeps_control_characters_escaped()
    {
        _world.Answer = _ => ApiWorld.Failure(QueryErrorKind.Execution, "a\u0000\"b\"");
        Assert.Equal("422 execution: a\u0000\"b\"", (await _world.Get("/api/v1/query?query=1")).Failure);
    }
}
