using System.Buffers;
using ActorMon.Exposition.Families;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Writing;

/// <summary>
/// Writes families as OpenMetrics text 2.0, the draft (Prometheus' expfmt): a family keeps its name in its metadata, whole numbers have no fraction, start times
/// stand on the sample's line behind <c>st@</c>, and an exemplar needs a time. Summaries and histograms have no form yet. The caller ends the document with
/// <see cref="Finish"/>.
/// </summary>
public static class OpenMetrics2Writer
{
    /// <exception cref="FamilyWriteException">
    /// No name or one with line breaks, an unknown type, a metric of another type, a summary or histogram, a counter below zero or NaN, a nameless label, or a
    /// start or exemplar time out of range. The output may hold part of the family then.
    /// </exception>
    public static void Write(IBufferWriter<byte> output, MetricFamily family)
    {
        WriteErrors.CheckName(family);
        OpenMetrics2Checks.OneLine("MetricFamily name", family.Name);
        if (family.Unit is not null)
            OpenMetrics2Checks.OneLine("MetricFamily unit", family.Unit);
        OpenMetrics2Checks.KnownType(family);
        var head = new LineWriter(output, openMetrics: true);
        if (family.Help is not null)
            head.Comment("HELP"u8, family.Name, family.Help);
        head.Comment("TYPE"u8, family.Name, MetricTypeNames.NameOf(family.Type));
        if (family.Unit is not null)
            head.Comment("UNIT"u8, family.Name, family.Unit);
        // The draft gave up the ".0" of whole numbers: samples take the text format's floats.
        var line = new LineWriter(output, openMetrics: false);
        foreach (var metric in family.Metrics)
        {
            OpenMetrics2Checks.NotNull(family, metric);
            WriteMetric(line, family, metric);
        }
    }

    /// <summary>The last line of every document.</summary>
    public static void Finish(IBufferWriter<byte> output) => OpenMetricsWriter.Finish(output);

    private static void WriteMetric(LineWriter line, MetricFamily family, Metric metric)
    {
        switch (family.Type)
        {
            case MetricType.Counter:
                var counter = metric.Value is CounterValue plain
                    ? PreciseCounterValue.From(plain)
                    : OpenMetrics2Checks.Expect<PreciseCounterValue>(family, metric, "counter");
                Counter(line, family, metric, counter);
                return;
            case MetricType.Gauge:
                Value(line, family, metric, OpenMetrics2Checks.Expect<GaugeValue>(family, metric, "gauge").Value);
                break;
            case MetricType.Summary:
                OpenMetrics2Checks.Expect<SummaryValue>(family, metric, "summary");
                OpenMetrics2Checks.NotImplemented(family, "summary");
                break;
            case MetricType.Histogram or MetricType.GaugeHistogram:
                OpenMetrics2Checks.Expect<HistogramValue>(family, metric, "histogram");
                OpenMetrics2Checks.NotImplemented(family, "histogram");
                break;
            default:
                Value(line, family, metric, OpenMetrics2Checks.Expect<UntypedValue>(family, metric, "untyped").Value);
                break;
        }
        line.Byte((byte)'\n');
    }

    private static void Counter(LineWriter line, MetricFamily family, Metric metric, PreciseCounterValue counter)
    {
        OpenMetrics2Checks.Counter(family, counter.Value);
        Value(line, family, metric, counter.Value);
        if (counter.Start is { } start)
        {
            OpenMetrics2Checks.Time(start, "created timestamp", family);
            line.Raw(" st@"u8);
            start.Write(line);
        }
        if (counter.Exemplar is { } exemplar)
            Exemplar(line, family, exemplar, counter.ExemplarTime);
        line.Byte((byte)'\n');
    }

    private static void Value(LineWriter line, MetricFamily family, Metric metric, double value)
    {
        OpenMetrics2Checks.Labels(metric.Labels);
        line.Series(family.Name, "", metric.Labels, "", 0);
        line.Byte((byte)' ');
        line.Float(value);
        if (metric.TimestampMs is not { } timestamp)
            return;
        line.Byte((byte)' ');
        PreciseTimestamp.FromMilliseconds(timestamp).Write(line);
    }

    /// <summary>An exemplar without a time is left out, as the peer does: the draft demands one.</summary>
    private static void Exemplar(LineWriter line, MetricFamily family, ExemplarValue exemplar, PreciseTimestamp? preciseTime)
    {
        if ((preciseTime ?? (exemplar.TimestampMs is { } ms ? PreciseTimestamp.FromMilliseconds(ms) : null)) is not { } time)
            return;
        OpenMetrics2Checks.Time(time, "exemplar timestamp", family);
        OpenMetrics2Checks.Labels(exemplar.Labels);
        if (exemplar.Labels.Count > 0)
        {
            line.Exemplar(exemplar with { TimestampMs = null });
        }
        else
        {
            line.Raw(" # {} "u8);
            line.Float(exemplar.Value);
        }
        line.Byte((byte)' ');
        time.Write(line);
    }
}
