using System.Collections.Concurrent;
using System.Text;
using ActorMon.Testing.Http;

namespace ActorMon.EndToEnd.Tests.Receivers;

/// <summary>
/// Takes what receivers are told as their services would, and keeps it. To a proxy's CONNECT it answers in the name of the service itself, with a certificate of
/// <see cref="Authority"/>: so it also hears what goes to addresses that no setting changes.
/// </summary>
public sealed class NotificationRecorder : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    public NotificationRecorder() => _server = LoopbackServer.Raw(ServeAsync);

    public static TestAuthority Authority { get; } = TestAuthority.Root("Recorder");

    public string Address => $"127.0.0.1:{_server.Port}";

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = [];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Stream stream, int number, CancellationToken end)
    {
        while (await HttpWire.ReadRequestAsync(stream, end) is { } request)
        {
            if (request.Method == "CONNECT")
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), end);
                (stream, _, _) = await new LoopbackTls(Authority.Issue("service", [request.Target.Split(':')[0]])).AcceptAsync(stream, end);
                continue;
            }
            var reply = Answer(request);
            await HttpWire.WriteAsync(stream, request, reply, end);
            Requests.Enqueue(request);
        }
    }

    private static HttpReply Answer(ReceivedRequest request)
    {
        const string json = "application/json";
        return request.Target switch
        {
            _ when request.Target.Contains("/sendMessage", StringComparison.Ordinal) => HttpReply.Ok("{\"ok\":true,\"result\":{\"message_id\":1,\"chat\":{\"id\":1}}}", json),
            _ when request.Target.Contains("/gettoken", StringComparison.Ordinal) => HttpReply.Ok("{\"access_token\":\"T\"}", json),
            _ when request.Target.Contains("/message/send", StringComparison.Ordinal) => HttpReply.Ok("{\"errcode\":0}", json),
            "/" => HttpReply.Ok("<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>", "text/xml"),
            _ => HttpReply.Ok("ok"),
        };
    }

    /// <summary>Line, type, credentials and body as one text.</summary>
    public static string Print(ReceivedRequest request)
    {
        var text = new StringBuilder($"{request.Method} {request.Target}\n");
        foreach (var name in new[] { "Content-Type", "Authorization" })
            if (request.Header(name) is { } value)
                text.Append($"{name}: {value}\n");
        return text.Append('\n').Append(request.Text).ToString();
    }
}
