using System.Net;
using System.Reflection;
using System.Text;
using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;

namespace ActorMon.Api.Pages;

/// <summary>The node's one page until the UI comes: targets, a query box, links. It is a client of the HTTP API like any other. And the files of --web.user-assets.</summary>
public sealed class StaticPages(ApiSettings settings)
{
    /// <summary>Where the original's UI has its pages: links to any of them arrive at the one page.</summary>
    public static readonly IReadOnlyList<string> Paths =
        ["/query", "/alerts", "/rules", "/targets", "/service-discovery", "/alertmanager-discovery", "/config", "/flags", "/status", "/tsdb-status"];

    private readonly byte[] _home = Load(settings);
    private readonly FileExtensionContentTypeProvider _types = new();

    /// <summary>The path that browsers see in front of every page.</summary>
    private readonly string _outside = settings.ExternalUrl.AbsolutePath.TrimEnd('/');

    public Task RootAsync(HttpContext context, string _) => RedirectAsync(context, "/query");

    /// <summary>Links of older versions and of alerts carry their expressions in the query string.</summary>
    public Task GraphAsync(HttpContext context, string _) => RedirectAsync(context, "/query" + context.Request.QueryString.Value);

    public async Task HomeAsync(HttpContext context, string _)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.Body.WriteAsync(_home, context.RequestAborted);
    }

    public async Task UserAssetAsync(HttpContext context, string file)
    {
        if (settings.UserAssets.Length == 0 || Find(file) is not { } path)
        {
            await PlainText.WriteAsync(context, 404, "404 page not found\n");
            return;
        }
        context.Response.ContentType = _types.TryGetContentType(path, out var type) ? type : "application/octet-stream";
        await using var content = File.OpenRead(path);
        context.Response.ContentLength = content.Length;
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>A file inside the directory; null: there is none, or the name leads out of it.</summary>
    private string? Find(string file)
    {
        if (file.Contains('\0', StringComparison.Ordinal))
            return null;
        var root = Path.GetFullPath(settings.UserAssets);
        var path = Path.GetFullPath(Path.Combine(root, file.TrimStart('/')));
        return path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal) && File.Exists(path) ? path : null;
    }

    private Task RedirectAsync(HttpContext context, string path)
    {
        context.Response.Redirect(_outside + path);
        return Task.CompletedTask;
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
