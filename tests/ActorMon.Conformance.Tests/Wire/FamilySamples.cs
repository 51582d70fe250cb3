using System.Text.Json;
using ActorMon.Exposition.Families;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Conformance.Tests.Wire;

/// <summary>A family three times: as a tree of the protobuf's field names, as the writer takes it, and as lines of what the scrape parser makes of it.</summary>
internal sealed record FamilySample(string Tree, MetricFamily Family, string[] Parsed)
{
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Tree);
            return document.RootElement.Clone();
        }
    }
}

/// <summary>Families that together use every field of every message of the protobuf exposition.</summary>
internal static class FamilySamples
{
    public static readonly FamilySample[] All =
    [
        new(
            """
            {"name": "requests_total", "help": "Requests served.", "type": "COUNTER", "unit": "requests", "metric": [
                {"label": [{"name": "code", "value": "200"}, {"name": "method", "value": "get"}],
                 "counter": {"value": 12.5, "created_timestamp": {"seconds": 1700000000, "nanos": 500000000},
                             "exemplar": {"label": [{"name": "trace", "value": "a1"}], "value": 0.25, "timestamp": {"seconds": 1700000001, "nanos": 250000000}}},
                 "timestamp_ms": 1700000002345}]}
            """,
            new MetricFamily("requests_total", MetricType.Counter,
            [
                new Metric(
                    [new Label("code", "200"), new Label("method", "get")],
                    new CounterValue(12.5, new ExemplarValue([new Label("trace", "a1")], 0.25, 1700000001250), 1700000000500),
                    1700000002345),
            ])
            { Help = "Requests served.", Unit = "requests" },
            [
                "HELP requests_total Requests served.",
                "UNIT requests_total requests",
                "TYPE requests_total Counter",
                """{__name__="requests_total", code="200", method="get"} 12.5 @1700000002345 since 1700000000500 exemplar {trace="a1"} 0.25 @1700000001250""",
            ]),
        new(
            """{"name": "depth", "type": "GAUGE", "metric": [{"gauge": {"value": -3.5}}, {"label": [{"name": "queue", "value": "b"}], "gauge": {"value": "+Inf"}}]}""",
            new MetricFamily("depth", MetricType.Gauge, [new Metric([], new GaugeValue(-3.5)), new Metric([new Label("queue", "b")], new GaugeValue(double.PositiveInfinity))]),
            [
                "HELP depth ",
                "TYPE depth Gauge",
                """{__name__="depth"} -3.5""",
                """{__name__="depth", queue="b"} Infinity""",
            ]),
        new(
            """{"name": "anything", "type": "UNTYPED", "metric": [{"untyped": {"value": 42}, "timestamp_ms": -5}]}""",
            new MetricFamily("anything", MetricType.Unknown, [new Metric([], new UntypedValue(42), -5)]),
            [
                "HELP anything ",
                "TYPE anything Unknown",
                """{__name__="anything"} 42 @-5""",
            ]),
        new(
            """
            {"name": "took_seconds", "type": "SUMMARY", "metric": [
                {"summary": {"sample_count": 7, "sample_sum": 3.5, "created_timestamp": {"seconds": 1600000000, "nanos": 0},
                             "quantile": [{"quantile": 0.5, "value": 0.25}, {"quantile": 0.99, "value": 1.5}]}}]}
            """,
            new MetricFamily("took_seconds", MetricType.Summary,
                [new Metric([], new SummaryValue(7, 3.5, [new QuantileValue(0.5, 0.25), new QuantileValue(0.99, 1.5)], 1600000000000))]),
            [
                "HELP took_seconds ",
                "TYPE took_seconds Summary",
                """{__name__="took_seconds_count"} 7 since 1600000000000""",
                """{__name__="took_seconds_sum"} 3.5 since 1600000000000""",
                """{__name__="took_seconds", quantile="0.5"} 0.25 since 1600000000000""",
                """{__name__="took_seconds", quantile="0.99"} 1.5 since 1600000000000""",
            ]),
        new(
            """
            {"name": "latency_seconds", "type": "HISTOGRAM", "metric": [
                {"histogram": {
                    "sample_count": 6, "sample_sum": 9.5, "created_timestamp": {"seconds": 1600000001, "nanos": 1000000},
                    "bucket": [
                        {"cumulative_count": 2, "upper_bound": 0.5,
                         "exemplar": {"label": [{"name": "trace", "value": "c3"}], "value": 0.375, "timestamp": {"seconds": 1600000003, "nanos": 0}}},
                        {"cumulative_count": 5, "upper_bound": 1}],
                    "schema": 3, "zero_threshold": 0.125, "zero_count": 1,
                    "negative_span": [{"offset": -2, "length": 1}], "negative_delta": [1],
                    "positive_span": [{"offset": -1, "length": 2}, {"offset": 3, "length": 1}], "positive_delta": [1, 1, -1],
                    "exemplars": [{"label": [{"name": "trace", "value": "b2"}], "value": 0.75, "timestamp": {"seconds": 1600000002, "nanos": 0}}]}}]}
            """,
            new MetricFamily("latency_seconds", MetricType.Histogram,
            [
                new Metric([], new HistogramValue(6, 9.5,
                    [new ClassicBucket(0.5, 2, new ExemplarValue([new Label("trace", "c3")], 0.375, 1600000003000)), new ClassicBucket(1, 5)],
                    1600000001001)
                {
                    Native = new NativeHistogram
                    {
                        Schema = 3,
                        ZeroThreshold = 0.125,
                        ZeroCount = 1,
                        Count = 6,
                        Sum = 9.5,
                        NegativeSpans = [new BucketSpan(-2, 1)],
                        NegativeBuckets = [1],
                        PositiveSpans = [new BucketSpan(-1, 2), new BucketSpan(3, 1)],
                        PositiveBuckets = [1, 2, 1],
                    },
                    NativeExemplars = [new ExemplarValue([new Label("trace", "b2")], 0.75, 1600000002000)],
                }),
            ]),
            [
                "HELP latency_seconds ",
                "TYPE latency_seconds Histogram",
                """{__name__="latency_seconds"} schema 3 zero 1 within 0.125 count 6 sum 9.5 negative -2x1 1 positive -1x2,3x1 1,2,1 hint Unknown since 1600000001001 exemplar {trace="b2"} 0.75 @1600000002000""",
                """{__name__="latency_seconds_count"} 6 since 1600000001001""",
                """{__name__="latency_seconds_sum"} 9.5 since 1600000001001""",
                """{__name__="latency_seconds_bucket", le="0.5"} 2 since 1600000001001 exemplar {trace="c3"} 0.375 @1600000003000""",
                """{__name__="latency_seconds_bucket", le="1.0"} 5 since 1600000001001""",
                """{__name__="latency_seconds_bucket", le="+Inf"} 6 since 1600000001001""",
            ]),
        new(
            """
            {"name": "sizes", "type": "GAUGE_HISTOGRAM", "metric": [
                {"histogram": {
                    "sample_count_float": 4.5, "sample_sum": -1.5,
                    "bucket": [{"cumulative_count_float": 1.5, "upper_bound": 1}],
                    "schema": 0, "zero_threshold": 0.25, "zero_count_float": 0.5,
                    "negative_span": [{"offset": 0, "length": 1}], "negative_count": [1.5],
                    "positive_span": [{"offset": 1, "length": 1}], "positive_count": [2.5]}}]}
            """,
            new MetricFamily("sizes", MetricType.GaugeHistogram,
            [
                new Metric([], new HistogramValue(4.5, -1.5, [new ClassicBucket(1, 1.5)])
                {
                    IsFloat = true,
                    Native = new NativeHistogram
                    {
                        ZeroThreshold = 0.25,
                        ZeroCount = 0.5,
                        Count = 4.5,
                        Sum = -1.5,
                        NegativeSpans = [new BucketSpan(0, 1)],
                        NegativeBuckets = [1.5],
                        PositiveSpans = [new BucketSpan(1, 1)],
                        PositiveBuckets = [2.5],
                    },
                }),
            ]),
            [
                "HELP sizes ",
                "TYPE sizes GaugeHistogram",
                """{__name__="sizes"} schema 0 zero 0.5 within 0.25 count 4.5 sum -1.5 negative 0x1 1.5 positive 1x1 2.5 hint Gauge""",
                """{__name__="sizes_count"} 4.5""",
                """{__name__="sizes_sum"} -1.5""",
                """{__name__="sizes_bucket", le="1.0"} 1.5""",
                """{__name__="sizes_bucket", le="+Inf"} 4.5""",
            ]),
    ];
}
