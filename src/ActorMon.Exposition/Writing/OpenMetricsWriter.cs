using System.Buffers;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Parsing;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Writing;

/// <summary>
/// Writes families as OpenMetrics text 1.0.0 and 0.0.1 (the same bytes for what is written here). A counter loses <c>_total</c> in its metadata; one without it is of type
/// unknown. The caller ends the document with <see cref="Finish"/>.
/// </summary>
public static class OpenMetricsWriter
{
    private const string Total = "_total";

    /// <param name="createdLines">Writes start timestamps as <c>_created</c> lines.</param>
    /// <exception cref="FamilyWriteException">No name, a metric of another type, or a float histogram. The output may hold part of the family then.</exception>
    public static void Write(IBufferWriter<byte> output, MetricFamily family, bool createdLines = false)
    {
        WriteErrors.CheckName(family);
        var line = new LineWriter(output, openMetrics: true);
        var isTotal = family.Type == MetricType.Counter && family.Name.EndsWith(Total, StringComparison.Ordinal);
        var name = isTotal ? family.Name[..^Total.Length] : family.Name;
        var type = family.Type == MetricType.Counter && !isTotal ? MetricType.Unknown : family.Type;
        if (family.Help is not null)
            line.Comment("HELP"u8, name, family.Help);
        line.Comment("TYPE"u8, name, MetricTypeNames.NameOf(type));
        if (family.Unit is not null)
            line.Comment("UNIT"u8, name, family.Unit);
        var sampleName = isTotal ? family.Name : name;
        foreach (var metric in family.Metrics)
        {
            switch (family.Type)
            {
                case MetricType.Counter:
                    var counter = WriteErrors.Expect<CounterValue>(family, metric, "counter");
                    Sample(line, sampleName, metric, counter.Value, exemplar: counter.Exemplar);
                    Created(line, name, metric, createdLines ? counter.StartTimestampMs : null);
                    break;
                case MetricType.Gauge:
                    Sample(line, sampleName, metric, WriteErrors.Expect<GaugeValue>(family, metric, "gauge").Value);
                    break;
                case MetricType.Summary:
                    Summary(line, name, metric, WriteErrors.Expect<SummaryValue>(family, metric, "summary"), createdLines);
                    break;
                case MetricType.Histogram or MetricType.GaugeHistogram:
                    var histogram = WriteErrors.Expect<HistogramValue>(family, metric, "histogram");
                    if (histogram.IsFloat)
                        WriteErrors.FloatHistogram(family);
                    Histogram(line, name, metric, histogram, createdLines);
                    break;
                default:
                    Sample(line, sampleName, metric, WriteErrors.Expect<UntypedValue>(family, metric, "untyped").Value);
                    break;
            }
        }
    }

    /// <summary>The last line of every document.</summary>
    public static void Finish(IBufferWriter<byte> output) => output.Write("# EOF\n"u8);

    private static void Summary(LineWriter line, string name, Metric metric, SummaryValue summary, bool createdLines)
    {
        foreach (var quantile in summary.Quantiles)
            Sample(line, name, metric, quantile.Value, "", LabelNames.Quantile, quantile.Quantile);
        Sample(line, name, metric, summary.Sum, "_sum");
        Sample(line, name, metric, summary.Count, "_count", isCount: true);
        Created(line, name, metric, createdLines ? summary.StartTimestampMs : null);
    }

    private static void Histogram(LineWriter line, string name, Metric metric, HistogramValue histogram, bool createdLines)
    {
        var infinite = false;
        foreach (var bucket in histogram.Buckets)
        {
            Sample(line, name, metric, bucket.CumulativeCount, "_bucket", LabelNames.Bucket, bucket.UpperBound, isCount: true, bucket.Exemplar);
            infinite |= double.IsPositiveInfinity(bucket.UpperBound);
        }
        if (!infinite)
            Sample(line, name, metric, histogram.Count, "_bucket", LabelNames.Bucket, double.PositiveInfinity, isCount: true);
        Sample(line, name, metric, histogram.Sum, "_sum");
        Sample(line, name, metric, histogram.Count, "_count", isCount: true);
        Created(line, name, metric, createdLines ? histogram.StartTimestampMs : null);
    }

    private static void Created(LineWriter line, string name, Metric metric, long? startMs)
    {
        if (startMs is { } start)
            Sample(line, name, metric with { TimestampMs = null }, start / 1000.0, "_created");
    }

    private static void Sample(
        LineWriter line, string name, Metric metric, double value, string suffix = "", string extraName = "", double extraValue = 0, bool isCount = false,
        ExemplarValue? exemplar = null)
    {
        line.Series(name, suffix, metric.Labels, extraName, extraValue);
        line.Byte((byte)' ');
        if (isCount)
            line.Count(value);
        else
            line.Float(value);
        if (metric.TimestampMs is { } timestamp)
        {
            line.Byte((byte)' ');
            line.Float(timestamp / 1000.0);
        }
        line.Exemplar(exemplar);
        line.Byte((byte)'\n');
    }
}
