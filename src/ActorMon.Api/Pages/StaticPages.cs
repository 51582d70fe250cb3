using System.Net;
using System.Reflection;
using System.Text;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Pages;

/// <summary>The node's one page until the UI comes: targets, a query box, links. It is a client of the HTTP API like any other.</summary>
public sealed class StaticPages(ApiSettings settings)
{
    private readonly byte[] _home = Load(settings);

    public async Task HomeAsync(HttpContext context, string _)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.Body.WriteAsync(_home, context.RequestAborted);
    }

    private static byte[] Load(ApiSettings settings)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ActorMon.Api.Pages.home.html")
            ?? throw new InvalidOperationException("the page home.html is not in the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd()
            .Replace("{{title}}", WebUtility.HtmlEncode(settings.PageTitle), StringComparison.Ordinal));
    }
}
