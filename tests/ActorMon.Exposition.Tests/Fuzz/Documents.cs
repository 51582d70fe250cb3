using System.Buffers;
using System.Text;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Writing;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Tests.Fuzz;

/// <summary>Valid documents of every format, with something of everything in them.</summary>
internal static class Documents
{
    public static IReadOnlyList<MetricFamily> Families { get; } =
    [
        new("http_requests_total", MetricType.Counter,
            [
                new Metric([new Label("code", "200"), new Label("method", "get\"\\\n")], new CounterValue(1027, new ExemplarValue([new Label("trace_id", "abc")], 0.5, 1500), 1000)),
                new Metric([], new CounterValue(3), 1395066363000),
            ]) { Help = "two\nlines \\ here" },
        new("temperature.celsius", MetricType.Gauge, [new Metric([new Label("räum", "küche")], new GaugeValue(double.NaN)), new Metric([], new GaugeValue(-1.5e-7))]),
        new("rpc_seconds", MetricType.Summary, [new Metric([], new SummaryValue(2693, 1.7560473e+07, [new QuantileValue(0.01, 3102), new QuantileValue(1, 5)], 1000))]) { Unit = "seconds" },
        new("latency", MetricType.Histogram,
            [
                new Metric([new Label("path", "/")], new HistogramValue(5, 2.5, [new ClassicBucket(0.1, 2), new ClassicBucket(1, 4, new ExemplarValue([new Label("a", "b")], 0.7, 2000)), new ClassicBucket(double.PositiveInfinity, 5)], 1000)
                {
                    Native = new NativeHistogram
                    {
                        Schema = 3, Count = 5, Sum = 2.5, ZeroCount = 1, ZeroThreshold = 1e-128,
                        PositiveSpans = [new BucketSpan(-2, 2), new BucketSpan(3, 1)], PositiveBuckets = [1, 2, 1],
                    },
                }),
            ]),
        new("queue", MetricType.GaugeHistogram,
            [
                new Metric([], new HistogramValue(3.5, 1, [new ClassicBucket(1, 1.5), new ClassicBucket(double.PositiveInfinity, 3.5)])
                {
                    IsFloat = true,
                    Native = new NativeHistogram { Schema = 0, Count = 3.5, Sum = 1, NegativeSpans = [new BucketSpan(0, 2)], NegativeBuckets = [1.5, 2], ZeroThreshold = 0.001 },
                }),
            ]),
        new("mystery", MetricType.Unknown, [new Metric([], new UntypedValue(double.PositiveInfinity))]),
    ];

    public static byte[] Text()
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var family in Families)
            TextFormatWriter.Write(output, family);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] OpenMetrics()
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var family in Families.Where(f => f.Type != MetricType.GaugeHistogram))
            OpenMetricsWriter.Write(output, family, createdLines: true);
        OpenMetricsWriter.Finish(output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Protobuf()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ProtobufWriter();
        foreach (var family in Families)
            writer.Write(output, family);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The document that failed, for the assertion message.</summary>
    public static string Show(byte[] document) => Convert.ToHexString(document) + " " + Encoding.Latin1.GetString(document);
}
