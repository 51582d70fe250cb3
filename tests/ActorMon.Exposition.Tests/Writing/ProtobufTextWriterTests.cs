using System.Buffers;
using System.Text;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Writing;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Tests.Writing;

public class ProtobufTextWriterTests
{
    private static readonly MetricFamily Family = new(
        "c", MetricType.Counter,
        [
            new Metric([new Label("l", "é\"\n\u0001")], new CounterValue(1.5, StartTimestampMs: 1_250), -7),
            new Metric([], new CounterValue(double.PositiveInfinity)),
        ])
    {
        Help = "h",
    };

    [Fact]
    public void The_compact_form_is_one_line_a_family() => Assert.Equal(
        "name:\"c\" help:\"h\" type:COUNTER metric:{label:{name:\"l\" value:\"é\\\"\\n\\x01\"} counter:{value:1.5 created_timestamp:{seconds:1 nanos:250000000}} "
        + "timestamp_ms:-7} metric:{counter:{value:inf}}\n",
        Write(Family, compact: true));

    [Fact]
    public void The_long_form_is_one_line_a_field() => Assert.Equal(
        "name: \"g\"\ntype: GAUGE\nmetric: {\n  label: {\n    name: \"l\"\n    value: \"v\"\n  }\n  gauge: {\n    value: -0\n  }\n}\nunit: \"u\"\n\n",
        Write(new MetricFamily("g", MetricType.Gauge, [new Metric([new Label("l", "v")], new GaugeValue(-0.0))]) { Unit = "u" }, compact: false));

    [Fact]
    public void Whole_histograms_count_whole_and_float_ones_do_not()
    {
        var whole = new HistogramValue(3, 2, [new ClassicBucket(1, 2)]);
        Assert.Equal("name:\"h\" type:HISTOGRAM metric:{histogram:{sample_count:3 sample_sum:2 bucket:{cumulative_count:2 upper_bound:1}}}\n", Histogram(whole));
        Assert.Equal(
            "name:\"h\" type:HISTOGRAM metric:{histogram:{sample_count_float:3 sample_sum:2 bucket:{cumulative_count_float:2 upper_bound:1}}}\n",
            Histogram(whole with { IsFloat = true }));
    }

    private static string Histogram(HistogramValue value) => Write(new MetricFamily("h", MetricType.Histogram, [new Metric([], value)]), compact: true);

    private static string Write(MetricFamily family, bool compact)
    {
        var output = new ArrayBufferWriter<byte>();
        ProtobufTextWriter.Write(output, family, compact);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
