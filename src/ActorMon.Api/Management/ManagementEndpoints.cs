using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Api.PrometheusV1;
using ActorMon.Model.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Management;

/// <summary>/-/healthy, /-/ready, /-/reload, /-/quit, /metrics, /version. Texts are the original's: probes and scripts look for them.</summary>
public sealed class ManagementEndpoints
{
    private const string Disabled = "Lifecycle API is not enabled.";

    private readonly INodePort _node;
    private readonly ApiSettings _settings;
    private readonly MetricRegistry _metrics;
    private readonly Labelled<Counter> _pages;
    private int _pagesInFlight;

    public ManagementEndpoints(INodePort node, ApiSettings settings, MetricRegistry metrics)
    {
        (_node, _settings, _metrics) = (node, settings, metrics);
        _pages = metrics.Counters("promhttp_metric_handler_requests_total", "Total number of scrapes by HTTP status code.", "code");
        foreach (var code in new[] { "200", "500" })
            _pages.With(code);
        metrics.Gauge("promhttp_metric_handler_requests_in_flight", "Current number of scrapes being served.", () => Volatile.Read(ref _pagesInFlight));
    }

    public Task HealthyAsync(HttpContext context, string _) => PlainText.WriteAsync(context, 200, "Prometheus Server is Healthy.\n");

    public Task ReadyAsync(HttpContext context, string _) => _node.IsReady
        ? PlainText.WriteAsync(context, 200, "Prometheus Server is Ready.\n")
        : PlainText.NotReadyAsync(context, _node);

    /// <summary>Of the Alertmanager's part.</summary>
    public Task AlertmanagerHealthyAsync(HttpContext context, string _) => PlainText.WriteAsync(context, 200, "OK");

    public Task AlertmanagerReadyAsync(HttpContext context, string _) => _node.IsReady ? PlainText.WriteAsync(context, 200, "OK") : PlainText.NotReadyAsync(context, _node);

    public Task ReloadAsync(HttpContext context, string _) =>
        _settings.EnableLifecycle ? AlertmanagerReloadAsync(context, "") : PlainText.WriteAsync(context, 403, Disabled);

    /// <summary>Always on, as in the original: it reads files of the node again and nothing else.</summary>
    public async Task AlertmanagerReloadAsync(HttpContext context, string _)
    {
        if (await _node.ReloadAsync(context.RequestAborted) is { } error)
            await PlainText.WriteAsync(context, 500, $"failed to reload config: {error}\n");
        else
            context.Response.StatusCode = 200;
    }

    public Task QuitAsync(HttpContext context, string _)
    {
        if (!_settings.EnableLifecycle)
            return PlainText.WriteAsync(context, 403, Disabled);
        var how = context.Request.Query["for"].ToString();
        return _node.RequestQuit(how) switch
        {
            true => PlainText.WriteAsync(context, 200, "Requesting termination... Goodbye!"),
            false => PlainText.WriteAsync(context, 200, "Termination already in progress."),
            null => PlainText.WriteAsync(context, 400, "The parameter for is neither hand-over nor restart.\n"),
        };
    }

    public async Task VersionAsync(HttpContext context, string _)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        StatusEndpoints.WriteBuild(new JsonOut(context.Response.BodyWriter), _node.Build);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    public async Task MetricsAsync(HttpContext context, string _)
    {
        Interlocked.Increment(ref _pagesInFlight);
        try
        {
            await WritePageAsync(context);
            _pages.With("200").Add();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _pages.With("500").Add();
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _pagesInFlight);
        }
    }

    private async Task WritePageAsync(HttpContext context)
    {
        var format = SelfMetricsPage.Negotiate(context.Request.Headers.Accept.ToString());
        context.Response.ContentType = format;
        SelfMetricsPage.Write(context.Response.BodyWriter, format, _metrics.Collect());
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
