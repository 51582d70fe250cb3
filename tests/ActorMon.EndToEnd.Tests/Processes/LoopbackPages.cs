using System.Net;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>A small web server in this process; a client that goes away in the middle of an answer is no failure.</summary>
public abstract class LoopbackPages : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    protected LoopbackPages()
    {
        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Host and port.</summary>
    public string Address { get; } = $"127.0.0.1:{FreePorts.Next()}";

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        GC.SuppressFinalize(this);
    }

    /// <summary>Called as requests come, from one at a time up to its first wait.</summary>
    protected abstract Task AnswerAsync(HttpListenerContext context);

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            // Not waited for: a client that stands still must not hold up the others.
            _ = CarefullyAsync(context);
        }
    }

    private async Task CarefullyAsync(HttpListenerContext context)
    {
        try
        {
            await AnswerAsync(context);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client went away.
        }
    }
}
