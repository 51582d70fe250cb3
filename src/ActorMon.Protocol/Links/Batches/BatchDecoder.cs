using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ActorMon.Model.Bytes;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Model.Text;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;

namespace ActorMon.Protocol.Links.Batches;

/// <summary>
/// Reads what <see cref="BatchEncoder"/> writes. Believes nothing: every count is held against the bytes that are left before anything is made for it, label sets must be
/// sorted, and a batch that is not whole is none. One content at a time.
/// </summary>
public sealed class BatchDecoder(int partitions)
{
    private readonly List<string> _strings = [];
    private string? _error;

    /// <summary>Null: <paramref name="error"/> says why the content is no batch.</summary>
    public AddressedBatch? Decode(ByteReader from, out string? error)
    {
        _strings.Clear();
        _error = null;
        var decoded = Whole(ref from);
        if (from.Failed)
            _error ??= "it is cut off or has a count that its length cannot hold";
        error = _error;
        return _error is null ? decoded : null;
    }

    private AddressedBatch Whole(ref ByteReader from)
    {
        var version = from.Byte();
        var parts = from.Byte();
        if (version < BatchFormat.OldestVersion)
            return Problem($"version {version}; this node reads {BatchFormat.OldestVersion} and later");
        if ((parts & ~BatchFormat.KnownParts) != 0)
            return Problem($"parts {parts:x2} of a newer version");
        var partition = from.Number(partitions - 1);
        var slot = from.Number(ReplicaHolder.MaxSlots - 1);
        var epoch = from.Number();
        var writer = from.Fixed64();
        var number = from.Number();
        if (!from.Failed && (epoch > long.MaxValue || number is 0 or > long.MaxValue))
            return Problem($"epoch {epoch}, number {number}");
        var columns = (parts & BatchFormat.HasColumns) == 0 ? null : Columns(ref from);
        var batch = new SampleBatch
        {
            Writer = new WriterId(writer),
            Number = (long)number,
            Partition = new PartitionId(partition),
            Columns = columns,
            Loose = (parts & BatchFormat.HasLoose) == 0 ? [] : Loose(ref from),
            Exemplars = (parts & BatchFormat.HasExemplars) == 0 ? [] : Exemplars(ref from),
            Metadata = (parts & BatchFormat.HasMetadata) == 0 ? [] : Metadata(ref from),
        };
        // A node that tells nothing of deletions is taken at its word, as before.
        var forgotten = version == BatchFormat.OldestVersion ? long.MaxValue : from.Number();
        if (!from.Failed && forgotten > long.MaxValue)
            return Problem($"deletions forgotten up to {forgotten}");
        if (from.Left > 0 && version <= BatchFormat.Version)
            return Problem($"{from.Left} bytes too many");
        return new AddressedBatch(slot, new BatchTerms((long)epoch, (long)forgotten), batch);
    }

    private LayoutColumns? Columns(ref ByteReader from)
    {
        var writer = new WriterId(from.Fixed64());
        var number = from.Number();
        var slots = from.Number(from.Left / sizeof(double));
        var firstNew = from.Number(slots);
        var hash = from.Fixed64();
        var time = from.Signed();
        var words = from.Number((slots + 63) / 64);
        if (from.Failed)
            return null;
        if (number > uint.MaxValue || slots == 0 || (words != 0 && words != (slots + 63) / 64))
        {
            Problem($"layout number {number}, {slots} slots, {words} words of missing ones");
            return null;
        }
        var missing = Fixed<ulong>(from.Bytes(words * sizeof(ulong)));
        if (words > 0 && (slots & 63) != 0 && missing.Length == words && missing[^1] >> (slots & 63) != 0)
            Problem("slots are missing that there are not");
        var values = Fixed<double>(from.Bytes(slots * sizeof(double)));
        var series = new LabelSet[from.Failed ? 0 : Math.Min(slots - firstNew, from.Left)];
        if (!from.Failed && series.Length < slots - firstNew)
            from.Fail();
        for (var i = 0; i < series.Length && !Stopped(from); i++)
            series[i] = Labels(ref from, mayBeEmpty: false);
        return new LayoutColumns
        {
            Layout = new LayoutId(writer, (uint)number),
            SlotCount = slots,
            FirstNewSlot = firstNew,
            ContentHash = hash,
            Timestamp = new TimestampMs(time),
            Missing = missing,
            Values = values,
            NewSeries = series,
        };
    }

    private LooseSample[] Loose(ref ByteReader from)
    {
        // A sample has at least a byte of flags, one of time and one of histogram.
        var samples = new LooseSample[from.Number(from.Left / 3)];
        LabelSet? series = null;
        var time = 0L;
        for (var i = 0; i < samples.Length && !Stopped(from); i++)
        {
            var flags = from.Byte();
            if ((flags & BatchFormat.OtherSeries) != 0)
                series = Labels(ref from, mayBeEmpty: false);
            time = unchecked(time + from.Signed());
            if (series is null || (flags & ~(BatchFormat.OtherSeries | BatchFormat.IsHistogram)) != 0)
                Problem($"sample {i} has flags {flags:x2}");
            else if ((flags & BatchFormat.IsHistogram) != 0)
                samples[i] = new LooseSample(series, new TimestampMs(time), 0, Histogram(ref from));
            else
                samples[i] = new LooseSample(series, new TimestampMs(time), from.Double());
        }
        return samples;
    }

    private NativeHistogram? Histogram(ref ByteReader from)
    {
        var bytes = from.Bytes(from.Count());
        var at = 0;
        var histogram = HistogramCodec.Decode(bytes, ref at);
        if (histogram is null || at != bytes.Length)
            Problem("a native histogram is damaged");
        return histogram;
    }

    private SeriesExemplar[] Exemplars(ref ByteReader from)
    {
        var exemplars = new SeriesExemplar[from.Number(from.Left / 10)];
        for (var i = 0; i < exemplars.Length && !Stopped(from); i++)
        {
            var series = Labels(ref from, mayBeEmpty: false);
            var labels = Labels(ref from, mayBeEmpty: true);
            var time = new TimestampMs(from.Signed());
            exemplars[i] = new SeriesExemplar(series, new Exemplar(labels, from.Double(), time));
        }
        return exemplars;
    }

    private FamilyMetadata[] Metadata(ref ByteReader from)
    {
        var families = new FamilyMetadata[from.Number(from.Left / 4)];
        for (var i = 0; i < families.Length && !Stopped(from); i++)
        {
            var family = Text(ref from);
            var type = from.Byte();
            // A type of a later version is no reason to lose the batch.
            var known = type <= (byte)MetricType.StateSet ? (MetricType)type : MetricType.Unknown;
            families[i] = new FamilyMetadata(family, new MetricMetadata(known, Text(ref from), Text(ref from)));
        }
        return families;
    }

    private LabelSet Labels(ref ByteReader from, bool mayBeEmpty)
    {
        var labels = new Label[from.Number(from.Left / 2)];
        for (var i = 0; i < labels.Length && !Stopped(from); i++)
        {
            labels[i] = new Label(Text(ref from), Text(ref from));
            if (i > 0 && !Stopped(from) && ByteText.Compare(labels[i - 1].Name, labels[i].Name) >= 0)
                Problem("the labels of a series are not sorted");
        }
        if (labels.Length == 0 && !mayBeEmpty)
            Problem("a series has no labels");
        return LabelSet.FromSortedUnchecked(labels);
    }

    private string Text(ref ByteReader from)
    {
        var number = from.Number(_strings.Count);
        if (from.Failed)
            return "";
        if (number < _strings.Count)
            return _strings[number];
        var text = from.Text();
        _strings.Add(text);
        return text;
    }

    private static T[] Fixed<T>(ReadOnlySpan<byte> bytes) where T : struct
    {
        var items = GC.AllocateUninitializedArray<T>(bytes.Length / sizeof(ulong));
        bytes.CopyTo(MemoryMarshal.AsBytes(items.AsSpan()));
        if (!BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<T, ulong>(items.AsSpan());
            BinaryPrimitives.ReverseEndianness(words, words);
        }
        return items;
    }

    private bool Stopped(in ByteReader from) => from.Failed || _error is not null;

    private AddressedBatch Problem(string problem)
    {
        _error ??= problem;
        return default;
    }
}
