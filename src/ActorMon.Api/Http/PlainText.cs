using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Http;

/// <summary>Answers of the routes that speak text and not JSON.</summary>
public static class PlainText
{
    public static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>503 with the header by which load balancers tell a node that starts from one that stops.</summary>
    public static Task NotReadyAsync(HttpContext context, INodePort node)
    {
        context.Response.Headers["X-Prometheus-Stopping"] = node.IsStopping ? "true" : "false";
        return WriteAsync(context, 503, "Service Unavailable");
    }
}
