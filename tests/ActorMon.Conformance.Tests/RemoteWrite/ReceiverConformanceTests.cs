using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.RemoteWrite.Content;
using ActorMon.RemoteWrite.Decoding;
using ActorMon.Testing;
using ActorMon.Testing.Conformance;
using Snappier;
using static ActorMon.Conformance.Tests.RemoteWrite.ReceiverKit;

namespace ActorMon.Conformance.Tests.RemoteWrite;

/// <summary>The receiver suite's tables as 1.0 messages, through decompression and decoding: what a series, histogram, exemplar or metadata becomes and whether it is refused.</summary>
public sealed class ReceiverConformanceTests
{
    private const long Time = 1_700_000_000_000;
    private static readonly double[] TestValues = [1.0, SpecialValues.StaleNaN, SpecialValues.NormalNaN, double.PositiveInfinity, double.NegativeInfinity];

    [ConformanceFact]
    public void Series_are_taken_or_refused_by_their_labels()
    {
        var run = new ConformanceRun("remote-write", "receiver.metrics");
        foreach (var @case in Cases("SingleMetric", "MultipleMetrics"))
            run.Case(Name(@case), () =>
            {
                var metrics = @case.TryGetProperty("metrics", out var several) ? several.EnumerateArray().ToArray() : [@case.GetProperty("metric")];
                foreach (var value in TestValues)
                {
                    var request = Receive([.. metrics.Select(m => Series(m.GetProperty("Labels")).Message(2, Sample(value)))]);
                    var valid = @case.TryGetProperty("validSamples", out var count) ? count.GetInt32() : @case.GetProperty("success").GetBoolean() ? 1 : 0;
                    Assert.Equal(valid, metrics.Length - request.InvalidSeries);
                    Assert.All(request.Values.ToArray(), v => Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(v)));
                    for (var i = 0; i < metrics.Length; i++)
                        if (request.Series[i].IsValid)
                            Assert.Equal(Labels(metrics[i].GetProperty("Labels")), request.Series[i].Labels.Labels);
                }
            });
        run.Finish(10);
    }

    [ConformanceFact]
    public void Histograms_are_taken_or_refused()
    {
        var run = new ConformanceRun("remote-write", "receiver.histograms");
        foreach (var @case in Cases("Histograms"))
            run.Case(Name(@case), () =>
            {
                var request = Receive(Series(@case.GetProperty("labels")).Message(4, Histogram(@case, (long)Time)));
                Assert.Equal(@case.GetProperty("expectSuccess").GetBoolean(), request.HistogramFault is null);
                Assert.Equal(0, request.InvalidSeries);
                Assert.Equal(Time, Assert.Single(request.Histograms).Timestamp);
            });
        run.Finish(6);
    }

    [ConformanceFact]
    public void Exemplars_are_read()
    {
        var run = new ConformanceRun("remote-write", "receiver.exemplars");
        foreach (var @case in Cases("Exemplars", "ExemplarSpecialValues", "ExemplarValidation"))
            run.Case(Name(@case), () =>
            {
                var labels = @case.TryGetProperty("labels", out var given) ? Series(given) : Series(LabelSet.Of("__name__", "special"));
                var value = @case.TryGetProperty("value", out var number) ? ConformanceData.Float(number) : 1;
                var exemplar = new WireMessage();
                var expected = LabelSet.Empty;
                if (@case.TryGetProperty("exemplarLabels", out var own))
                    expected = own.ValueKind == JsonValueKind.String ? LabelSet.Of("trace_id", own.GetString()!) : Labels(own);
                foreach (var label in expected)
                    exemplar.Message(1, Label(label.Name, label.Value));
                var request = Receive(labels.Message(2, Sample(1)).Message(3, exemplar.Double(2, value).Varint(3, Time)));
                Assert.Equal(!@case.TryGetProperty("success", out var success) || success.GetBoolean(), request.InvalidSeries == 0);
                var read = Assert.Single(request.Exemplars);
                Assert.Equal(expected, read.Labels);
                Assert.Equal(value, read.Value);
                Assert.Equal(new TimestampMs(Time), read.Timestamp);
            });
        run.Finish(17);
    }

    [ConformanceFact]
    public void Metadata_is_read()
    {
        var run = new ConformanceRun("remote-write", "receiver.metadata");
        foreach (var @case in Cases("Metadata", "MetadataValidation"))
            run.Case(Name(@case), () =>
            {
                var family = Labels(@case.GetProperty("labels")).MetricName;
                var type = @case.GetProperty("metricType").GetString() == "UNSPECIFIED" ? MetricType.Unknown : Enum.Parse<MetricType>(@case.GetProperty("metricType").GetString()!, ignoreCase: true);
                var (help, unit) = (Optional(@case, "help"), Optional(@case, "unit"));
                var metadata = new WireMessage().Varint(1, WireNumber(@case.GetProperty("metricType").GetString()!)).Text(2, family).Text(4, help).Text(5, unit);
                var body = new WireMessage().Message(1, Series(@case.GetProperty("labels")).Message(2, Sample(1))).Message(3, metadata);
                var request = ReceiveBody(body);
                Assert.Equal(@case.GetProperty("success").GetBoolean(), request.InvalidSeries == 0);
                Assert.Equal((family, new MetricMetadata(type, help, unit)), (request.Metadata[0].Family, request.Metadata[0].Metadata));
            });
        run.Finish(13);
    }

    [ConformanceFact]
    public void Requests_are_refused_by_header_and_body()
    {
        var run = new ConformanceRun("remote-write", "receiver.checklist");
        foreach (var type in new[] { "application/json", "image/png" })
            run.Case("Content-Type " + type, () => Assert.Equal(415, RemoteWriteContent.Parse(type, "snappy", RemoteWriteMessage.V1).ErrorStatus));
        foreach (var encoding in new[] { "gzip", "deflate" })
            run.Case("Content-Encoding " + encoding, () => Assert.Equal(415, RemoteWriteContent.Parse("application/x-protobuf", encoding, RemoteWriteMessage.V1).ErrorStatus));
        run.Case("first byte changed", () =>
        {
            var body = Snappy.CompressToArray(new WireMessage().Message(1, Series(LabelSet.Of("__name__", "up")).Message(2, Sample(1))).ToArray());
            body[0] ^= 0xFF;
            Assert.False(SnappyBody.TryDecode(body, SnappyBody.DefaultLimit, out _, out var status, out _));
            Assert.Equal(400, status);
        });
        run.Case("several samples of one series", () =>
        {
            var series = Series(LabelSet.Of("__name__", "up"));
            for (var i = 0; i < 3; i++)
                series.Message(2, new WireMessage().Double(1, i).Varint(2, (ulong)(Time + i)));
            Assert.Equal([Time, Time + 1, Time + 2], Receive(series).Times.ToArray());
        });
        run.Case("series without samples", () => Assert.Equal(0, Receive(Series(LabelSet.Of("__name__", "up"))).InvalidSeries));
        run.Finish(7);
    }

    private static WriteRequest Receive(params WireMessage[] series)
    {
        var body = new WireMessage();
        foreach (var one in series)
            body.Message(1, one);
        return ReceiveBody(body);
    }

    private static WriteRequest ReceiveBody(WireMessage message)
    {
        Assert.True(SnappyBody.TryDecode(Snappy.CompressToArray(message.ToArray()), SnappyBody.DefaultLimit, out var body, out _, out var refusal), refusal);
        using (body)
        {
            var request = new WriteRequest();
            Assert.True(new WriteRequestDecoder().TryDecode(body.Bytes, request, out var error), error);
            return request;
        }
    }

    /// <summary>Labels in reverse order: receivers must not rely on a sorted message.</summary>
    private static WireMessage Series(LabelSet labels)
    {
        var series = new WireMessage();
        foreach (var label in labels.Reverse())
            series.Message(1, Label(label.Name, label.Value));
        return series;
    }

    private static WireMessage Series(JsonElement labels)
    {
        var series = new WireMessage();
        foreach (var label in labels.EnumerateObject().Reverse())
            series.Message(1, Label(label.Name, label.Value.GetString()!));
        return series;
    }

    private static WireMessage Label(string name, string value) => new WireMessage().Text(1, name).Text(2, value);

    private static WireMessage Sample(double value) => new WireMessage().Double(1, value).Varint(2, Time);

    private static LabelSet Labels(JsonElement labels) => LabelSet.From(labels.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!)));

    private static string Optional(JsonElement @case, string name) => @case.TryGetProperty(name, out var value) ? value.GetString()! : "";
}
