using System.Buffers;
using System.Globalization;
using ActorMon.Exposition.Families;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Writing;

/// <summary>
/// Writes families in the Prometheus text format 0.0.4 and 1.0.0 (they differ in nothing but the names allowed; escape a family before writing it for 0.0.4 readers).
/// Types the format does not know become untyped; gauge histograms become histograms; native parts are left out.
/// </summary>
public static class TextFormatWriter
{
    /// <exception cref="FamilyWriteException">No name, no metrics, or a metric of another type. The output may hold part of the family then.</exception>
    public static void Write(IBufferWriter<byte> output, MetricFamily family)
    {
        WriteErrors.CheckName(family);
        if (family.Metrics.Count == 0)
            WriteErrors.NoMetrics(family);
        var line = new LineWriter(output, openMetrics: false);
        if (family.Help is not null)
            line.Comment("HELP"u8, family.Name, family.Help);
        line.Comment("TYPE"u8, family.Name, TypeName(family.Type));
        foreach (var metric in family.Metrics)
        {
            switch (family.Type)
            {
                case MetricType.Counter:
                    Sample(line, family, metric, WriteErrors.Expect<CounterValue>(family, metric, "counter").Value);
                    break;
                case MetricType.Gauge:
                    Sample(line, family, metric, WriteErrors.Expect<GaugeValue>(family, metric, "gauge").Value);
                    break;
                case MetricType.Summary:
                    Summary(line, family, metric, WriteErrors.Expect<SummaryValue>(family, metric, "summary"));
                    break;
                case MetricType.Histogram or MetricType.GaugeHistogram:
                    Histogram(line, family, metric, WriteErrors.Expect<HistogramValue>(family, metric, "histogram"));
                    break;
                default:
                    Sample(line, family, metric, WriteErrors.Expect<UntypedValue>(family, metric, "untyped").Value);
                    break;
            }
        }
    }

    private static void Summary(LineWriter line, MetricFamily family, Metric metric, SummaryValue summary)
    {
        foreach (var quantile in summary.Quantiles)
            Sample(line, family, metric, quantile.Value, "", LabelNames.Quantile, quantile.Quantile);
        Sample(line, family, metric, summary.Sum, "_sum");
        Sample(line, family, metric, summary.Count, "_count");
    }

    private static void Histogram(LineWriter line, MetricFamily family, Metric metric, HistogramValue histogram)
    {
        var infinite = false;
        foreach (var bucket in histogram.Buckets)
        {
            Sample(line, family, metric, bucket.CumulativeCount, "_bucket", LabelNames.Bucket, bucket.UpperBound);
            infinite |= double.IsPositiveInfinity(bucket.UpperBound);
        }
        if (!infinite)
            Sample(line, family, metric, histogram.Count, "_bucket", LabelNames.Bucket, double.PositiveInfinity);
        Sample(line, family, metric, histogram.Sum, "_sum");
        Sample(line, family, metric, histogram.Count, "_count");
    }

    private static void Sample(LineWriter line, MetricFamily family, Metric metric, double value, string suffix = "", string extraName = "", double extraValue = 0)
    {
        line.Series(family.Name, suffix, metric.Labels, extraName, extraValue);
        line.Byte((byte)' ');
        line.Float(value);
        if (metric.TimestampMs is { } timestamp)
        {
            line.Byte((byte)' ');
            line.Text(timestamp.ToString(CultureInfo.InvariantCulture));
        }
        line.Byte((byte)'\n');
    }

    private static string TypeName(MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Gauge => "gauge",
        MetricType.Summary => "summary",
        MetricType.Histogram or MetricType.GaugeHistogram => "histogram",
        _ => "untyped",
    };
}
