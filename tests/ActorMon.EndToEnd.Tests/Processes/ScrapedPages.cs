using System.Net;
using System.Text;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>A small web server in this process whose pages are scraped.</summary>
public abstract class ScrapedPages : LoopbackPages
{
    /// <summary>A page in the text format. Called from one request at a time.</summary>
    /// <param name="client">The scraper's end of the connection.</param>
    protected abstract string Page(string path, IPEndPoint client);

    protected override async Task AnswerAsync(HttpListenerContext context)
    {
        var page = Encoding.UTF8.GetBytes(Page(context.Request.Url!.AbsolutePath, context.Request.RemoteEndPoint));
        context.Response.ContentType = "text/plain; version=0.0.4";
        await context.Response.OutputStream.WriteAsync(page);
    }
}
