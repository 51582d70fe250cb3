using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorMon.Api.Http;

/// <summary>
/// The whole HTTP surface as one terminal middleware: prefix, CORS, method and readiness checks, metrics, and the one place where an unexpected exception
/// becomes a 500 of its own request.
/// </summary>
public sealed class ApiRouter(RouteTable routes, INodePort node, ApiSettings settings, HttpMetrics metrics, TimeProvider time, ILogger<ApiRouter> log)
{
    private readonly CorsPolicy _cors = new(settings.CorsOrigin);
    private readonly RouteTable _routes = Counted(routes, metrics);

    public async Task HandleAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var path = context.Request.Path.Value ?? "/";
        if (settings.RoutePrefix.Length > 0)
        {
            if (path == "/" || path == settings.RoutePrefix)
            {
                context.Response.Redirect(settings.RoutePrefix + "/");
                return;
            }
            if (!path.StartsWith(settings.RoutePrefix + "/", StringComparison.Ordinal))
            {
                await PlainText.WriteAsync(context, 404, "404 page not found\n");
                return;
            }
            path = path[settings.RoutePrefix.Length..];
        }
        var isApi = path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/alertmanager/api/", StringComparison.Ordinal);
        if (isApi)
            _cors.Apply(context);
        var isOptions = HttpMethods.IsOptions(context.Request.Method);
        if (isOptions && isApi)
        {
            context.Response.StatusCode = 204;
            return;
        }
        if (_routes.Find(path) is not { } found)
        {
            if (SlashTwin(path) is { } twin)
                Redirect(context, twin);
            else
                await PlainText.WriteAsync(context, 404, "404 page not found\n");
            return;
        }
        if (isOptions)
        {
            context.Response.Headers.Allow = Allowed(found.Route);
            return;
        }
        var body = CountedBody.Install(context);
        try
        {
            // The server leaves %2F alone when it decodes a path; no other escape is left there.
            await DispatchAsync(context, found.Route, found.Parameter.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: nobody reads an answer.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = 499;
        }
        catch (OperationCanceledException e) when (!context.Response.HasStarted)
        {
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Canceled, e.Message), CancellationToken.None);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await ApiResponse.BadDataAsync(context, e.Message, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            log.LogError(e, "Request {Method} {Path} failed", context.Request.Method, path);
            if (context.Response.HasStarted)
                context.Abort();
            else
                await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Internal, e.Message), CancellationToken.None);
        }
        finally
        {
            metrics.Observe(found.Route.HandlerLabel, context.Response.StatusCode, time.GetElapsedTime(started), body.Written);
        }
    }

    private static RouteTable Counted(RouteTable routes, HttpMetrics metrics)
    {
        foreach (var route in routes.All)
            metrics.Expect(route.HandlerLabel);
        return routes;
    }

    /// <summary>The path with its last slash taken away or one put behind, when there is a route of that; null: there is none.</summary>
    private string? SlashTwin(string path)
    {
        if (path.Length < 2)
            return null;
        var twin = path.EndsWith('/') ? path.TrimEnd('/') : path + "/";
        return twin.Length > 0 && _routes.Find(twin) is not null ? twin : null;
    }

    private void Redirect(HttpContext context, string path)
    {
        // A path that begins with two slashes would name another host.
        context.Response.Headers.Location = settings.RoutePrefix + "/" + new PathString(path).ToUriComponent().TrimStart('/') + context.Request.QueryString.Value;
        context.Response.StatusCode = HttpMethods.IsGet(context.Request.Method) ? 301 : 308;
    }

    private Task DispatchAsync(HttpContext context, Route route, string parameter)
    {
        if (!AllowsMethod(route, context.Request.Method))
        {
            context.Response.Headers.Allow = Allowed(route);
            return route.WrongMethod?.Invoke(context, parameter) ?? PlainText.WriteAsync(context, 405, route.WrongMethodText);
        }
        if (route.NeedsReady && !node.IsReady)
        {
            return PlainText.NotReadyAsync(context, node);
        }
        return route.Handler(context, parameter);
    }

    private static string Allowed(Route route) => string.Join(", ", [.. route.Methods, "OPTIONS"]);

    private static bool AllowsMethod(Route route, string method)
    {
        foreach (var allowed in route.Methods)
            if (string.Equals(allowed, method, StringComparison.Ordinal) || (allowed == "GET" && method == "HEAD"))
                return true;
        return false;
    }
}
