using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ActorMon.Http.Options;
using ActorMon.Testing.Http;
using ActorMon.Testing.IO;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Http.Tests;

public sealed class OAuth2Tests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly RSA Key = RSA.Create(2048);

    private static LoopbackServer TokenServer(Func<int, HttpReply>? answer = null)
    {
        var count = 0;
        return LoopbackServer.Http(_ =>
        {
            var number = Interlocked.Increment(ref count);
            return answer?.Invoke(number) ?? HttpReply.Ok($$"""{"access_token":"t{{number}}","token_type":"bearer","expires_in":60}""", "application/json");
        });
    }

    private static HttpClientOptions Options(OAuth2Options oauth2) => new() { OAuth2 = oauth2 };

    private static OAuth2Options For(LoopbackServer tokens) =>
        new() { ClientId = "id", ClientSecret = new("se cret"), TokenUrl = tokens.Url("/token").AbsoluteUri };

    [Fact]
    public async Task A_token_is_fetched_once_and_renewed_ten_seconds_before_its_end()
    {
        await using var tokens = TokenServer();
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        var clock = new FakeTimeProvider(Start);
        using var client = new TestClient(Options(For(tokens)), new HttpClientContext { Time = clock });
        await client.GetAsync(server.Url());
        clock.Advance(TimeSpan.FromSeconds(49));
        await client.GetAsync(server.Url());
        clock.Advance(TimeSpan.FromSeconds(1));
        await client.GetAsync(server.Url());
        Assert.Equal(["Bearer t1", "Bearer t1", "Bearer t2"], server.Requests.Select(request => request.Header("Authorization")));
        Assert.Equal(2, tokens.Requests.Count);
    }

    [Fact]
    public async Task The_token_request_is_a_form_with_scopes_parameters_and_the_client_s_credentials()
    {
        await using var tokens = TokenServer();
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        using var client = new TestClient(Options(For(tokens) with { Scopes = ["a", "b"], EndpointParams = new Dictionary<string, string> { ["hi"] = "th ere" } }));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url());
        request.Headers.TryAddWithoutValidation("User-Agent", "Prometheus/1");
        (await client.SendAsync(request)).Dispose();
        var received = Assert.Single(tokens.Requests);
        Assert.Equal(
            ("POST", "grant_type=client_credentials&hi=th+ere&scope=a+b", "application/x-www-form-urlencoded", "Prometheus/1"),
            (received.Method, received.Text, received.Header("Content-Type"), received.Header("User-Agent")));
        Assert.Equal("Basic " + Convert.ToBase64String("id:se+cret"u8), received.Header("Authorization"));
    }

    [Fact]
    public async Task A_server_that_wants_the_credentials_in_the_form_gets_them_there_from_then_on()
    {
        await using var tokens = LoopbackServer.Http(request => request.Form.GetValueOrDefault("client_secret") == "se cret"
            ? HttpReply.Ok("""{"access_token":"t","expires_in":"20"}""", "application/json")
            : HttpReply.Of(401, "Unauthorized"));
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        var clock = new FakeTimeProvider(Start);
        using var client = new TestClient(Options(For(tokens)), new HttpClientContext { Time = clock });
        await client.GetAsync(server.Url());
        clock.Advance(TimeSpan.FromSeconds(30));
        await client.GetAsync(server.Url());
        Assert.Equal([true, false, false], tokens.Requests.Select(request => request.Header("Authorization") is not null));
        Assert.Equal("id", tokens.Requests.Last().Form["client_id"]);
    }

    [Fact]
    public async Task Parallel_requests_share_one_fetch()
    {
        var gate = new TaskCompletionSource();
        await using var tokens = LoopbackServer.Http(async _ =>
        {
            await gate.Task;
            return HttpReply.Ok("""{"access_token":"t"}""", "application/json");
        });
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        using var client = new TestClient(Options(For(tokens)));
        var requests = Enumerable.Range(0, 8).Select(_ => client.GetAsync(server.Url())).ToList();
        gate.SetResult();
        await Task.WhenAll(requests);
        Assert.Single(tokens.Requests);
        Assert.Equal(8, server.Requests.Count);
    }

    [Fact]
    public async Task A_fetch_goes_on_when_the_scheduler_of_the_request_that_started_it_has_ended()
    {
        var asked = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        await using var tokens = LoopbackServer.Http(async _ =>
        {
            asked.SetResult();
            await gate.Task;
            return HttpReply.Ok("""{"access_token":"t"}""", "application/json");
        });
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        using var client = new TestClient(Options(For(tokens)));
        var scheduler = new MortalScheduler();
        _ = Task.Factory.StartNew(() => client.GetAsync(server.Url()), CancellationToken.None, TaskCreationOptions.None, scheduler);
        await asked.Task;
        scheduler.End();
        var other = client.GetAsync(server.Url());
        gate.SetResult();
        await other;
        Assert.Single(tokens.Requests);
    }

    [Fact]
    public async Task A_refused_token_fails_the_request_and_the_next_request_tries_again()
    {
        await using var tokens = TokenServer(number => number <= 2
            ? HttpReply.Of(400, "Bad Request", """{"error":"invalid_client","error_description":"who?"}""")
            : HttpReply.Ok("access_token=form&token_type=Custom", "application/x-www-form-urlencoded"));
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        using var client = new TestClient(Options(For(tokens)));
        Assert.Equal($"Get \"{server.Url()}\": oauth2: \"invalid_client\" \"who?\"", await client.FailureAsync(server.Url()));
        await client.GetAsync(server.Url());
        Assert.Equal("Custom form", Assert.Single(server.Requests).Header("Authorization"));
    }

    [Theory]
    [InlineData("{}", "oauth2: server response missing access_token")]
    [InlineData("[1]", "oauth2: cannot parse json")]
    [InlineData("nonsense", "oauth2: cannot parse json")]
    [InlineData("{\"access_token\":\"a\\nb\"}", "invalid header field value")]
    public async Task An_answer_without_a_usable_token_is_an_error(string answer, string text)
    {
        await using var tokens = TokenServer(_ => HttpReply.Ok(answer, "application/json"));
        using var client = new TestClient(Options(For(tokens)));
        Assert.Contains(text, await client.FailureAsync(new Uri("http://127.0.0.1:9/")));
    }

    [Fact]
    public async Task An_unreachable_token_endpoint_is_named()
    {
        var tokens = TokenServer();
        var options = Options(For(tokens));
        await tokens.DisposeAsync();
        using var client = new TestClient(options);
        var text = await client.FailureAsync(new Uri("http://127.0.0.1:9/"));
        Assert.EndsWith(
            $"oauth2: cannot fetch token: Post \"{tokens.Url("/token")}\": dial tcp 127.0.0.1:{tokens.Port}: connect: connection refused", text);
    }

    [Fact]
    public async Task A_rotated_secret_file_fetches_a_new_token()
    {
        using var folder = new TempFolder();
        await using var tokens = TokenServer();
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        using var client = new TestClient(Options(For(tokens) with { ClientSecret = new(File: folder.Write("secret", "one")) }));
        await client.GetAsync(server.Url());
        folder.Replace("secret", "two");
        await client.GetAsync(server.Url());
        Assert.Equal(
            [Convert.ToBase64String("id:one"u8), Convert.ToBase64String("id:two"u8)],
            tokens.Requests.Select(request => request.Header("Authorization")!["Basic ".Length..]));
    }

    [Fact]
    public async Task The_token_endpoint_has_TLS_options_and_a_proxy_of_its_own()
    {
        var authority = TestAuthority.Root();
        await using var tokens = LoopbackServer.Http(
            _ => HttpReply.Ok("""{"access_token":"t"}""", "application/json"), new LoopbackTls(authority.Issue("tokens", ["127.0.0.1"])));
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        using var client = new TestClient(Options(For(tokens) with { Tls = new TlsOptions { Ca = new(authority.Pem) } }));
        await client.GetAsync(server.Url());

        await using var proxy = TokenServer();
        using var proxied = new TestClient(Options(new OAuth2Options
        {
            ClientId = "id",
            TokenUrl = "http://tokens.invalid/token",
            Proxy = new ProxyOptions { Url = proxy.Url() },
        }));
        await proxied.GetAsync(server.Url());
        Assert.Equal("http://tokens.invalid/token", Assert.Single(proxy.Requests).Target);
        Assert.Equal(["Bearer t", "Bearer t1"], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task No_token_follows_a_redirect_to_another_host()
    {
        await using var tokens = TokenServer();
        LoopbackServer? server = null;
        await using var kept = server = LoopbackServer.Http(request => request.Target == "/hop" ? HttpReply.Redirect(server!.LocalhostUrl("/end")) : HttpReply.Ok());
        using var client = new TestClient(Options(For(tokens)));
        await client.GetAsync(server.Url("/hop"));
        Assert.Equal(["Bearer t1", null], server.Requests.Select(request => request.Header("Authorization")));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    public async Task The_jwt_bearer_grant_sends_a_signed_assertion(string algorithm)
    {
        var key = Key;
        await using var tokens = TokenServer();
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        var clock = new FakeTimeProvider(Start);
        var options = new OAuth2Options
        {
            ClientId = "client",
            GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ClientCertificateKey = new(key.ExportPkcs8PrivateKeyPem()),
            ClientCertificateKeyId = "kid-1",
            SignatureAlgorithm = algorithm,
            Issuer = "issuer",
            Audience = "audience",
            Scopes = ["s1", "s2"],
            Claims = new Dictionary<string, object?>
            {
                ["deep"] = new Dictionary<string, object?> { ["list"] = new List<object?> { 1L, "two", true, null, 2.5 } },
            },
            TokenUrl = tokens.Url("/token").AbsoluteUri,
        };
        using var client = new TestClient(Options(options), new HttpClientContext { Time = clock });
        await client.GetAsync(server.Url());

        var form = Assert.Single(tokens.Requests).Form;
        Assert.Equal(("urn:ietf:params:oauth:grant-type:jwt-bearer", "s1 s2"), (form["grant_type"], form["scope"]));
        var parts = form["assertion"].Split('.');
        Assert.Equal($$"""{"alg":"{{algorithm}}","kid":"kid-1","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        var hash = algorithm switch { "RS256" => HashAlgorithmName.SHA256, "RS384" => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), hash, RSASignaturePadding.Pkcs1));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        var root = claims.RootElement;
        Assert.Equal(
            ("issuer", "client", "audience", "s1 s2", Start.ToUnixTimeSeconds(), Start.ToUnixTimeSeconds() + 600, """{"list":[1,"two",true,null,2.5]}"""),
            (root.GetProperty("iss").GetString(), root.GetProperty("sub").GetString(), root.GetProperty("aud").GetString(), root.GetProperty("scope").GetString(),
                root.GetProperty("iat").GetInt64(), root.GetProperty("exp").GetInt64(), root.GetProperty("deep").GetRawText()));
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused()
    {
        await using var tokens = TokenServer();
        var options = For(tokens) with { GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer", ClientCertificateKey = new("no pem") };
        using var client = new TestClient(Options(options));
        Assert.Contains("oauth2: cannot use client certificate key: ", await client.FailureAsync(new Uri("http://127.0.0.1:9/")));
    }

    [Fact]
    public async Task Endpoint_parameters_may_replace_the_grant_type_and_nothing_else()
    {
        await using var tokens = TokenServer();
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        using var password = new TestClient(Options(For(tokens) with { EndpointParams = new Dictionary<string, string> { ["grant_type"] = "password" } }));
        await password.GetAsync(server.Url());
        Assert.Equal("password", Assert.Single(tokens.Requests).Form["grant_type"]);
        using var scope = new TestClient(
            Options(For(tokens) with { Scopes = ["a"], EndpointParams = new Dictionary<string, string> { ["scope"] = "b" } }));
        Assert.EndsWith("oauth2: cannot overwrite parameter \"scope\"", await scope.FailureAsync(server.Url()));
    }

    /// <summary>Runs tasks until it is ended, as the scheduler of an actor does.</summary>
    private sealed class MortalScheduler : TaskScheduler
    {
        private volatile bool _ended;

        public void End() => _ended = true;

        protected override IEnumerable<Task> GetScheduledTasks() => [];

        protected override void QueueTask(Task task) => ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                if (!_ended)
                    TryExecuteTask(task);
            },
            null);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => !_ended && !taskWasPreviouslyQueued && TryExecuteTask(task);
    }
}
