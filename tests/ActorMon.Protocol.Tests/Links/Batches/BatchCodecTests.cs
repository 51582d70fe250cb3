using ActorMon.Model.Bytes;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links.Batches;
using ActorMon.Replication.Copies;

namespace ActorMon.Protocol.Tests.Links.Batches;

public sealed class BatchCodecTests
{
    private const int Partitions = 32;
    private readonly BatchEncoder _encoder = new();
    private readonly BatchDecoder _decoder = new(Partitions);

    [Fact]
    public void The_bytes_of_a_batch_never_change()
    {
        var series = LabelSet.Of("__name__", "up", "job", "a");
        var batch = new SampleBatch
        {
            Writer = new WriterId(0x1122334455667788),
            Number = 300,
            Partition = new PartitionId(5),
            Columns = new LayoutColumns
            {
                Layout = new LayoutId(new WriterId(0x1122334455667788), 7),
                SlotCount = 2,
                ContentHash = 0x0102030405060708,
                FirstNewSlot = 1,
                NewSeries = [series],
                Timestamp = new TimestampMs(1000),
                Values = new[] { 1.0, 2.0 },
                Missing = new ulong[] { 1 },
            },
            Loose = [new LooseSample(series, new TimestampMs(1000), 3), new LooseSample(series, new TimestampMs(1001), 4)],
            Exemplars = [new SeriesExemplar(series, new Exemplar(LabelSet.Of("id", "x"), 0.5, new TimestampMs(9)))],
            Metadata = [new FamilyMetadata("up", new MetricMetadata(MetricType.Gauge, "help", ""))],
        };

        var bytes = Convert.ToHexString(_encoder.Encode(new AddressedBatch(1, new BatchTerms(9, 300), batch)));

        Assert.Equal(
            "020F" + "05" + "01" + "09" + "8877665544332211" + "AC02"
            + "8877665544332211" + "07" + "02" + "01" + "0807060504030201" + "D00F" + "01" + "0100000000000000" + "000000000000F03F" + "0000000000000040"
            + "02" + "00085F5F6E616D655F5F" + "01027570" + "02036A6F62" + "030161"
            + "02" + "01" + "02" + "00010203" + "D00F" + "0000000000000840" + "00" + "02" + "0000000000001040"
            + "01" + "02" + "00010203" + "01" + "04026964" + "050178" + "12" + "000000000000E03F"
            + "01" + "01" + "02" + "060468656C70" + "0700"
            + "AC02",
            bytes);
    }

    [Fact]
    public void Every_batch_comes_back_bit_by_bit()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var sent = RandomBatches.Next(new Random(seed));
            var came = _decoder.Decode(ByteReader.Unpadded(_encoder.Encode(sent)), out var error);
            Assert.True(error is null, $"seed {seed}: {error}");
            AssertEqual(sent, came!.Value);
        }
    }

    [Fact]
    public void Whatever_the_bytes_are_the_decoder_ends_with_a_batch_or_a_reason()
    {
        var random = new Random(11);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = _encoder.Encode(RandomBatches.Next(random)).ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            var batch = _decoder.Decode(ByteReader.Unpadded(bytes), out var error);
            Assert.Equal(batch is null, error is not null);
            if (batch is { } whole)
                Assert.NotEqual(0, _encoder.Encode(whole).Length);
        }
    }

    [Fact]
    public void A_content_that_is_cut_off_is_no_batch()
    {
        var bytes = _encoder.Encode(RandomBatches.Next(new Random(3))).ToArray();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Null(_decoder.Decode(ByteReader.Unpadded(bytes.AsSpan(0, length)), out _));
    }

    [Theory]
    [InlineData("010005", "cut off")]
    [InlineData("0110050109887766554433221101", "parts 10 of a newer version")]
    [InlineData("0000050109887766554433221101", "version 0")]
    [InlineData("0100200109887766554433221101", "cut off")]
    [InlineData("0100050109887766554433221100", "number 0")]
    [InlineData("010005010988776655443322110100", "1 bytes too many")]
    [InlineData("02000501098877665544332211010000", "1 bytes too many")]
    [InlineData("0200050109887766554433221101", "cut off")]
    [InlineData("0200050109887766554433221101FFFFFFFFFFFFFFFFFF01", "deletions forgotten")]
    [InlineData("01010501098877665544332211018877665544332211FFFFFFFF0FFFFFFFFF07", "cut off")]
    [InlineData("0102050109887766554433221101" + "01" + "01" + "02" + "000162" + "010178" + "020161" + "01" + "00" + "0000000000000000", "not sorted")]
    public void What_is_wrong_with_a_content_is_said(string hex, string error)
    {
        Assert.Null(_decoder.Decode(ByteReader.Unpadded(Convert.FromHexString(hex)), out var found));
        Assert.Contains(error, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_version_may_add_behind_what_is_known()
    {
        byte[] bytes = [.. Convert.FromHexString("0300050109887766554433221101"), 1, 2, 3];
        Assert.Equal(1, _decoder.Decode(ByteReader.Unpadded(bytes), out _)!.Value.Batch.Number);
    }

    [Fact]
    public void A_batch_of_version_1_tells_nothing_of_deletions()
    {
        var read = _decoder.Decode(ByteReader.Unpadded(Convert.FromHexString("0100050109887766554433221101")), out _);
        Assert.Equal(new BatchTerms(9, long.MaxValue), read!.Value.Sent);
    }

    [Fact]
    public void Replies_come_back_and_those_of_a_later_version_ask_for_the_batch_again()
    {
        var written = new ByteWriter();
        BatchReplies.Encode([new BatchAnswer(BatchReply.Accepted, 5), new BatchAnswer(BatchReply.Refused, 0, "too much"), new BatchAnswer((BatchReply)77, 1)], written);
        Assert.Equal(
            [new BatchAnswer(BatchReply.Accepted, 5), new BatchAnswer(BatchReply.Refused, 0, "too much"), new BatchAnswer(BatchReply.Unanswered, 1)],
            BatchReplies.Decode(ByteReader.Unpadded(written.Written))!);
        for (var length = 0; length < written.Length; length++)
            Assert.Null(BatchReplies.Decode(ByteReader.Unpadded(written.Written[..length])));
    }

    private static void AssertEqual(in AddressedBatch expected, in AddressedBatch actual)
    {
        var (a, b) = (expected.Batch, actual.Batch);
        Assert.Equal((expected.Slot, expected.Sent, a.Writer, a.Number, a.Partition), (actual.Slot, actual.Sent, b.Writer, b.Number, b.Partition));
        Assert.Equal(a.Columns is null, b.Columns is null);
        if (a.Columns is { } x && b.Columns is { } y)
        {
            Assert.Equal((x.Layout, x.SlotCount, x.ContentHash, x.FirstNewSlot, x.Timestamp), (y.Layout, y.SlotCount, y.ContentHash, y.FirstNewSlot, y.Timestamp));
            Assert.Equal(x.NewSeries, y.NewSeries);
            Assert.Equal(x.Missing.ToArray(), y.Missing.ToArray());
            Assert.Equal(Bits(x.Values.ToArray()), Bits(y.Values.ToArray()));
        }
        Assert.Equal(a.Loose.Select(Bits), b.Loose.Select(Bits));
        Assert.Equal(a.Loose.Where(s => s.Histogram is not null).Select(s => Bytes(s)), b.Loose.Where(s => s.Histogram is not null).Select(s => Bytes(s)));
        Assert.Equal(a.Exemplars.Select(Bits), b.Exemplars.Select(Bits));
        Assert.Equal(a.Metadata, b.Metadata);
    }

    private static long[] Bits(double[] values) => [.. values.Select(BitConverter.DoubleToInt64Bits)];

    private static (LabelSet, TimestampMs, long, bool) Bits(LooseSample s) => (s.Series, s.Timestamp, s.Histogram is null ? BitConverter.DoubleToInt64Bits(s.Value) : 0, s.Histogram is null);

    private static (LabelSet, LabelSet, TimestampMs, long) Bits(SeriesExemplar e) => (e.Series, e.Exemplar.Labels, e.Exemplar.Timestamp, BitConverter.DoubleToInt64Bits(e.Exemplar.Value));

    private static byte[] Bytes(LooseSample sample)
    {
        var bytes = new byte[HistogramCodec.MaxSize(sample.Histogram!)];
        return bytes[..HistogramCodec.Encode(sample.Histogram!, bytes)];
    }
}
