using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorMon.Testing.Http;

/// <summary>
/// A TCP server on loopback whose answers are written byte by byte by a script: for lies, hangs, bombs and endless bodies that no honest HTTP server would send. One script
/// run per request; the connection is closed when a script returns false. Dispose ends everything.
/// </summary>
public sealed class ScriptedResponder : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, Stream, CancellationToken, Task<bool>> _script;
    private readonly Task _accepting;
    private int _requests;

    /// <param name="script">(request head, connection, end of the test) -> true: keep the connection for another request.</param>
    public ScriptedResponder(Func<string, Stream, CancellationToken, Task<bool>> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Every request gets these bytes, then the connection is closed.</summary>
    public static ScriptedResponder Always(params byte[][] parts) => new(async (_, stream, stop) =>
    {
        foreach (var part in parts)
            await stream.WriteAsync(part, stop);
        return false;
    });

    public static ScriptedResponder Always(string text) => Always(Encoding.UTF8.GetBytes(text));

    /// <summary>An honest answer.</summary>
    public static byte[] Answer(string body, string contentType = "text/plain; version=0.0.4", string status = "200 OK", string moreHeaders = "") =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {contentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{moreHeaders}\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
            try
            {
                var stream = client.GetStream();
                while (await ReadHeadAsync(stream) is { Length: > 0 } head)
                {
                    Interlocked.Increment(ref _requests);
                    if (!await _script(head, stream, _stop.Token))
                        break;
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The client went away, or the test ended: both are what these scripts are for.
            }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                return "";
            head.Append((char)one[0]);
        }
        return head.ToString();
    }
}
