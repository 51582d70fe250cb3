using System.Buffers.Binary;
using System.Numerics;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Testing;
using Snappier;

namespace ActorMon.Api.Tests.RemoteRead;

public sealed class RemoteReadTests
{
    private const int Samples = 0;
    private const int Chunks = 1;

    private static readonly NativeHistogram Histogram = new() { Schema = 0, Count = 3, Sum = 4, PositiveSpans = [new(1, 1)], PositiveBuckets = [3] };

    private readonly ApiWorld _world = new(s => s with { ExternalLabels = () => LabelSet.Of("region", "eu", "job", "other"), ReadSampleLimit = 400, ReadFrameBytes = 100 });

    public RemoteReadTests()
    {
        for (var i = 0; i < 300; i++)
            _world.Storage.Add(LabelSet.Of("__name__", "m", "job", "a"), i * 1000, i);
        _world.Storage.Add(LabelSet.Of("__name__", "m", "zone", "b"), 5000, SpecialValues.StaleNaN);
        _world.Storage.Source.Add(LabelSet.Of("__name__", "h"), 7000, Histogram);
    }

    [Fact]
    public async Task Samples_come_as_one_message_when_no_type_is_named()
    {
        var reply = await Read(Query(2000, 4000, Matcher(0, "__name__", "m")));
        Assert.Equal((200, "application/x-protobuf", "snappy"), (reply.Status, reply.ContentType, reply.Headers.ContentEncoding.ToString()));
        var expected = new WireMessage().Message(1, new WireMessage().Message(1, Labels("__name__", "m", "job", "a", "region", "eu")
            .Message(2, Sample(2000, 2)).Message(2, Sample(3000, 3)).Message(2, Sample(4000, 4))));
        Assert.Equal(Convert.ToHexString(expected.ToArray()), Convert.ToHexString(Snappy.DecompressToArray(reply.Body)));
    }

    [Fact]
    public async Task Each_query_has_its_result_and_stale_markers_are_samples()
    {
        var reply = await Read(Query(0, 10_000, Matcher(0, "zone", "b")).Message(1, Inner(0, 10_000, Matcher(2, "__name__", "n.*"))), Samples);
        var expected = new WireMessage()
            .Message(1, new WireMessage().Message(1, Labels("__name__", "m", "job", "other", "region", "eu", "zone", "b").Message(2, Sample(5000, SpecialValues.StaleNaN))))
            .Message(1, new WireMessage());
        Assert.Equal(Convert.ToHexString(expected.ToArray()), Convert.ToHexString(Snappy.DecompressToArray(reply.Body)));
    }

    [Theory]
    // Equality with an external label matches what has no such label; anything else is asked as it is.
    [InlineData(0, "region", "eu", 2)]
    [InlineData(0, "region", "us", 0)]
    [InlineData(2, "region", "eu", 0)]
    [InlineData(0, "job", "a", 1)]
    [InlineData(0, "job", "other", 1)]
    [InlineData(1, "zone", "b", 1)]
    [InlineData(3, "zone", "b|c", 1)]
    public async Task Matchers_on_external_labels_are_taken_out(int type, string name, string value, int series)
    {
        var reply = await Read(Query(5000, 5000, Matcher(0, "__name__", "m"), Matcher(type, name, value)), Chunks);
        Assert.Equal(series, Frames(reply.Body).Count);
    }

    [Fact]
    public async Task Chunks_come_in_frames_of_one_series_with_a_checksum()
    {
        var reply = await Read(Query(0, 299_000, Matcher(2, "__name__", "m|h")), Chunks, Samples);
        Assert.Equal((200, "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse", ""), (reply.Status, reply.ContentType, reply.Headers.ContentEncoding.ToString()));
        var frames = Frames(reply.Body);
        // The histogram, three chunks of the 300 samples, the stale marker.
        Assert.Equal(5, frames.Count);
        var labels = frames.Select(f => Convert.ToHexString(f)).Distinct().Count();
        Assert.Equal(frames.Count, labels);
        Assert.Contains(Convert.ToHexString(Labels("__name__", "h", "job", "other", "region", "eu").ToArray()), Convert.ToHexString(frames[0]), StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexString(Labels("__name__", "m", "job", "a", "region", "eu").ToArray()), Convert.ToHexString(frames[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_samples_are_refused_unless_they_are_streamed()
    {
        static WireMessage Twice() => Query(0, 299_000, Matcher(0, "__name__", "m")).Message(1, Inner(0, 299_000, Matcher(0, "__name__", "m")));
        var reply = await Read(Twice(), Samples);
        Assert.Equal((400, "exceeded sample limit (400)\n"), (reply.Status, reply.Text));
        Assert.Equal(200, (await Read(Twice(), Chunks)).Status);
    }

    [Fact]
    public async Task What_is_not_understood_is_refused()
    {
        Assert.Equal((400, "snappy: corrupt input\n"), Shown(await Send([1, 2, 3])));
        Assert.Equal(400, (await Send(Snappy.CompressToArray([0x0A, 0xFF]))).Status);
        Assert.Equal(
            (400, "server does not support any of the requested response types: [7]; supported: map[SAMPLES:{} STREAMED_XOR_CHUNKS:{}]\n"), Shown(await Read(Query(0, 1, Matcher(0, "a", "b")), 7)));
        Assert.Equal(500, (await Read(Query(0, 1, Matcher(2, "a", "(")), Samples)).Status);
        Assert.Equal(405, (await _world.Get("/api/v1/read")).Status);
    }

    [Fact]
    public async Task Random_bodies_are_answered()
    {
        var random = new Random(3);
        var good = Query(0, 10_000, Matcher(0, "__name__", "m")).Varint(2, 1).ToArray();
        for (var i = 0; i < 2000; i++)
        {
            var body = good.ToArray();
            for (var n = random.Next(1, 5); n > 0; n--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            Assert.Contains((await Send(Snappy.CompressToArray(body))).Status, new[] { 200, 400, 500 });
        }
    }

    private Task<ApiReply> Read(WireMessage query, params int[] types)
    {
        foreach (var type in types)
            query.Varint(2, (ulong)type);
        return Send(Snappy.CompressToArray(query.ToArray()));
    }

    private Task<ApiReply> Send(byte[] body) => _world.Send("POST", "/api/v1/read", body, "application/x-protobuf", ("Content-Encoding", "snappy"));

    private static WireMessage Query(long start, long end, params WireMessage[] matchers) => new WireMessage().Message(1, Inner(start, end, matchers));

    private static WireMessage Inner(long start, long end, params WireMessage[] matchers)
    {
        var query = new WireMessage().Varint(1, (ulong)start).Varint(2, (ulong)end);
        foreach (var matcher in matchers)
            query.Message(3, matcher);
        return query.Message(4, new WireMessage().Varint(1, 15_000).Text(2, "rate"));
    }

    private static WireMessage Matcher(int type, string name, string value) => new WireMessage().Varint(1, (ulong)type).Text(2, name).Text(3, value);

    private static WireMessage Labels(params string[] labels)
    {
        var message = new WireMessage();
        for (var i = 0; i < labels.Length; i += 2)
            message.Message(1, RemoteWriteBody.Label(labels[i], labels[i + 1]));
        return message;
    }

    private static WireMessage Sample(long time, double value) => new WireMessage().Double(1, value).Varint(2, (ulong)time);

    /// <summary>The messages of a stream; each must bear its own checksum.</summary>
    private static List<byte[]> Frames(byte[] stream)
    {
        var frames = new List<byte[]>();
        for (var at = 0; at < stream.Length;)
        {
            var length = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = stream[at++];
                length |= (next & 0x7F) << shift;
                if (next < 0x80)
                    break;
            }
            var crc = uint.MaxValue;
            foreach (var b in stream.AsSpan(at + 4, length))
                crc = BitOperations.Crc32C(crc, b);
            Assert.Equal(~crc, BinaryPrimitives.ReadUInt32BigEndian(stream.AsSpan(at)));
            frames.Add(stream[(at + 4)..(at + 4 + length)]);
            at += 4 + length;
        }
        return frames;
    }

    private static (int Status, string Text) Shown(ApiReply reply) => (reply.Status, reply.Text);
}
