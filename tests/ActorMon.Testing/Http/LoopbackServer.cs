using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ActorMon.Testing.Http;

/// <summary>
/// A server in the test's process on 127.0.0.1 and a port of the system's choice, or on a unix domain socket. Each connection is handed to one function;
/// disposing ends them all. For tests: it bounds nothing.
/// </summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Func<Stream, int, CancellationToken, Task> _serve;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = [];
    private readonly Task _accepting;
    private readonly string _scheme;
    private int _accepted;

    private LoopbackServer(EndPoint endpoint, string scheme, Func<Stream, int, CancellationToken, Task> serve)
    {
        _scheme = scheme;
        _serve = serve;
        _listener = new Socket(endpoint.AddressFamily, SocketType.Stream, endpoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        _listener.Bind(endpoint);
        _listener.Listen();
        Port = _listener.LocalEndPoint is IPEndPoint ip ? ip.Port : 0;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Connections taken so far; the number a connection gets (from 1) is its place in this count.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Requests answered so far, in order of arrival (HTTP servers only).</summary>
    public ConcurrentQueue<ReceivedRequest> Requests { get; } = [];

    /// <summary>http(s)://127.0.0.1:PORT and the path.</summary>
    public Uri Url(string path = "/") => new($"{_scheme}://127.0.0.1:{Port}{path}");

    /// <summary>The same server by the name localhost, which is another host to a client.</summary>
    public Uri LocalhostUrl(string path = "/") => new($"{_scheme}://localhost:{Port}{path}");

    /// <summary>Hands each connection's bytes and number to <paramref name="serve"/>; the connection closes when that ends.</summary>
    public static LoopbackServer Raw(Func<Stream, int, CancellationToken, Task> serve, string scheme = "http") =>
        new(new IPEndPoint(IPAddress.Loopback, 0), scheme, serve);

    public static LoopbackServer Http(Func<ReceivedRequest, HttpReply> answer, LoopbackTls? tls = null) =>
        Http(request => ValueTask.FromResult(answer(request)), tls);

    /// <summary>Answers HTTP/1.1 requests, several a connection, over TLS when asked to.</summary>
    public static LoopbackServer Http(Func<ReceivedRequest, ValueTask<HttpReply>> answer, LoopbackTls? tls = null) =>
        Http(new IPEndPoint(IPAddress.Loopback, 0), answer, tls);

    public static LoopbackServer Unix(string path, Func<ReceivedRequest, HttpReply> answer) =>
        Http(new UnixDomainSocketEndPoint(path), request => ValueTask.FromResult(answer(request)), null);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _end.Dispose();
    }

    private static LoopbackServer Http(EndPoint endpoint, Func<ReceivedRequest, ValueTask<HttpReply>> answer, LoopbackTls? tls)
    {
        LoopbackServer? server = null;
        server = new LoopbackServer(endpoint, tls is null ? "http" : "https", async (stream, number, cancellationToken) =>
        {
            var (secured, client, name) = tls is null ? (stream, null, null) : await tls.AcceptAsync(stream, cancellationToken);
            await using (secured)
                while (await HttpWire.ReadRequestAsync(secured, cancellationToken) is { } request)
                {
                    request = request with { Connection = number, ClientCertificate = client, ServerName = name };
                    server!.Requests.Enqueue(request);
                    var reply = await answer(request);
                    await HttpWire.WriteAsync(secured, request, reply, cancellationToken);
                    if (reply.CloseAfter)
                        return;
                }
        });
        return server;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            var task = ServeAsync(socket, Interlocked.Increment(ref _accepted));
            _connections[task] = true;
            _ = task.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        await Task.Yield();
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await _serve(stream, number, _end.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
        {
            // The client went away or refused us, which its own side of the test asserts.
        }
    }
}
