using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.RemoteWrite.Decoding;
using ActorMon.Testing;
using CsCheck;

namespace ActorMon.RemoteWrite.Tests.Decoding;

public sealed class WriteRequestDecoderTests
{
    private static WireMessage Label(string name, string value) => new WireMessage().Text(1, name).Text(2, value);

    private static WireMessage Sample(double value, long time) => new WireMessage().Double(1, value).Varint(2, (ulong)time);

    private static WireMessage Series(params string[] namesAndValues)
    {
        var series = new WireMessage();
        for (var i = 0; i < namesAndValues.Length; i += 2)
            series.Message(1, Label(namesAndValues[i], namesAndValues[i + 1]));
        return series;
    }

    private static WriteRequest Decode(params WireMessage[] series)
    {
        var body = new WireMessage();
        foreach (var one in series)
            body.Message(1, one);
        return DecodeBody(new WriteRequestDecoder(), body.ToArray());
    }

    private static WriteRequest DecodeBody(WriteRequestDecoder decoder, byte[] body)
    {
        var request = new WriteRequest();
        Assert.True(decoder.TryDecode(body, request, out var error), error);
        return request;
    }

    [Fact]
    public void Series_and_samples_come_in_columns()
    {
        var request = Decode(
            Series("__name__", "up", "job", "a").Message(2, Sample(1, 1000)).Message(2, Sample(SpecialValues.StaleNaN, 2000)),
            Series("__name__", "down").Message(2, Sample(-0.0, -5)));
        Assert.Equal(2, request.Series.Length);
        Assert.Equal(LabelSet.Of("__name__", "up", "job", "a"), request.Series[0].Labels.Labels);
        Assert.Equal([1000, 2000], request.Times[request.Series[0].Samples].ToArray());
        Assert.Equal(SpecialValues.StaleNaNBits, BitConverter.DoubleToUInt64Bits(request.Values[1]));
        Assert.Equal([-5], request.Times[request.Series[1].Samples].ToArray());
        Assert.True(double.IsNegative(request.Values[2]));
    }

    [Fact]
    public void Samples_of_any_legal_form_are_read()
    {
        var request = Decode(Series("__name__", "up")
            .Message(2, new WireMessage())
            .Message(2, new WireMessage().Varint(2, 7))
            .Message(2, new WireMessage().Varint(2, 8).Double(1, 2.5))
            .Message(2, new WireMessage().Double(1, 3.5).Varint(2, 9).Varint(3, 1).Fixed32(4, 1).Text(5, "x")));
        Assert.Equal([0, 7, 8, 9], request.Times.ToArray());
        Assert.Equal([0, 0, 2.5, 3.5], request.Values.ToArray());
    }

    [Fact]
    public void Unsorted_labels_are_sorted_and_empty_ones_left_out() =>
        Assert.Equal(LabelSet.Of("__name__", "up", "a", "1", "z", "2"), Decode(Series("z", "2", "e", "", "a", "1", "__name__", "up")).Series[0].Labels.Labels);

    [Theory]
    [InlineData(LabelFault.NoMetricName, "job", "a")]
    [InlineData(LabelFault.NoMetricName)]
    [InlineData(LabelFault.Invalid, "__name__", "")]
    [InlineData(LabelFault.Invalid, "__name__", "up", "", "x")]
    [InlineData(LabelFault.Duplicate, "__name__", "up", "a", "1", "b", "1", "a", "2")]
    [InlineData(LabelFault.None, "__name__", "with space", "dot.ted", "é")]
    public void Labels_are_checked(LabelFault fault, params string[] labels)
    {
        var request = Decode(Series(labels).Message(2, Sample(1, 1)), Series("__name__", "good").Message(2, Sample(2, 2)));
        Assert.Equal(fault, request.Series[0].Labels.Fault);
        Assert.True(request.Series[1].IsValid);
        Assert.Equal(fault == LabelFault.None ? 0 : 1, request.InvalidSeries);
    }

    [Fact]
    public void Labels_that_are_not_UTF8_are_refused()
    {
        Assert.Equal(LabelFault.Invalid, Decode(Series("__name__", "up", "a", "\uDCFE")).Series[0].Labels.Fault);
        Assert.Equal(LabelFault.Invalid, Decode(Series("__name__", "up", "\uDCFE", "a")).Series[0].Labels.Fault);
    }

    [Fact]
    public void Labels_behind_samples_count_too()
    {
        var request = Decode(Series("__name__", "up").Message(2, Sample(1, 1)).Message(1, Label("a", "1")));
        Assert.Equal(LabelSet.Of("__name__", "up", "a", "1"), request.Series[0].Labels.Labels);
    }

    [Fact]
    public void A_series_that_comes_again_keeps_its_label_set()
    {
        var decoder = new WriteRequestDecoder();
        var body = new WireMessage().Message(1, Series("__name__", "up", "job", "a").Message(2, Sample(1, 1))).ToArray();
        var first = DecodeBody(decoder, body).Series[0].Labels.Labels;
        Assert.Same(first, DecodeBody(decoder, body).Series[0].Labels.Labels);
        Assert.Equal(1, decoder.Cache.Hits);
    }

    [Fact]
    public void The_label_cache_stays_within_its_bound_and_keeps_what_is_used()
    {
        var decoder = new WriteRequestDecoder(new SeriesLabelCache(maxEntries: 64));
        var hot = new WireMessage().Message(1, Series("__name__", "hot")).ToArray();
        var kept = DecodeBody(decoder, hot).Series[0].Labels.Labels;
        for (var i = 0; i < 1000; i++)
        {
            DecodeBody(decoder, new WireMessage().Message(1, Series("__name__", $"cold_{i}")).ToArray());
            Assert.Same(kept, DecodeBody(decoder, hot).Series[0].Labels.Labels);
            Assert.InRange(decoder.Cache.Count, 1, 64);
        }
    }

    [Fact]
    public void Integer_histograms_become_absolute_counts()
    {
        var histogram = new WireMessage()
            .Varint(1, 27).Double(3, 30.5).Signed(4, 0).Double(5, 0.001).Varint(6, 1)
            .Message(8, new WireMessage().Signed(1, 0).Varint(2, 2)).PackedSigned(9, 1, 1)
            .Message(11, new WireMessage().Varint(2, 3)).Message(11, new WireMessage().Signed(1, 2).Varint(2, 2)).PackedSigned(12, 1, 2, 1, 3, 1)
            .Varint(14, 2).Varint(15, 5000);
        var request = Decode(Series("__name__", "h").Message(4, histogram));
        var sample = request.Histograms[request.Series[0].Histograms.Start.Value];
        Assert.Null(sample.Fault);
        Assert.Equal(5000, sample.Timestamp);
        Assert.Equal(
            new NativeHistogram
            {
                Count = 27,
                Sum = 30.5,
                ZeroThreshold = 0.001,
                ZeroCount = 1,
                CounterResetHint = CounterResetHint.NotReset,
                NegativeSpans = [new(0, 2)],
                NegativeBuckets = [1, 2],
                PositiveSpans = [new(0, 3), new(2, 2)],
                PositiveBuckets = [1, 3, 4, 7, 8],
            },
            sample.Histogram);
    }

    [Fact]
    public void Float_and_custom_bucket_histograms_are_read()
    {
        var histogram = new WireMessage().Double(2, 3.5).Double(3, 1).Signed(4, -53).Message(11, new WireMessage().Varint(2, 2)).Double(13, 1.5).Double(13, 2).PackedDouble(16, 0.5);
        var sample = Decode(Series("__name__", "h").Message(4, histogram)).Histograms[0];
        Assert.Null(sample.Fault);
        Assert.Equal(
            new NativeHistogram { Schema = -53, Count = 3.5, Sum = 1, PositiveSpans = [new(0, 2)], PositiveBuckets = [1.5, 2], CustomValues = [0.5] },
            sample.Histogram);
    }

    [Fact]
    public void A_finer_schema_than_eight_is_reduced()
    {
        var histogram = new WireMessage().Varint(1, 4).Signed(4, 9).Message(11, new WireMessage().Signed(1, 1).Varint(2, 2)).PackedSigned(12, 1, 2);
        var sample = Decode(Series("__name__", "h").Message(4, histogram)).Histograms[0];
        Assert.Null(sample.Fault);
        Assert.Equal((8, 4.0), (sample.Histogram.Schema, Assert.Single(sample.Histogram.PositiveBuckets)));
    }

    [Fact]
    public void A_histogram_that_may_not_be_stored_faults_the_request()
    {
        var bad = new WireMessage().Varint(1, 99).Message(11, new WireMessage().Varint(2, 1)).PackedSigned(12, 1);
        Assert.Contains("but the Count field is 99", Decode(Series("__name__", "h").Message(4, bad)).HistogramFault, StringComparison.Ordinal);
        Assert.Null(Decode(Series("job", "nameless").Message(4, bad)).HistogramFault);
    }

    [Fact]
    public void Exemplars_and_metadata_are_read()
    {
        var body = new WireMessage()
            .Message(1, Series("__name__", "up").Message(3, new WireMessage().Message(1, Label("trace_id", "t")).Double(2, 0.5).Varint(3, 12)))
            .Message(3, new WireMessage().Varint(1, 1).Text(2, "up").Text(4, "Help \"me\"").Text(5, "s"))
            .Message(2, new WireMessage().Varint(1, 1));
        var request = DecodeBody(new WriteRequestDecoder(), body.ToArray());
        var exemplar = request.Exemplars[request.Series[0].Exemplars.Start.Value];
        Assert.Equal((LabelSet.Of("trace_id", "t"), 0.5, new TimestampMs(12)), (exemplar.Labels, exemplar.Value, exemplar.Timestamp));
        Assert.Equal(("up", new MetricMetadata(MetricType.Counter, "Help \"me\"", "s")), (request.Metadata[0].Family, request.Metadata[0].Metadata));
    }

    [Theory]
    [InlineData(new byte[] { 0x0A, 0x05, 0x01 }, "unexpected EOF")]
    [InlineData(new byte[] { 0x00 }, "proto: illegal tag 0 (wire type 0)")]
    [InlineData(new byte[] { 0x08, 0x01 }, "proto: wrong wireType = 0 for field Timeseries")]
    [InlineData(new byte[] { 0x0B }, "proto: wrong wireType = 3 for field Timeseries")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, "proto: integer overflow")]
    [InlineData(new byte[] { 0x0A, 0x02, 0x12, 0x09 }, "unexpected EOF")]
    [InlineData(new byte[] { 0x0A, 0x03, 0x0A, 0x01, 0x0A }, "unexpected EOF")]
    public void A_broken_message_leaves_the_request_empty(byte[] body, string error)
    {
        var request = Decode(Series("__name__", "left over").Message(2, Sample(1, 1)));
        Assert.False(new WriteRequestDecoder().TryDecode(body, request, out var got));
        Assert.Equal(error, got);
        Assert.True(request.Series.IsEmpty && request.Times.IsEmpty);
    }

    [Fact]
    public void No_bytes_make_the_decoder_throw()
    {
        var good = new WireMessage()
            .Message(1, Series("__name__", "up", "job", "a").Message(2, Sample(1, 1))
                .Message(4, new WireMessage().Varint(1, 3).Message(11, new WireMessage().Varint(2, 2)).PackedSigned(12, 1, 1).PackedDouble(16, 1)))
            .Message(3, new WireMessage().Text(2, "up")).ToArray();
        var decoder = new WriteRequestDecoder(new SeriesLabelCache(128));
        var request = new WriteRequest();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Array[1, 4].Sample(
            changes =>
            {
                var bytes = good.ToArray();
                foreach (var (at, value, cut) in changes)
                {
                    if (at < bytes.Length)
                        bytes[at] = value;
                    if (value % 8 == 0)
                        bytes = bytes[..Math.Min(cut, bytes.Length)];
                }
                var decoded = decoder.TryDecode(bytes, request, out var error);
                return decoded == (error.Length == 0);
            },
            iter: 20_000, threads: 1);
    }

    [Fact]
    public void A_request_is_reused()
    {
        var decoder = new WriteRequestDecoder();
        var request = new WriteRequest();
        for (var round = 1; round <= 3; round++)
        {
            var series = Series("__name__", "up");
            for (var i = 0; i < round * 300; i++)
                series.Message(2, Sample(i, i));
            Assert.True(decoder.TryDecode(new WireMessage().Message(1, series).ToArray(), request, out _));
            Assert.Equal(round * 300, request.Values.Length);
            Assert.Equal(Enumerable.Range(0, round * 300).Select(i => (double)i), request.Values.ToArray());
        }
    }
}
