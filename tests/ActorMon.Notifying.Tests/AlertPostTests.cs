using System.Net;
using ActorMon.Notifying.Sending;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Notifying.Tests;

public sealed class AlertPostTests
{
    private const string Url = "http://am:9093/api/v2/alerts";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_batch_is_posted_as_JSON_under_the_name_of_this_server()
    {
        var server = new Server(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Accepted)));
        Assert.Null(await Post(server));
        Assert.Equal("POST http://am:9093/api/v2/alerts application/json ActorMon/1", server.Seen);
        Assert.StartsWith("[{\"endsAt\"", server.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_other_status_is_an_error_that_names_it() =>
        Assert.Equal("bad response status 503 Service Unavailable", await Post(new Server(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)))));

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up_after_the_timeout()
    {
        var time = new FakeTimeProvider();
        var post = Post(new Server(async cancellation =>
        {
            await Task.Delay(System.Threading.Timeout.Infinite, cancellation);
            throw new InvalidOperationException("never");
        }), time);
        time.Advance(Timeout);
        Assert.Equal($"Post \"{Url}\": context deadline exceeded", await post);
    }

    [Fact]
    public async Task An_address_that_is_none_is_an_error() => Assert.Equal("parse \"http://a b:x/\": invalid URL", await Post(new Server(null!), url: "http://a b:x/"));

    private static Task<string?> Post(Server server, TimeProvider? time = null, string url = Url) =>
        AlertPost.SendAsync(new HttpMessageInvoker(server), url, [Alerts.Outgoing("alertname", "A")], Timeout, "ActorMon/1", time ?? TimeProvider.System, default);

    private sealed class Server(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        public string Seen { get; private set; } = "";
        public string Body { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen = $"{request.Method} {request.RequestUri} {request.Content!.Headers.ContentType} {request.Headers.UserAgent}";
            Body = await request.Content.ReadAsStringAsync(cancellationToken);
            return await answer(cancellationToken);
        }
    }
}
