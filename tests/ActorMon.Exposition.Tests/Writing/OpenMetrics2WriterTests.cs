using System.Buffers;
using System.Text;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Writing;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Tests.Writing;

public class OpenMetrics2WriterTests
{
    [Fact]
    public void A_counter_of_milliseconds_keeps_them() =>
        Assert.Equal("# TYPE c counter\nc 5 1.5 st@0.25\n", Write(MetricType.Counter, new CounterValue(5, StartTimestampMs: 250), 1_500));

    [Theory]
    [InlineData(-1, "-0.001")]
    [InlineData(-1_000, "-1")]
    [InlineData(-1_500, "-1.5")]
    [InlineData(0, "0")]
    [InlineData(1_700_000_000_010, "1700000000.01")]
    public void Times_are_plain_decimal_numbers_on_both_sides_of_1970(long ms, string seconds) =>
        Assert.Equal($"# TYPE c gauge\nc 1 {seconds}\n", Write(MetricType.Gauge, new GaugeValue(1), ms));

    [Fact]
    public void Times_keep_their_nanoseconds() => Assert.Equal(
        "# TYPE c counter\nc 5 st@-0.000000001 # {} 2 7.00000001\n",
        Write(MetricType.Counter, new PreciseCounterValue(5, new ExemplarValue([], 2, 1), new PreciseTimestamp(-1, 999_999_999)) { ExemplarTime = new(7, 10) }));

    [Fact]
    public void An_exemplar_with_a_nameless_label_is_refused()
    {
        var counter = new CounterValue(5, new ExemplarValue([new Label("", "v")], 2, 1));
        Assert.StartsWith(
            "label name cannot be empty", Assert.Throws<FamilyWriteException>(() => Write(MetricType.Counter, counter)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-62_135_596_801, 0, "before 0001-01-01")]
    [InlineData(253_402_300_800, 0, "after 9999-12-31")]
    [InlineData(0, 1_000_000_000, "has out-of-range nanos")]
    public void Start_times_outside_protobufs_range_are_refused(long seconds, int nanos, string problem)
    {
        var counter = new PreciseCounterValue(5, Start: new PreciseTimestamp(seconds, nanos));
        Assert.EndsWith(problem, Assert.Throws<FamilyWriteException>(() => Write(MetricType.Counter, counter)).Message, StringComparison.Ordinal);
    }

    private static string Write(MetricType type, MetricValue value, long? timestampMs = null)
    {
        var output = new ArrayBufferWriter<byte>();
        OpenMetrics2Writer.Write(output, new MetricFamily("c", type, [new Metric([], value, timestampMs)]));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
