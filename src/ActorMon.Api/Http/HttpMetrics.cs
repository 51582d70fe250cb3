using System.Globalization;
using ActorMon.Model.Telemetry;

namespace ActorMon.Api.Http;

/// <summary>Request metrics under the original's names; handler is the route's pattern, so a client cannot make new label values.</summary>
public sealed class HttpMetrics(MetricRegistry registry)
{
    // The original's buckets (prometheus/web).
    private static readonly double[] DurationBounds = [.1, .2, .4, 1, 3, 8, 20, 60, 120];
    private static readonly double[] SizeBounds = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    private readonly Labelled<Counter> _requests = registry.Counters("prometheus_http_requests_total", "Counter of HTTP requests.", "handler", "code");
    private readonly Labelled<BucketHistogram> _durations = registry.Histograms(
        "prometheus_http_request_duration_seconds", "Histogram of latencies for HTTP requests.", DurationBounds, "handler");
    private readonly Labelled<BucketHistogram> _sizes = registry.Histograms(
        "prometheus_http_response_size_bytes", "Histogram of response size for HTTP requests.", SizeBounds, "handler");

    /// <summary>A handler that was never asked shows zero answers, as in the original, so that a rate over its first ones is right.</summary>
    public void Expect(string handler) => _requests.With(handler, "200");

    public void Observe(string handler, int status, TimeSpan duration, long bytes)
    {
        _requests.With(handler, status.ToString(CultureInfo.InvariantCulture)).Add();
        _durations.With(handler).Observe(duration.TotalSeconds);
        _sizes.With(handler).Observe(bytes);
    }
}
