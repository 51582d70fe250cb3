using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using ActorMon.Exposition.Negotiation;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Telemetry;
using ActorMon.Model.Text;
using ActorMon.PromQL.Parsing;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Federation;

/// <summary>
/// GET /federate: the newest sample of every series that a match[] selects, if it is no older than the lookback and no stale marker, as a page to scrape. Text or
/// protobuf by the Accept header; native histograms in protobuf only, those with custom buckets as classic ones.
/// </summary>
public sealed class FederationEndpoint(IStoragePort storage, ApiSettings settings, MetricRegistry metrics, TimeProvider time)
{
    /// <summary>The original offers no OpenMetrics here; who accepts anything gets text.</summary>
    private static readonly string[] Offered = [WireFormat.Text, WireFormat.ProtoDelim, WireFormat.ProtoText, WireFormat.ProtoCompact];

    private readonly Counter _errors = metrics.Counter("prometheus_web_federation_errors_total", "Total number of errors that occurred while sending federation responses.");
    private readonly Counter _warnings = metrics.Counter("prometheus_web_federation_warnings_total", "Total number of warnings that occurred while sending federation responses.");

    public async Task HandleAsync(HttpContext context, string _)
    {
        var cancellation = context.RequestAborted;
        var (parameters, error) = await ApiParameters.ReadAsync(context.Request, cancellation);
        error ??= parameters!.Fault;
        var sets = new List<IReadOnlyList<Matcher>>();
        foreach (var selector in error is null ? parameters!.All("match[]") : [])
        {
            var parsed = PromQLParser.ParseMatchers(selector);
            if (parsed.Matchers is not { } matchers)
            {
                error = parsed.ErrorText;
                break;
            }
            sets.Add(matchers);
        }
        if (error is not null)
        {
            await PlainText.WriteAsync(context, 400, error + "\n");
            return;
        }
        var format = ContentNegotiation.Negotiate(context.Request.Headers.Accept.ToString(), Offered);
        var missing = new List<string>();
        var rows = await ReadAsync(sets, missing, cancellation);
        // The format has no place for a warning, so what lacks data is only answered when it was asked for.
        if (missing.Count > 0 && parameters!.Get("partial_response") != "warn")
        {
            await PlainText.WriteAsync(context, 503, string.Join("\n", missing) + "\n");
            return;
        }
        context.Response.ContentType = format;
        var page = new FederationPage(context.Response.BodyWriter, format, settings.ExternalLabels());
        try
        {
            foreach (var row in rows)
                if (page.Add(row))
                    await context.Response.BodyWriter.FlushAsync(cancellation);
                else if (row.Labels.MetricName.Length == 0)
                    _warnings.Add();
            page.Finish();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _errors.Add();
            throw;
        }
        await context.Response.BodyWriter.FlushAsync(cancellation);
    }

    /// <summary>The newest sample of each series, by metric name, then by labels.</summary>
    private async Task<List<FederatedSample>> ReadAsync(List<IReadOnlyList<Matcher>> sets, List<string> missing, CancellationToken cancellation)
    {
        var max = TimestampMs.From(time.GetUtcNow());
        var min = new TimestampMs(max.Value - (long)settings.LookbackDelta.TotalMilliseconds);
        var rows = new List<FederatedSample>();
        var seen = sets.Count > 1 ? new HashSet<LabelSet>() : null;
        var samples = new SampleBuffer();
        foreach (var set in sets)
        {
            using var selection = await storage.SelectAsync(new SeriesRequest(set, min, max), cancellation);
            for (var i = 0; i < selection.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var labels = selection.LabelsAt(i);
                if (seen is not null && !seen.Add(labels))
                    continue;
                selection.Read(i, samples);
                if (samples.Count == 0)
                    continue;
                var last = samples.Count - 1;
                var histogram = samples.HistogramAt(last);
                if (!SpecialValues.IsStale(histogram?.Sum ?? samples.Values[last]))
                    rows.Add(new FederatedSample(labels, samples.Times[last], samples.Values[last], histogram));
            }
            // Damage shows while samples are read.
            missing.AddRange(selection.Warnings);
        }
        rows.Sort(static (a, b) => ByteText.Compare(a.Labels.MetricName, b.Labels.MetricName) is var order && order != 0 ? order : a.Labels.CompareTo(b.Labels));
        return rows;
    }
}

/// <summary>One series' newest sample; its value is the histogram when it has one. Time in ms.</summary>
public readonly record struct FederatedSample(LabelSet Labels, long Time, double Value, NativeHistogram? Histogram);
