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
                await NotFoundAsync(context);
                return;
            }
            path = path[settings.RoutePrefix.Length..];
        }
        _cors.Apply(context);
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = 204;
            return;
        }
        if (routes.Find(path) is not { } found)
        {
            await NotFoundAsync(context);
            return;
        }
        try
        {
            await DispatchAsync(context, found.Route, found.Parameter);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: nobody reads an answer.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = 499;
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
            metrics.Observe(found.Route.HandlerLabel, context.Response.StatusCode, time.GetElapsedTime(started), context.Response.ContentLength ?? 0);
        }
    }

    private Task DispatchAsync(HttpContext context, Route route, string parameter)
    {
        if (!AllowsMethod(route, context.Request.Method))
        {
            context.Response.StatusCode = 405;
            context.Response.Headers.Allow = string.Join(", ", route.Methods);
            return context.Response.WriteAsync("Method Not Allowed\n", context.RequestAborted);
        }
        if (route.NeedsReady && !node.IsReady)
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["X-Prometheus-Stopping"] = node.IsStopping ? "true" : "false";
            return context.Response.WriteAsync("Service Unavailable\n", context.RequestAborted);
        }
        return route.Handler(context, parameter);
    }

    private static bool AllowsMethod(Route route, string method)
    {
        foreach (var allowed in route.Methods)
            if (string.Equals(allowed, method, StringComparison.Ordinal) || (allowed == "GET" && method == "HEAD"))
                return true;
        return false;
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = 404;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("404 page not found\n", context.RequestAborted);
    }
}
