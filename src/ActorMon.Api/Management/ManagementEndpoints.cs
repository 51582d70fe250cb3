using System.Text;
using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using ActorMon.Model.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Management;

/// <summary>/-/healthy, /-/ready, /-/reload, /-/quit, /metrics, /version.</summary>
public sealed class ManagementEndpoints(INodePort node, ApiSettings settings, MetricRegistry metrics)
{
    public Task HealthyAsync(HttpContext context, string _) => TextAsync(context, 200, "ActorMon is Healthy.\n");

    public Task ReadyAsync(HttpContext context, string _)
    {
        if (node.IsReady)
            return TextAsync(context, 200, "ActorMon is Ready.\n");
        context.Response.Headers["X-Prometheus-Stopping"] = node.IsStopping ? "true" : "false";
        return TextAsync(context, 503, "Service Unavailable\n");
    }

    public async Task ReloadAsync(HttpContext context, string _)
    {
        if (!settings.EnableLifecycle)
            await TextAsync(context, 403, "Lifecycle API is not enabled.\n");
        else if (await node.ReloadAsync(context.RequestAborted) is { } error)
            await TextAsync(context, 500, $"failed to reload config: {error}\n");
        else
            context.Response.StatusCode = 200;
    }

    public Task QuitAsync(HttpContext context, string _)
    {
        if (!settings.EnableLifecycle)
            return TextAsync(context, 403, "Lifecycle API is not enabled.\n");
        return TextAsync(context, 200, node.RequestQuit() ? "Requesting termination... Goodbye!" : "Termination already in progress.");
    }

    public Task VersionAsync(HttpContext context, string _) => TextAsync(context, 200, node.Build.Version + "\n");

    public async Task MetricsAsync(HttpContext context, string _)
    {
        var format = SelfMetricsPage.Negotiate(context.Request.Headers.Accept.ToString());
        context.Response.ContentType = format;
        SelfMetricsPage.Write(context.Response.BodyWriter, format, metrics.Collect());
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
    }
}
