using System.Buffers;
using System.IO.Pipelines;
using ActorMon.Model.Bytes;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Protocol.Tests.Links.Reading;

public sealed class ReadRequestTests
{
    private static readonly ReadRequest Everything = new(ReadKind.LabelValues, [new PartitionId(3), new PartitionId(7)])
    {
        MatcherSets = [[Matcher.MetricNamed("up"), new Matcher(MatchOperator.NotRegex, "job", "a|b"), Matcher.Equal("path", "x\uDC80")], []],
        Min = new TimestampMs(-5),
        Max = new TimestampMs(1_700_000_000_000),
        Name = "instance",
        Series = [LabelSet.Of("__name__", "up", "job", "a"), LabelSet.Of("__name__", "up", "job", "b")],
    };

    [Fact]
    public async Task A_request_comes_back_whole()
    {
        var read = await RoundTripAsync(Everything);
        Assert.NotNull(read);
        Assert.Equal(Everything.Kind, read.Kind);
        Assert.Equal(Everything.Partitions, read.Partitions);
        Assert.Equal(Everything.MatcherSets, read.MatcherSets);
        Assert.Equal((Everything.Min, Everything.Max, Everything.Name), (read.Min, read.Max, read.Name));
        Assert.Equal(Everything.Series, read.Series);
    }

    [Fact]
    public void A_request_has_the_bytes_of_the_format()
    {
        var bytes = new ArrayBufferWriter<byte>();
        ReadRequestCodec.Write(
            new ReadRequest(ReadKind.Samples, [new PartitionId(5)]) { MatcherSets = [[Matcher.Equal("a", "b")]], Min = new TimestampMs(1), Max = new TimestampMs(2) }, bytes);
        // Behind length, checksum and the frame's kind.
        Assert.Equal("0101" + "0204" + "00" + "0105" + "01010001610162" + "00", Convert.ToHexString(bytes.WrittenSpan[9..^9]));
    }

    [Fact]
    public async Task A_partition_that_the_cluster_does_not_have_is_refused() =>
        Assert.Null(await RoundTripAsync(Everything with { Partitions = [new PartitionId(8)] }));

    [Fact]
    public void Damaged_requests_are_refused_with_a_reason_and_never_throw()
    {
        var whole = new ArrayBufferWriter<byte>();
        ReadRequestCodec.Write(Everything, whole);
        var content = whole.WrittenSpan[9..^9].ToArray();
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var bytes = content[..random.Next(content.Length + 1)];
            for (var n = random.Next(4); n > 0 && bytes.Length > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var read = ReadRequestCodec.Decode(new LinkFrame(ReadRequestCodec.FrameKind, (byte[])[.. bytes, .. new byte[ByteReader.Padding]]), 8, out var error);
            Assert.Equal(read is null, error is not null);
        }
    }

    private static async Task<ReadRequest?> RoundTripAsync(ReadRequest request)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ReadRequestCodec.Write(request, bytes);
        var frames = new LinkFrameReader(PipeReader.Create(new ReadOnlySequence<byte>(bytes.WrittenMemory)), "test");
        var frame = await frames.ReadAsync();
        var read = ReadRequestCodec.Decode(frame!.Value, 8, out var error);
        Assert.Equal(read is null, error is not null);
        return read;
    }
}
