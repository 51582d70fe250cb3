using System.Buffers;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Negotiation;
using ActorMon.Exposition.Writing;
using ActorMon.Model.Metadata;
using ActorMon.Model.Telemetry;

namespace ActorMon.Api.Management;

/// <summary>The node's own metrics as a scrape page, in the format the scraper asks for.</summary>
public static class SelfMetricsPage
{
    /// <returns>The content type to answer with.</returns>
    public static string Negotiate(string accept) => ContentNegotiation.Negotiate(accept, ContentNegotiation.Writable);

    public static void Write(IBufferWriter<byte> output, string contentType, IReadOnlyList<SelfFamily> families)
    {
        var kind = WireFormat.KindOf(contentType);
        var protobuf = new ProtobufWriter();
        foreach (var family in families)
        {
            var shown = ToFamily(family);
            switch (kind)
            {
                case WireFormatKind.OpenMetrics: OpenMetricsWriter.Write(output, shown); break;
                case WireFormatKind.ProtoDelim: protobuf.Write(output, shown); break;
                default: TextFormatWriter.Write(output, shown); break;
            }
        }
        if (kind == WireFormatKind.OpenMetrics)
            OpenMetricsWriter.Finish(output);
    }

    private static MetricFamily ToFamily(SelfFamily family)
    {
        var metrics = new Metric[family.Metrics.Count];
        for (var i = 0; i < metrics.Length; i++)
            metrics[i] = new Metric(family.Metrics[i].Labels, ValueOf(family.Type, family.Metrics[i]));
        return new MetricFamily(family.Name, family.Type, metrics) { Help = family.Help };
    }

    private static MetricValue ValueOf(MetricType type, SelfMetric metric)
    {
        if (metric.Histogram is { } histogram)
        {
            var buckets = new ClassicBucket[histogram.Cumulative.Length];
            for (var i = 0; i < buckets.Length; i++)
                buckets[i] = new ClassicBucket(i < histogram.Bounds.Count ? histogram.Bounds[i] : double.PositiveInfinity, histogram.Cumulative[i]);
            return new HistogramValue(histogram.Cumulative[^1], histogram.Sum, buckets);
        }
        if (metric.Summary is { } summary)
        {
            var quantiles = new QuantileValue[summary.Values.Length];
            for (var i = 0; i < quantiles.Length; i++)
                quantiles[i] = new QuantileValue(summary.Quantiles[i], summary.Values[i]);
            return new SummaryValue(summary.Count, summary.Sum, quantiles);
        }
        return type == MetricType.Counter ? new CounterValue(metric.Value) : new GaugeValue(metric.Value);
    }
}
