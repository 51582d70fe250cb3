using System.Buffers;
using System.IO.Pipelines;
using ActorMon.Model.Bytes;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Protocol.Tests.Links.Reading;

public sealed class FactFrameTests
{
    private static readonly string[] Texts = ["", "a", "ab", "abc\uDC80", "b", "ü", "\U0001F600"];
    private static readonly (long Time, double Value)?[] Newest = [null, (5, -0.0), (long.MinValue, double.NaN), null];

    [Fact]
    public async Task The_head_names_what_is_refused()
    {
        List<PartitionId> refused = [], incomplete = [];
        await EachAsync(
            to => FactFrames.WriteHead(to, [new PartitionId(3), new PartitionId(16_000)], [new PartitionId(7)]), frame => Assert.True(FactFrames.ReadHead(frame, refused, incomplete)));
        Assert.Equal([new PartitionId(3), new PartitionId(16_000)], refused);
        Assert.Equal([new PartitionId(7)], incomplete);
    }

    [Fact]
    public async Task Texts_come_back_over_as_many_frames_as_they_take()
    {
        string[] many = [.. Texts, .. Enumerable.Range(0, 20_000).Select(i => $"a rather long value that begins like all the others {i} {new string('x', i % 50)}")];
        var read = new List<string>();
        var frames = await EachAsync(to => FactFrames.WriteTexts(to, many), frame => Assert.True(FactFrames.ReadTexts(frame, read)));
        Assert.Equal(many, read);
        Assert.True(frames > 1);
    }

    [Fact]
    public async Task Metadata_comes_back()
    {
        var families = new Dictionary<string, IReadOnlyList<MetricMetadata>>
        {
            ["up"] = [new MetricMetadata(MetricType.Gauge, "help \uDCFF", "")],
            ["x_total"] = [new MetricMetadata(MetricType.Counter, "", "bytes"), new MetricMetadata(MetricType.Unknown, "other", "")],
        };
        var read = new List<(string, MetricMetadata)>();
        await EachAsync(to => FactFrames.WriteMetadata(to, families), frame => Assert.True(FactFrames.ReadMetadata(frame, (family, entry) => read.Add((family, entry)))));
        Assert.Equal([("up", families["up"][0]), ("x_total", families["x_total"][0]), ("x_total", families["x_total"][1])], read);
    }

    [Fact]
    public async Task Exemplars_come_back()
    {
        ExemplarSeries[] rows =
        [
            new(LabelSet.Of("__name__", "x", "job", "a"), [new Exemplar(LabelSet.Of("trace_id", "1"), 0.5, new TimestampMs(7)), new Exemplar(LabelSet.Empty, -1, new TimestampMs(8))]),
            new(LabelSet.Of("__name__", "x", "job", "b"), []),
        ];
        var read = new List<ExemplarSeries>();
        await EachAsync(to => FactFrames.WriteExemplars(to, rows), frame => Assert.True(FactFrames.ReadExemplars(frame, read)));
        Assert.Equal(rows.Select(r => r.Series), read.Select(r => r.Series));
        Assert.Equal(rows.Select(r => r.Exemplars), read.Select(r => r.Exemplars));
    }

    [Fact]
    public async Task Newest_samples_come_back_in_the_order_asked_for()
    {
        var read = new List<(long Time, double Value)?>();
        await EachAsync(to => FactFrames.WriteNewest(to, Newest), frame => Assert.True(FactFrames.ReadNewest(frame, read)));
        Assert.Equal(Newest, read);
    }

    [Fact]
    public void Damaged_frames_never_throw()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var content = new byte[random.Next(60) + ByteReader.Padding];
            random.NextBytes(content);
            var frame = new LinkFrame((byte)random.Next(1, 7), content);
            FactFrames.ReadHead(frame, [], []);
            FactFrames.ReadTexts(frame, []);
            FactFrames.ReadMetadata(frame, (_, _) => { });
            FactFrames.ReadExemplars(frame, []);
            FactFrames.ReadNewest(frame, []);
        }
    }

    /// <returns>How many frames there were.</returns>
    private static async Task<int> EachAsync(Action<IBufferWriter<byte>> write, Action<LinkFrame> read)
    {
        var bytes = new ArrayBufferWriter<byte>();
        write(bytes);
        LinkFrames.WriteEnd(bytes);
        var frames = new LinkFrameReader(PipeReader.Create(new ReadOnlySequence<byte>(bytes.WrittenMemory)), "test");
        var count = 0;
        for (; await frames.ReadAsync() is { } frame; count++)
            read(frame);
        return count;
    }
}
