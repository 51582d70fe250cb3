using ActorMon.Http.Options;
using ActorMon.Testing.Http;

namespace ActorMon.Http.Tests;

public sealed class RedirectTests
{
    private static readonly HttpClientOptions WithSecrets = new()
    {
        Authorization = new("Bearer", new("secret")),
        Headers = [new("X-Tenant", ["open"], [], []), new("X-Key", [], ["hidden"], []), new("Cookie", ["session=1"], [], [])],
    };

    /// <summary>/hop redirects to where the function says; everything else answers 200.</summary>
    private static LoopbackServer Server(Func<LoopbackServer, Uri> target, int status = 302)
    {
        LoopbackServer? server = null;
        return server = LoopbackServer.Http(request => request.Target == "/hop" ? HttpReply.Redirect(target(server!), status) : HttpReply.Ok());
    }

    [Fact]
    public async Task A_redirect_is_followed_with_credentials_while_the_host_stays()
    {
        await using var server = Server(s => s.Url("/end"));
        using var client = new TestClient(WithSecrets);
        await client.GetAsync(server.Url("/hop"));
        var last = server.Requests.Last();
        Assert.Equal(
            ("/end", "Bearer secret", "open", "hidden", "session=1", server.Url("/hop").AbsoluteUri),
            (last.Target, last.Header("Authorization"), last.Header("X-Tenant"), last.Header("X-Key"), last.Header("Cookie"), last.Header("Referer")));
    }

    [Fact]
    public async Task A_redirect_to_another_host_drops_credentials_and_sensitive_headers()
    {
        await using var server = Server(s => s.LocalhostUrl("/end"));
        using var client = new TestClient(WithSecrets);
        await client.GetAsync(server.Url("/hop"));
        var last = server.Requests.Last();
        Assert.Equal(
            ("/end", null, "open", null, null),
            (last.Target, last.Header("Authorization"), last.Header("X-Tenant"), last.Header("X-Key"), last.Header("Cookie")));
    }

    [Fact]
    public async Task Credentials_stay_dropped_when_the_way_leads_back()
    {
        LoopbackServer? server = null;
        await using var kept = server = LoopbackServer.Http(request => request.Target switch
        {
            "/1" => HttpReply.Redirect(server!.LocalhostUrl("/2")),
            "/2" => HttpReply.Redirect(server!.Url("/3")),
            _ => HttpReply.Ok(),
        });
        using var client = new TestClient(WithSecrets);
        await client.GetAsync(server.Url("/1"));
        Assert.Equal(["Bearer secret", null, null], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task Headers_of_the_caller_that_are_sensitive_are_dropped_too()
    {
        await using var server = Server(s => s.LocalhostUrl("/end"));
        using var client = new TestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url("/hop"));
        request.Headers.TryAddWithoutValidation("Authorization", "Own 1");
        request.Headers.TryAddWithoutValidation("X-Own", "2");
        (await client.SendAsync(request)).Dispose();
        var last = server.Requests.Last();
        Assert.Equal((null, "2", $"localhost:{server.Port}"), (last.Header("Authorization"), last.Header("X-Own"), last.Header("Host")));
    }

    [Fact]
    public async Task A_redirect_is_the_answer_when_following_is_off()
    {
        await using var server = Server(s => s.Url("/end"));
        using var client = new TestClient(new() { FollowRedirects = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url("/hop"));
        using var response = await client.SendAsync(request);
        Assert.Equal((302, 1), ((int)response.StatusCode, server.Requests.Count));
    }

    [Fact]
    public async Task The_eleventh_redirect_is_not_followed()
    {
        await using var server = Server(s => s.Url("/hop"));
        using var client = new TestClient();
        Assert.Equal($"Get \"{server.Url("/hop")}\": stopped after 10 redirects", await client.FailureAsync(server.Url("/hop")));
        Assert.Equal(11, server.Requests.Count);
    }

    [Theory]
    [InlineData(301, "GET", "")]
    [InlineData(302, "GET", "")]
    [InlineData(303, "GET", "")]
    [InlineData(307, "POST", "body")]
    [InlineData(308, "POST", "body")]
    public async Task The_status_decides_whether_method_and_body_are_repeated(int status, string method, string body)
    {
        await using var server = Server(s => s.Url("/end"), status);
        using var client = new TestClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url("/hop")) { Content = new StringContent("body") };
        using var response = await client.SendAsync(request);
        Assert.Equal((method, body), (server.Requests.Last().Method, server.Requests.Last().Text));
    }

    [Fact]
    public async Task A_body_that_can_be_sent_only_once_is_not_repeated()
    {
        await using var server = Server(s => s.Url("/end"), 307);
        using var client = new TestClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url("/hop")) { Content = new StreamContent(new MemoryStream([1])) };
        using var response = await client.SendAsync(request);
        Assert.Equal(307, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_relative_location_is_resolved_and_a_missing_one_makes_the_redirect_the_answer()
    {
        await using var server = LoopbackServer.Http(request => request.Target switch
        {
            "/a/relative" => HttpReply.Redirect("../b?x=1"),
            "/nowhere" => HttpReply.Of(302, "Found"),
            _ => HttpReply.Ok(),
        });
        using var client = new TestClient();
        await client.GetAsync(server.Url("/a/relative"));
        Assert.Equal("/b?x=1", server.Requests.Last().Target);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url("/nowhere"));
        using var response = await client.SendAsync(request);
        Assert.Equal(302, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_redirect_to_a_file_is_refused()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Redirect("file:///etc/passwd"));
        using var client = new TestClient();
        Assert.EndsWith("unsupported protocol scheme \"file\"", await client.FailureAsync(server.Url()));
    }

    [Theory]
    [InlineData("example.com", "example.com", true)]
    [InlineData("EXAMPLE.com", "example.COM", true)]
    [InlineData("a.example.com", "example.com", true)]
    [InlineData("badexample.com", "example.com", false)]
    [InlineData("example.com", "a.example.com", false)]
    [InlineData("example.org", "example.com", false)]
    [InlineData("1.127.0.0.1", "127.0.0.1", true)]
    [InlineData("[::1]", "::1", true)]
    [InlineData("::1%.example.com", "example.com", false)]
    public void A_host_is_within_another_when_it_is_the_same_or_a_subdomain(string host, string first, bool within) =>
        Assert.Equal(within, Redirects.RedirectHandler.IsWithin(host, first));
}
