using System.Text;

namespace ActorMon.Testing.Http;

/// <summary>
/// A loopback server whose answers are written byte by byte by a script: for lies, hangs, bombs and endless bodies that no honest HTTP server would send. One script
/// run per request head (bodies are not read); the connection is closed when a script returns false.
/// </summary>
public sealed class ScriptedResponder : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private int _requests;

    /// <param name="script">(request head, connection, end of the test) -> true: keep the connection for another request.</param>
    public ScriptedResponder(Func<string, Stream, CancellationToken, Task<bool>> script) =>
        _server = LoopbackServer.Raw(async (stream, _, stop) =>
        {
            while (await HttpWire.ReadHeadAsync(stream, stop) is { } head)
            {
                Interlocked.Increment(ref _requests);
                if (!await script(head, stream, stop))
                    return;
            }
        });

    public string Address => $"127.0.0.1:{_server.Port}";

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

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
