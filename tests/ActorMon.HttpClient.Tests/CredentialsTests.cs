using System.Text;
using ActorMon.Http.Options;
using ActorMon.Testing.Http;
using ActorMon.Testing.IO;

namespace ActorMon.Http.Tests;

public sealed class CredentialsTests
{
    private static LoopbackServer Server() => LoopbackServer.Http(_ => HttpReply.Ok());

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    private static async Task<string?> AuthorizationSentAsync(HttpClientOptions options, Func<LoopbackServer, Uri>? url = null)
    {
        await using var server = Server();
        using var client = new TestClient(options);
        await client.GetAsync(url?.Invoke(server) ?? server.Url());
        return Assert.Single(server.Requests).Header("Authorization");
    }

    [Fact]
    public async Task Without_credentials_no_header_is_sent() => Assert.Null(await AuthorizationSentAsync(new HttpClientOptions()));

    [Fact]
    public async Task Basic_auth_sends_user_and_password() => Assert.Equal(
        Basic("jürgen:pä:ss"), await AuthorizationSentAsync(new() { BasicAuth = new(new("jürgen"), new("pä:ss")) }));

    [Fact]
    public async Task Basic_auth_may_lack_the_password() => Assert.Equal(
        Basic("u:"), await AuthorizationSentAsync(new() { BasicAuth = new(new("u"), SecretSource.None) }));

    [Fact]
    public async Task Authorization_sends_type_and_credentials() => Assert.Equal(
        "Token abc", await AuthorizationSentAsync(new() { Authorization = new("Token", new("abc")) }));

    [Fact]
    public async Task A_URL_s_own_credentials_win_over_configured_ones() => Assert.Equal(
        Basic("me@home:s/cret"),
        await AuthorizationSentAsync(
            new() { Authorization = new("Bearer", new("abc")) }, server => new Uri($"http://me%40home:s%2Fcret@127.0.0.1:{server.Port}/metrics")));

    [Fact]
    public async Task A_URL_s_credentials_are_sent_by_a_client_without_any() => Assert.Equal(
        Basic("u:p"), await AuthorizationSentAsync(new(), server => new Uri($"http://u:p@127.0.0.1:{server.Port}/")));

    [Fact]
    public async Task A_header_the_caller_set_is_left_alone()
    {
        await using var server = Server();
        using var client = new TestClient(new() { Authorization = new("Bearer", new("abc")) });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url());
        request.Headers.TryAddWithoutValidation("Authorization", "Own 1");
        (await client.SendAsync(request)).Dispose();
        Assert.Equal("Own 1", Assert.Single(server.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task Secret_files_are_read_at_every_request_and_trimmed()
    {
        using var folder = new TempFolder();
        await using var server = Server();
        using var client = new TestClient(new() { BasicAuth = new(new(File: folder.Write("user", "joe\n")), new(File: folder.Write("password", " one \n"))) });
        await client.GetAsync(server.Url());
        folder.Replace("password", "two\n");
        await client.GetAsync(server.Url());
        Assert.Equal([Basic("joe:one"), Basic("joe:two")], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task A_missing_secret_file_fails_the_request_before_it_is_sent()
    {
        using var folder = new TempFolder();
        await using var server = Server();
        var file = folder.File("token");
        using var client = new TestClient(new() { Authorization = new("Bearer", new(File: file)) });
        Assert.Equal(
            $"Get \"{server.Url()}\": unable to read authorization credentials: unable to read file {file}: open {file}: no such file or directory",
            await client.FailureAsync(server.Url()));
        Assert.Equal(0, server.Accepted);
    }

    [Fact]
    public async Task Http_headers_send_values_secrets_and_files_in_this_order()
    {
        using var folder = new TempFolder();
        await using var server = Server();
        using var client = new TestClient(new() { Headers = [new("X-Scope", ["a", "b"], ["c"], [folder.Write("d", "d\n")])] });
        await client.GetAsync(server.Url());
        Assert.Equal("a, b, c, d", Assert.Single(server.Requests).Header("X-Scope"));
    }

    [Fact]
    public async Task A_line_break_in_a_header_s_file_is_refused()
    {
        using var folder = new TempFolder();
        await using var server = Server();
        using var client = new TestClient(new() { Headers = [new("X-Scope", [], [], [folder.Write("d", "a\r\nX-Evil: 1")])] });
        Assert.EndsWith("net/http: invalid header field value for \"X-Scope\"", await client.FailureAsync(server.Url()));
    }

    [Fact]
    public async Task A_line_break_in_a_token_is_refused()
    {
        await using var server = Server();
        using var client = new TestClient(new() { Authorization = new("Bearer", new("a\nb")) });
        Assert.EndsWith("net/http: invalid header field value for \"Authorization\"", await client.FailureAsync(server.Url()));
    }

    [Fact]
    public async Task A_request_comes_back_as_it_was_given_and_can_be_sent_again()
    {
        using var folder = new TempFolder();
        await using var server = Server();
        using var client = new TestClient(new()
        {
            Authorization = new("Bearer", new(File: folder.Write("token", "1"))),
            Headers = [new("X-Scope", ["configured"], [], [])],
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url());
        request.Headers.TryAddWithoutValidation("X-Scope", "own");
        (await client.SendAsync(request)).Dispose();
        folder.Write("token", "2");
        (await client.SendAsync(request)).Dispose();
        Assert.Equal(["X-Scope: own"], request.Headers.Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));
        Assert.Equal(
            ["Bearer 1 own, configured", "Bearer 2 own, configured"],
            server.Requests.Select(received => $"{received.Header("Authorization")} {received.Header("X-Scope")}"));
    }

    [Fact]
    public void A_secret_source_never_prints_its_secret() => Assert.DoesNotContain("hidden", new BasicAuthOptions(new("u"), new("hidden")).ToString());
}
