using System.Net;
using System.Text;
using ActorMon.Http.Errors;
using ActorMon.Testing.Http;
using ActorMon.Testing.IO;

namespace ActorMon.Http.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public async Task Requests_to_a_host_share_a_kept_alive_connection()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok("x"));
        using var client = new TestClient();
        for (var i = 0; i < 3; i++)
            await client.GetAsync(server.Url());
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task Nothing_is_added_to_a_bare_request_and_compressed_bodies_come_as_they_are()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok("not gzip at all").With("Content-Encoding", "gzip").With("Set-Cookie", "a=b"));
        using var client = new TestClient();
        Assert.Equal("not gzip at all", await client.GetAsync(server.Url()));
        await client.GetAsync(server.Url());
        Assert.Equal(["Host"], server.Requests.Last().Headers.Select(header => header.Key));
    }

    [Fact]
    public async Task A_unix_domain_socket_takes_all_requests()
    {
        using var folder = new TempFolder();
        await using var server = LoopbackServer.Unix(folder.File("s.sock"), _ => HttpReply.Ok("unix"));
        using var client = new TestClient(context: new HttpClientContext { UnixSocketPath = folder.File("s.sock") });
        Assert.Equal("unix", await client.GetAsync(new Uri("http://anything.invalid/v1")));
        Assert.Equal("anything.invalid", Assert.Single(server.Requests).Header("Host"));
    }

    [Fact]
    public async Task A_missing_unix_domain_socket_is_named()
    {
        using var folder = new TempFolder();
        var path = folder.File("none.sock");
        using var client = new TestClient(context: new HttpClientContext { UnixSocketPath = path });
        Assert.Equal($"Get \"http://x/\": dial unix {path}: connect: no such file or directory", await client.FailureAsync(new Uri("http://x/")));
    }

    [Fact]
    public async Task A_refused_connection_is_told_as_the_peers_tell_it()
    {
        var server = LoopbackServer.Http(_ => HttpReply.Ok());
        await server.DisposeAsync();
        using var client = new TestClient();
        Assert.Equal(
            $"Get \"http://127.0.0.1:{server.Port}/metrics\": dial tcp 127.0.0.1:{server.Port}: connect: connection refused",
            await client.FailureAsync(server.Url("/metrics")));
    }

    [Fact]
    public async Task An_IPv6_address_is_dialled_and_told_in_brackets()
    {
        using var client = new TestClient();
        Assert.StartsWith("Get \"http://[::1]:1/\": dial tcp [::1]:1: connect: ", await client.FailureAsync(new Uri("http://[::1]:1/")));
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_told()
    {
        using var client = new TestClient();
        Assert.StartsWith("Get \"http://nothing.invalid/\": dial tcp: lookup nothing.invalid: ", await client.FailureAsync(new Uri("http://nothing.invalid/")));
    }

    [Theory]
    [InlineData("", "EOF")]
    [InlineData("garbage\r\n\r\n", "net/http: HTTP/1.x transport connection broken: malformed HTTP response")]
    [InlineData("HTTP/1.1 200 OK\r\nX: y", "EOF")]
    public async Task A_broken_answer_is_told(string answer, string text)
    {
        await using var server = LoopbackServer.Raw(async (stream, _, cancellationToken) =>
        {
            await HttpWire.ReadHeadAsync(stream, cancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
        });
        using var client = new TestClient();
        Assert.StartsWith($"Get \"{server.Url()}\": {text}", await client.FailureAsync(server.Url()));
    }

    [Fact]
    public async Task An_answer_with_endless_headers_is_cut_off()
    {
        await using var server = LoopbackServer.Raw(async (stream, _, cancellationToken) =>
        {
            await HttpWire.ReadHeadAsync(stream, cancellationToken);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancellationToken);
            for (var line = Encoding.ASCII.GetBytes($"X: {new string('x', 1000)}\r\n"); ;)
                await stream.WriteAsync(line, cancellationToken);
        });
        using var client = new TestClient();
        Assert.Contains("net/http: HTTP/1.x transport connection broken: ", await client.FailureAsync(server.Url()));
    }

    [Fact]
    public async Task The_caller_s_deadline_ends_a_request_that_hangs()
    {
        await using var server = LoopbackServer.Raw((_, _, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken));
        using var client = HttpClients.Create(new(), HttpClientContext.Default);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url());
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(request, deadline.Token));
        Assert.Equal($"Get \"{server.Url()}\": context deadline exceeded", HttpErrors.Describe(failure, server.Url()));
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_an_unexpected_EOF()
    {
        await using var server = LoopbackServer.Raw(async (stream, _, cancellationToken) =>
        {
            await HttpWire.ReadHeadAsync(stream, cancellationToken);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"u8.ToArray(), cancellationToken);
        });
        using var client = new TestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url());
        using var response = await client.SendAsync(request);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());
        Assert.Equal("unexpected EOF", HttpErrors.DescribeBody(failure));
    }

    [Fact]
    public void A_password_in_the_URL_is_masked_in_the_text() => Assert.Equal(
        "Get \"http://joe:***@host:81/a?b=c\": context deadline exceeded",
        HttpErrors.Describe(new OperationCanceledException(), new Uri("http://joe:secret@host:81/a?b=c")));

    [Fact]
    public async Task A_client_disposed_during_an_answer_lets_it_end()
    {
        var gate = new TaskCompletionSource();
        await using var server = LoopbackServer.Raw(async (stream, _, cancellationToken) =>
        {
            await HttpWire.ReadHeadAsync(stream, cancellationToken);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha"u8.ToArray(), cancellationToken);
            await gate.Task;
            await stream.WriteAsync("lf"u8.ToArray(), cancellationToken);
        });
        var client = new TestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url());
        using var response = await client.SendAsync(request);
        client.Dispose();
        gate.SetResult();
        Assert.Equal("half", await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
