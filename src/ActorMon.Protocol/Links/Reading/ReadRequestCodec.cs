using System.Buffers;
using ActorMon.Model.Bytes;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>
/// A read as one frame. Fields in a fixed order; what a later version adds stands behind them and is not looked at by an older reader. Drawn in docs/formats/link.md.
/// <code>
/// version | kind | min, max (signed) | name | partitions | matcher sets: operator, name, value each | series: labels each | a query's fragments
/// </code>
/// </summary>
public static class ReadRequestCodec
{
    /// <summary>Kind of the frame that holds a request.</summary>
    public const byte FrameKind = 1;
    private const byte Version = 1;

    public static void Write(ReadRequest request, IBufferWriter<byte> to)
    {
        var content = new ByteWriter();
        content.Byte(Version);
        content.Byte((byte)request.Kind);
        content.Signed(request.Min.Value);
        content.Signed(request.Max.Value);
        content.Text(request.Name);
        content.Number((ulong)request.Partitions.Count);
        foreach (var partition in request.Partitions)
            content.Number((ulong)partition.Value);
        content.Number((ulong)request.MatcherSets.Count);
        foreach (var set in request.MatcherSets)
        {
            content.Number((ulong)set.Count);
            foreach (var matcher in set)
            {
                content.Byte((byte)matcher.Operator);
                content.Text(matcher.Name);
                content.Text(matcher.Value);
            }
        }
        content.Number((ulong)request.Series.Count);
        var labels = new LabelStreamWriter();
        foreach (var series in request.Series)
            labels.Write(content, series);
        if (request.Fragments is { } fragments)
            FragmentRequestCodec.Write(fragments, content);
        LinkFrames.Write(to, FrameKind, content.Written);
        LinkFrames.WriteEnd(to);
    }

    /// <returns>The request, or null with what is wrong.</returns>
    public static ReadRequest? Decode(LinkFrame frame, int partitions, out string? error)
    {
        error = null;
        var reader = frame.Reader();
        if (frame.Kind != FrameKind || reader.Byte() < Version)
        {
            error = "not a read request";
            return null;
        }
        var kind = (ReadKind)reader.Byte();
        if (kind is < ReadKind.Samples or > ReadKind.Fragments)
        {
            error = $"reads of kind {(byte)kind} are not known here";
            return null;
        }
        var (min, max) = (reader.Signed(), reader.Signed());
        var name = reader.Text();
        var wanted = new List<PartitionId>();
        for (var left = reader.Count(); left > 0 && !reader.Failed; left--)
            wanted.Add(new PartitionId(reader.Number(partitions - 1)));
        try
        {
            var sets = Sets(ref reader);
            var series = new List<LabelSet>();
            var labels = new LabelStreamReader();
            for (var left = reader.Count(); left > 0 && !reader.Failed; left--)
                series.Add(labels.Read(ref reader));
            var fragments = kind == ReadKind.Fragments && !reader.Failed ? FragmentRequestCodec.Read(ref reader) : null;
            if (!reader.Failed)
                return new ReadRequest(kind, wanted) { Min = new TimestampMs(min), Max = new TimestampMs(max), Name = name, MatcherSets = sets, Series = series, Fragments = fragments };
            error = "the read request is damaged";
        }
        catch (FormatException e)
        {
            error = e.Message;
        }
        return null;
    }

    private static List<IReadOnlyList<Matcher>> Sets(ref ByteReader reader)
    {
        var sets = new List<IReadOnlyList<Matcher>>();
        for (var left = reader.Count(); left > 0 && !reader.Failed; left--)
        {
            var set = new List<Matcher>();
            for (var matchers = reader.Count(); matchers > 0 && !reader.Failed; matchers--)
            {
                var op = reader.Byte();
                if (op > (byte)MatchOperator.NotRegex)
                    reader.Fail();
                var (name, value) = (reader.Text(), reader.Text());
                if (!reader.Failed)
                    set.Add(new Matcher((MatchOperator)op, name, value));
            }
            sets.Add(set);
        }
        return sets;
    }
}
