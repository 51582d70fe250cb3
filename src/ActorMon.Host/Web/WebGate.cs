using System.Text;
using ActorMon.Configuration.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Web;

/// <summary>
/// What stands in front of every request when there is a web configuration file: rate limit, headers, users. The file is looked at again at each request; while it is
/// wrong every request is answered with 500, so a mistake never opens the node.
/// </summary>
public sealed class WebGate : IDisposable
{
    private readonly WebConfigFile _file;
    private readonly PasswordCheck _passwords = new();
    private readonly RequestRate? _rate;
    private readonly ILogger _log;
    private WebConfigResult? _complained;

    /// <param name="start">The configuration at the start; the rate limit is taken from it and stays.</param>
    public WebGate(WebConfigFile file, WebConfig start, TimeProvider time, ILogger<WebGate> log)
    {
        (_file, _log) = (file, log);
        _rate = start.RateInterval > TimeSpan.Zero ? new RequestRate(start.RateInterval, start.RateBurst, time) : null;
    }

    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var current = _file.Current();
        if (current.Config is not { } config)
        {
            Complain(current);
            await RefuseAsync(context, 500, "Internal Server Error");
            return;
        }
        if (_rate is not null && !_rate.Take())
        {
            await RefuseAsync(context, 429, "Too Many Requests");
            return;
        }
        foreach (var (name, value) in config.Headers)
            context.Response.Headers[name] = value;
        if (config.Users.Count == 0 || await IsKnownAsync(context, config.Users))
        {
            await next(context);
            return;
        }
        context.Response.Headers.WWWAuthenticate = "Basic";
        await RefuseAsync(context, 401, "Unauthorized");
    }

    public void Dispose() => _passwords.Dispose();

    private async ValueTask<bool> IsKnownAsync(HttpContext context, IReadOnlyDictionary<string, string> users) =>
        Credentials(context.Request.Headers.Authorization.ToString()) is var (user, password) && await _passwords.IsRightAsync(users, user, password, context.RequestAborted);

    /// <summary>User and password of a basic Authorization header; null: it is none.</summary>
    private static (string User, string Password)? Credentials(string header)
    {
        const string scheme = "Basic ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[scheme.Length..], buffer, out var length))
            return null;
        var text = Encoding.UTF8.GetString(buffer, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }

    private void Complain(WebConfigResult wrong)
    {
        if (ReferenceEquals(Interlocked.Exchange(ref _complained, wrong), wrong))
            return;
        foreach (var error in wrong.Errors)
            _log.LogError("Web configuration: {Error:l}; requests are refused until it is right", error);
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
