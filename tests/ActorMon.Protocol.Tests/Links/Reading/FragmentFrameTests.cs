using System.Globalization;
using ActorMon.Model.Bytes;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using ActorMon.PromQL.Fragments;
using ActorMon.PromQL.Results;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Protocol.Tests.Links.Reading;

public sealed class FragmentFrameTests
{
    private static readonly FragmentRequest Asked = new()
    {
        Text = "sum(rate(a[5m]))",
        Start = -5,
        End = 1_700_000_000_000,
        StepMs = 60_000,
        LookbackMs = 300_000,
        SubqueryStepMs = 15_000,
        Features = new QueryFeatures { TypeAndUnitLabels = true },
        MaxSamples = 50_000_000,
        PerStep = true,
        Fragments = [new PlanFragment(1, "call rate", 0, 9 * 1000, 1000), new PlanFragment(0, "aggregate Sum", 5, 5, 1)],
    };

    [Fact]
    public void A_request_comes_back_whole()
    {
        var read = RoundTrip(Asked)!.Fragments!;
        Assert.Equal(Asked.Fragments, read.Fragments);
        Assert.Equal(Asked with { Fragments = read.Fragments }, read);
    }

    [Theory]
    [InlineData(0, 9_000, 1_000, 10)]
    [InlineData(5, 5, 1, 1)]
    [InlineData(5, 4, 1, 0)]
    [InlineData(0, 5, 0, 0)]
    [InlineData(long.MinValue, long.MaxValue, 1, 0)]
    [InlineData(0, 19_999, 1, 20_000)]
    [InlineData(0, 20_000, 1, 0)]
    public void A_fragment_has_the_steps_that_it_names_or_none(long start, long end, long step, int steps) =>
        Assert.Equal(steps, new PlanFragment(0, "", start, end, step).Steps);

    [Fact]
    public void A_request_that_knows_more_of_the_language_is_refused()
    {
        var content = new ByteWriter();
        FragmentRequestCodec.Write(Asked, content);
        Assert.Equal(0b1010, content.Written[content.Length - Tail()]);
        content.Overwrite(content.Length - Tail(), 0b1_0000);
        var reader = new ByteReader(content.Padded);
        FragmentRequestCodec.Read(ref reader);
        Assert.True(reader.Failed);
    }

    [Fact]
    public void Parts_have_the_bytes_of_the_format()
    {
        var part = new FragmentPart { TotalSamples = 3, SamplesRead = 2 };
        part.Series.Add(LabelSet.Of("a", "b"));
        part.Windows.Add(new FragmentWindows(7, 5, 4));
        part.Orders.Add(new FragmentOrders(-1, 2));
        part.Columns.Add(new FragmentColumn([0b10_0000_0001], [1, 2]));
        part.Columns.Add(new FragmentColumn([0b10_0000_0001], [0.5, 0.5]));
        part.Columns.Add(new FragmentColumn([0b11_1111_1111], [.. Enumerable.Repeat(3.0, 10)]));
        part.Columns.Add(new FragmentColumn([0], []));
        part.Tallies.Add(new FragmentTally(4, [1, 0, 0, 0, 0, 0, 0, 0, 0, -1]));
        part.Notes.Add(new FragmentNote("x", 4, 9, IsWarning: true));
        var frame = Assert.Single(Frames([part, FragmentPart.Refused("no")]));
        Assert.Equal(
            "02" + "07060400" + "03" + "0000" + "0100016100" + "0162" + "04070504" + "060104" + "05030102" + "020202" + "050201" + "000000000000E03F" + "050001" + "0000000000000840"
            + "0501" + "0808" + "02000000000000000001" + "0901" + "0409" + "0178" + "01026E6F",
            Convert.ToHexString(frame.Span));
    }

    [Fact]
    public void Parts_come_back_over_as_many_frames_as_they_take()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var parts = Parts(new Random(seed), seed == 0 ? 40_000 : 60);
            var reader = new FragmentFrameReader(Asked);
            var frames = Frames(parts);
            Assert.True(seed > 0 || frames.Count > 1);
            foreach (var frame in frames)
                Assert.True(reader.Read(Frame(frame.Span)));
            Assert.Equal(parts.Select(Text), reader.Parts.Select(Text));
        }
    }

    [Fact]
    public void Damaged_frames_are_refused_and_never_throw()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var content = Frames(Parts(random, 6))[0].ToArray();
            content = content[..random.Next(content.Length + 1)];
            for (var n = random.Next(4); n > 0 && content.Length > 0; n--)
                content[random.Next(content.Length)] = (byte)random.Next(256);
            long taken = 0;
            var reader = new FragmentFrameReader(Asked, bytes => taken += bytes);
            reader.Read(Frame(content));
            Assert.Equal(taken, reader.Bytes);
            Assert.True(taken < 1 << 20, $"{taken} bytes of memory for {content.Length}");
            foreach (var column in reader.Parts.SelectMany(part => part.Columns))
                Assert.Equal(column.Values.Length, column.Present.Sum(word => System.Numerics.BitOperations.PopCount(word)));
        }
    }

    private static List<FragmentPart> Parts(Random random, int series)
    {
        var parts = new List<FragmentPart>();
        foreach (var steps in Asked.Fragments.Select(fragment => fragment.Steps))
        {
            if (random.Next(4) == 0 && series < 1000)
            {
                parts.Add(FragmentPart.Refused("because \uDC80"));
                continue;
            }
            var part = new FragmentPart { TotalSamples = random.Next(), SamplesRead = random.Next(), TotalPerStep = Numbers(random, steps), ReadPerStep = Numbers(random, steps) };
            var labels = new SortedSet<LabelSet>();
            for (var i = 0; i < series; i++)
                labels.Add(LabelSet.Of("instance", $"host{random.Next(1 << 20)}", "job", $"j{random.Next(3)}"));
            part.Series.AddRange(labels);
            foreach (var _ in labels)
            {
                part.Windows.Add(new FragmentWindows(random.Next(10), random.Next(100), random.Next(100)));
                part.Orders.Add(new FragmentOrders(random.Next(-900, 900), random.Next(-900, 900)));
                part.Columns.Add(Column(random, steps, part.Columns));
            }
            part.Tallies.Add(new FragmentTally(random.Next(), [.. Enumerable.Range(0, steps).Select(_ => random.Next(-3, 4))]));
            part.Notes.Add(new FragmentNote("PromQL info: ü", 3, 5, random.Next(2) == 0));
            parts.Add(part);
        }
        return parts;
    }

    private static FragmentColumn Column(Random random, int steps, List<FragmentColumn> before)
    {
        ulong present = random.Next(4) switch
        {
            0 => 0,
            1 => (1UL << steps) - 1,
            2 when before.Count > 0 => before[^1].Present[0],
            _ => (ulong)random.Next() & ((1UL << steps) - 1),
        };
        var values = new double[System.Numerics.BitOperations.PopCount(present)];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.Next(3) switch { 0 => double.NaN, 1 => random.Next(), _ => -random.NextDouble() };
        return new FragmentColumn([present], values);
    }

    private static long[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt64())];

    private static string Text(FragmentPart part) => string.Create(
        CultureInfo.InvariantCulture,
        $"{part.Declined} {part.TotalSamples} {part.SamplesRead} {string.Join(",", part.TotalPerStep)} {string.Join(",", part.ReadPerStep)} {string.Join(";", part.Series)} "
        + $"{string.Join(";", part.Windows)} {string.Join(";", part.Orders)} {string.Join(";", part.Notes)} {string.Join(";", part.Tallies.Select(t => $"{t.Size}:{string.Join(",", t.Changes)}"))} "
        + $"{string.Join(";", part.Columns.Select(c => $"{c.Present[0]:x}:{string.Join(",", c.Values.Select(BitConverter.DoubleToInt64Bits))}"))}");

    private static List<ReadOnlyMemory<byte>> Frames(IReadOnlyList<FragmentPart> parts) => [.. new FragmentFrameWriter().Frames(Asked, parts)];

    private static LinkFrame Frame(ReadOnlySpan<byte> content) => new(ReadFrameKinds.Fragments, (byte[])[.. content, .. new byte[ByteReader.Padding]]);

    /// <summary>Bytes from the flags to the end.</summary>
    private static int Tail()
    {
        var content = new ByteWriter();
        FragmentRequestCodec.Write(Asked, content);
        var text = content.Written.IndexOf("call rate"u8) - 1;
        // Before the key: the node, the count, the most samples, the flags.
        var most = new ByteWriter();
        most.Signed(Asked.MaxSamples);
        return content.Length - text + 1 + 1 + most.Length + 1;
    }

    private static ReadRequest? RoundTrip(FragmentRequest fragments)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        ReadRequestCodec.Write(new ReadRequest(ReadKind.Fragments, [new PartitionId(1)]) { Fragments = fragments }, bytes);
        return ReadRequestCodec.Decode(Frame(bytes.WrittenSpan[9..^9]) with { Kind = ReadRequestCodec.FrameKind }, 8, out _);
    }
}
