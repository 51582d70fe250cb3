using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Api.PrometheusV1;
using ActorMon.Model.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Management;

/// <summary>/-/healthy, /-/ready, /-/reload, /-/quit, /metrics, /version. Texts are the original's: probes and scripts look for them.</summary>
public sealed class ManagementEndpoints(INodePort node, ApiSettings settings, MetricRegistry metrics)
{
    private const string Disabled = "Lifecycle API is not enabled.";

    public Task HealthyAsync(HttpContext context, string _) => PlainText.WriteAsync(context, 200, "Prometheus Server is Healthy.\n");

    public Task ReadyAsync(HttpContext context, string _) => node.IsReady
        ? PlainText.WriteAsync(context, 200, "Prometheus Server is Ready.\n")
        : PlainText.NotReadyAsync(context, node);

    public async Task ReloadAsync(HttpContext context, string _)
    {
        if (!settings.EnableLifecycle)
            await PlainText.WriteAsync(context, 403, Disabled);
        else if (await node.ReloadAsync(context.RequestAborted) is { } error)
            await PlainText.WriteAsync(context, 500, $"failed to reload config: {error}\n");
        else
            context.Response.StatusCode = 200;
    }

    public Task QuitAsync(HttpContext context, string _)
    {
        if (!settings.EnableLifecycle)
            return PlainText.WriteAsync(context, 403, Disabled);
        return PlainText.WriteAsync(context, 200, node.RequestQuit() ? "Requesting termination... Goodbye!" : "Termination already in progress.");
    }

    public async Task VersionAsync(HttpContext context, string _)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        StatusEndpoints.WriteBuild(new JsonOut(context.Response.BodyWriter), node.Build);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    public async Task MetricsAsync(HttpContext context, string _)
    {
        var format = SelfMetricsPage.Negotiate(context.Request.Headers.Accept.ToString());
        context.Response.ContentType = format;
        SelfMetricsPage.Write(context.Response.BodyWriter, format, metrics.Collect());
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
