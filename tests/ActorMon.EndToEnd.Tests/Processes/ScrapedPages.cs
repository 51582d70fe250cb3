using System.Net;
using System.Text;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>A small web server in this process whose pages are scraped; a node that goes away in the middle of an answer is no failure.</summary>
public abstract class ScrapedPages : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    protected ScrapedPages()
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

    /// <summary>A page in the text format. Called from one request at a time.</summary>
    /// <param name="client">The scraper's end of the connection.</param>
    protected abstract string Page(string path, IPEndPoint client);

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
            // Not waited for: a scraper that stands still must not hold up the others.
            _ = AnswerAsync(context, Encoding.UTF8.GetBytes(Page(context.Request.Url!.AbsolutePath, context.Request.RemoteEndPoint)));
        }
    }

    private static async Task AnswerAsync(HttpListenerContext context, byte[] page)
    {
        try
        {
            context.Response.ContentType = "text/plain; version=0.0.4";
            await context.Response.OutputStream.WriteAsync(page);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The node went away.
        }
    }
}
