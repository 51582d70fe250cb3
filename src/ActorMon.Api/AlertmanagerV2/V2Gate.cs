using System.Globalization;
using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Telemetry;
using ActorMon.Model.Time;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>Handles a request to the Alertmanager's API once there is one.</summary>
internal delegate Task V2Handler(HttpContext context, string parameter, IAlertmanager alertmanager);

/// <summary>
/// What every request to the Alertmanager's API goes through: a limit of GET requests at once and of time, the metrics, and the answer when there is no Alertmanager or the
/// cluster cannot do what was asked.
/// </summary>
internal sealed class V2Gate
{
    public const string NotConfigured = "no Alertmanager runs here: no configuration of one was given";

    // The original's buckets.
    private static readonly double[] DurationBounds = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    private readonly IAlertmanager? _alertmanager;
    private readonly TimeProvider _time;
    private readonly int _limit;
    private readonly Labelled<BucketHistogram> _durations;
    private readonly Counter _exceeded;
    private readonly TimeSpan _timeout;
    private int _inFlight;

    public V2Gate(IAlertmanager? alertmanager, ApiSettings settings, MetricRegistry metrics, TimeProvider time)
    {
        (_alertmanager, _time) = (alertmanager, time);
        _limit = settings.AlertmanagerGetConcurrency > 0 ? settings.AlertmanagerGetConcurrency : Math.Max(Environment.ProcessorCount, 8);
        _timeout = settings.AlertmanagerTimeout;
        _durations = metrics.Histograms("alertmanager_http_request_duration_seconds", "Histogram of latencies for HTTP requests.", DurationBounds, "handler", "method", "code");
        metrics.Add("alertmanager_http_requests_in_flight", "Current number of HTTP requests being processed.", MetricType.Gauge,
            () => [new SelfMetric(LabelSet.Of("method", "get"), Volatile.Read(ref _inFlight))]);
        _exceeded = metrics.Counters(
            "alertmanager_http_concurrency_limit_exceeded_total", "Total number of times an HTTP request failed because the concurrency limit was reached.", "method").With("get");
    }

    /// <param name="name">Label of the metrics: the path without a prefix, parameters as {name}.</param>
    public RouteHandler Guard(string name, V2Handler handler) => async (context, parameter) =>
    {
        var started = _time.GetTimestamp();
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await InTimeAsync(context, parameter, handler);
        }
        finally
        {
            _durations.With(name, context.Request.Method.ToLowerInvariant(), context.Response.StatusCode.ToString(CultureInfo.InvariantCulture))
                .Observe(_time.GetElapsedTime(started).TotalSeconds);
        }
    };

    private async Task InTimeAsync(HttpContext context, string parameter, V2Handler handler)
    {
        if (_timeout <= TimeSpan.Zero)
        {
            await LimitAsync(context, parameter, handler);
            return;
        }
        var caller = context.RequestAborted;
        using var late = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(caller, late.Token);
        context.RequestAborted = either.Token;
        try
        {
            await LimitAsync(context, parameter, handler);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !caller.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.RequestAborted = caller;
            await PlainText.WriteAsync(context, 503, $"Exceeded configured timeout of {PrometheusDuration.Format(_timeout)}.\n");
        }
        finally
        {
            context.RequestAborted = caller;
        }
    }

    private async Task LimitAsync(HttpContext context, string parameter, V2Handler handler)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await HandleAsync(context, parameter, handler);
            return;
        }
        try
        {
            if (Interlocked.Increment(ref _inFlight) > _limit)
            {
                _exceeded.Add();
                await PlainText.WriteAsync(context, 503, string.Create(CultureInfo.InvariantCulture, $"Limit of concurrent GET requests reached ({_limit}), try again later.\n\n"));
                return;
            }
            await HandleAsync(context, parameter, handler);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task HandleAsync(HttpContext context, string parameter, V2Handler handler)
    {
        if (_alertmanager is not { IsOn: true })
        {
            await V2Answer.TextAsync(context, 503, NotConfigured);
            return;
        }
        try
        {
            await handler(context, parameter, _alertmanager);
        }
        catch (TimeoutException e) when (!context.Response.HasStarted)
        {
            await V2Answer.TextAsync(context, 500, e.Message);
        }
    }
}
