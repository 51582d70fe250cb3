using System.Buffers;
using ActorMon.Model.Bytes;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Model.Text;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>
/// What is small beside samples, one element after the other to the frame's end; each frame stands for itself. Drawn in docs/formats/link.md.
/// <code>
/// head       version | partitions refused: number each | partitions read that wait for a lost copy: number each
/// texts      bytes that begin as the text before | rest
/// metadata   family | type | help | unit                          exemplars  labels | count | (labels, value, time) each
/// newest     0, or 1 | time | value; as many as were asked for, in their order
/// </code>
/// </summary>
public static class FactFrames
{
    private const byte Version = 1;

    /// <param name="incomplete">Of those that are read here: nobody within reach has all of them.</param>
    public static void WriteHead(IBufferWriter<byte> to, IReadOnlyList<PartitionId> refused, IReadOnlyList<PartitionId> incomplete)
    {
        var content = new ByteWriter();
        content.Byte(Version);
        WritePartitions(content, refused);
        WritePartitions(content, incomplete);
        LinkFrames.Write(to, ReadFrameKinds.Head, content.Written);
    }

    public static bool ReadHead(LinkFrame frame, List<PartitionId> refused, List<PartitionId> incomplete)
    {
        var from = frame.Reader();
        if (frame.Kind != ReadFrameKinds.Head || from.Byte() < Version)
            return false;
        ReadPartitions(ref from, refused);
        // A node of the first version does not tell.
        if (from.Left > 0)
            ReadPartitions(ref from, incomplete);
        return !from.Failed;
    }

    private static void WritePartitions(ByteWriter content, IReadOnlyList<PartitionId> partitions)
    {
        content.Number((ulong)partitions.Count);
        foreach (var partition in partitions)
            content.Number((ulong)partition.Value);
    }

    private static void ReadPartitions(ref ByteReader from, List<PartitionId> into)
    {
        for (var left = from.Count(); left > 0 && !from.Failed; left--)
            into.Add(new PartitionId(from.Number(int.MaxValue)));
    }

    /// <param name="kind">Texts, or warnings.</param>
    public static void WriteTexts(IBufferWriter<byte> to, IReadOnlyList<string> texts, byte kind = ReadFrameKinds.Texts)
    {
        var before = Array.Empty<byte>();
        WriteAll(to, kind, texts, (content, text, isFirst) =>
        {
            var bytes = ByteText.Encode(text);
            var same = isFirst ? 0 : bytes.AsSpan().CommonPrefixLength(before);
            content.Number((ulong)same);
            content.Number((ulong)(bytes.Length - same));
            content.Bytes(bytes.AsSpan(same));
            before = bytes;
        });
    }

    public static bool ReadTexts(LinkFrame frame, List<string> into)
    {
        var from = frame.Reader();
        byte[] before = [];
        while (from.Left > 0 && !from.Failed)
        {
            var same = from.Number(before.Length);
            var rest = from.Bytes(from.Count());
            byte[] bytes = [.. before.AsSpan(0, same), .. rest];
            into.Add(ByteText.Decode(before = bytes));
        }
        return !from.Failed;
    }

    public static void WriteMetadata(IBufferWriter<byte> to, IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> families) =>
        WriteAll(to, ReadFrameKinds.Metadata, [.. families.SelectMany(f => f.Value, (f, entry) => (f.Key, Entry: entry))], (content, row, _) =>
        {
            content.Text(row.Key);
            content.Byte((byte)row.Entry.Type);
            content.Text(row.Entry.Help);
            content.Text(row.Entry.Unit);
        });

    public static bool ReadMetadata(LinkFrame frame, Action<string, MetricMetadata> take)
    {
        var from = frame.Reader();
        while (from.Left > 0 && !from.Failed)
        {
            var (family, type, help, unit) = (from.Text(), (MetricType)from.Byte(), from.Text(), from.Text());
            if (!from.Failed)
                take(family, new MetricMetadata(type <= MetricType.StateSet ? type : MetricType.Unknown, help, unit));
        }
        return !from.Failed;
    }

    public static void WriteExemplars(IBufferWriter<byte> to, IReadOnlyList<ExemplarSeries> series)
    {
        var labels = new LabelStreamWriter();
        WriteAll(to, ReadFrameKinds.Exemplars, series, (content, row, isFirst) =>
        {
            if (isFirst)
                labels.Reset();
            labels.Write(content, row.Series);
            content.Number((ulong)row.Exemplars.Count);
            foreach (var exemplar in row.Exemplars)
            {
                labels.Write(content, exemplar.Labels);
                content.Double(exemplar.Value);
                content.Signed(exemplar.Timestamp.Value);
            }
        });
    }

    public static bool ReadExemplars(LinkFrame frame, List<ExemplarSeries> into)
    {
        var from = frame.Reader();
        var labels = new LabelStreamReader();
        while (from.Left > 0 && !from.Failed)
        {
            var series = labels.Read(ref from);
            var exemplars = new List<Exemplar>();
            for (var left = from.Count(); left > 0 && !from.Failed; left--)
                exemplars.Add(new Exemplar(labels.Read(ref from), from.Double(), new TimestampMs(from.Signed())));
            into.Add(new ExemplarSeries(series, exemplars));
        }
        return !from.Failed;
    }

    public static void WriteNewest(IBufferWriter<byte> to, IReadOnlyList<(long Time, double Value)?> newest) =>
        WriteAll(to, ReadFrameKinds.Newest, newest, (content, row, _) =>
        {
            content.Byte((byte)(row is null ? 0 : 1));
            if (row is not { } known)
                return;
            content.Signed(known.Time);
            content.Double(known.Value);
        });

    public static bool ReadNewest(LinkFrame frame, List<(long Time, double Value)?> into)
    {
        var from = frame.Reader();
        while (from.Left > 0 && !from.Failed)
            into.Add(from.Byte() == 0 ? null : (from.Signed(), from.Double()));
        return !from.Failed;
    }

    /// <summary>Elements in as many frames as they need.</summary>
    private static void WriteAll<T>(IBufferWriter<byte> to, byte kind, IReadOnlyList<T> rows, Action<ByteWriter, T, bool> write)
    {
        var content = new ByteWriter();
        foreach (var row in rows)
        {
            write(content, row, content.Length == 0);
            if (content.Length < ReadFrameKinds.FullBytes)
                continue;
            LinkFrames.Write(to, kind, content.Written);
            content.Clear();
        }
        if (content.Length > 0)
            LinkFrames.Write(to, kind, content.Written);
    }
}
