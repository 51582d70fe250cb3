using ActorMon.Model.Bytes;
using ActorMon.Model.Ingest;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Actors.Series.Copies;

/// <summary>Times (Unix ms, both included) and size of one file of a copy; where transfers may be divided without dividing a file.</summary>
public readonly record struct CopySpan(long Min, long Max, long Bytes);

/// <summary>What a copy says of itself.</summary>
/// <param name="Min">Oldest sample, Unix ms; greater than <paramref name="Max"/>: it holds none.</param>
/// <param name="Positions">Batches of each writer up to these numbers are in it.</param>
/// <param name="Digests">Of the times asked for; empty when none were.</param>
public sealed record CopyFactSheet(long Min, long Max, IReadOnlyList<CopySpan> Spans, IReadOnlyDictionary<WriterId, long> Positions, IReadOnlyList<WindowDigest> Digests);

/// <param name="Since">Asked of a copy in sync by one that confirms: it has to have seen this epoch of the partition. Less than 0: not asked.</param>
/// <param name="Digests">Times whose digests are wanted; empty: none.</param>
public readonly record struct FactsRequest(PartitionId Partition, long Since, TimeWindow Digests);

/// <summary>Bodies of the operations <c>copy-facts</c> and <c>copy</c>; drawn in docs/formats/link.md. Version 1, extend-only.</summary>
public static class CopyWire
{
    public const string FactsOperation = "copy-facts";
    public const string CopyOperation = "copy";

    public const byte Request = 1;
    public const byte Facts = 2;
    public const byte Digests = 3;

    /// <summary>Lengths of the files that follow, and positions.</summary>
    public const byte Manifest = 4;

    /// <summary>The next bytes of the files, one file behind the other.</summary>
    public const byte Data = 5;

    /// <summary>Exemplars and metadata, a batch as the operation <c>batches</c> has it.</summary>
    public const byte Beside = 6;

    public const byte Version = 1;

    /// <summary>Exemplars or families in a frame.</summary>
    public const int BesideEntries = 1000;
    public const int DigestsPerFrame = 4096;
    public const int MaxWindows = 10_000;

    public static ReadOnlySpan<byte> Encode(in FactsRequest request, ByteWriter into)
    {
        into.Clear();
        into.Byte(Version);
        into.Number((ulong)request.Partition.Value);
        into.Signed(request.Since);
        into.Signed(request.Digests.Start);
        into.Signed(request.Digests.End);
        return into.Written;
    }

    public static FactsRequest? FactsRequestOf(ByteReader from)
    {
        from.Byte();
        var request = new FactsRequest(new PartitionId((int)from.Number()), from.Signed(), new TimeWindow(from.Signed(), from.Signed()));
        return from.Failed ? null : request;
    }

    /// <param name="beside">Exemplars and metadata are wanted, too.</param>
    public static ReadOnlySpan<byte> Encode(PartitionId partition, IReadOnlyList<TimeWindow> windows, bool beside, ByteWriter into)
    {
        into.Clear();
        into.Byte(Version);
        into.Number((ulong)partition.Value);
        into.Byte(beside ? (byte)1 : (byte)0);
        into.Number((ulong)windows.Count);
        foreach (var window in windows)
        {
            into.Signed(window.Start);
            into.Signed(window.End);
        }
        return into.Written;
    }

    public static (PartitionId Partition, TimeWindow[] Windows, bool Beside)? CopyRequestOf(ByteReader from)
    {
        from.Byte();
        var partition = new PartitionId((int)from.Number());
        var beside = from.Byte() == 1;
        var windows = new TimeWindow[from.Number(MaxWindows)];
        for (var i = 0; i < windows.Length; i++)
            windows[i] = new TimeWindow(from.Signed(), from.Signed());
        return from.Failed ? null : (partition, windows, beside);
    }

    public static ReadOnlySpan<byte> EncodeFacts(long min, long max, IReadOnlyList<CopySpan> spans, IReadOnlyDictionary<WriterId, long> positions, ByteWriter into)
    {
        into.Clear();
        into.Byte(Version);
        into.Signed(min);
        into.Signed(max);
        into.Number((ulong)spans.Count);
        foreach (var span in spans)
        {
            into.Signed(span.Min);
            into.Signed(span.Max);
            into.Signed(span.Bytes);
        }
        Encode(positions, into);
        return into.Written;
    }

    public static CopyFactSheet? FactsOf(ByteReader from)
    {
        from.Byte();
        var (min, max) = (from.Signed(), from.Signed());
        var spans = new CopySpan[from.Count()];
        for (var i = 0; i < spans.Length; i++)
            spans[i] = new CopySpan(from.Signed(), from.Signed(), from.Signed());
        var positions = PositionsOf(ref from);
        return from.Failed ? null : new CopyFactSheet(min, max, spans, positions, []);
    }

    public static ReadOnlySpan<byte> Encode(ReadOnlySpan<WindowDigest> digests, ByteWriter into)
    {
        into.Clear();
        into.Number((ulong)digests.Length);
        foreach (ref readonly var digest in digests)
        {
            into.Signed(digest.WindowStart);
            into.Number((ulong)digest.Bucket);
            into.Fixed64((ulong)(digest.Hash >> 64));
            into.Fixed64((ulong)digest.Hash);
            into.Number((ulong)digest.Samples);
        }
        return into.Written;
    }

    public static bool TryAddDigests(ByteReader from, List<WindowDigest> to)
    {
        for (var left = from.Number(DigestsPerFrame); left > 0 && !from.Failed; left--)
            to.Add(new WindowDigest(from.Signed(), (int)from.Number(), new UInt128(from.Fixed64(), from.Fixed64()), (long)from.Number()));
        return !from.Failed;
    }

    public static ReadOnlySpan<byte> EncodeManifest(CopySource source, ByteWriter into)
    {
        into.Clear();
        into.Byte(Version);
        var lengths = source.Lengths;
        into.Number((ulong)lengths.Count);
        foreach (var length in lengths)
            into.Number((ulong)length);
        Encode(source.Positions, into);
        return into.Written;
    }

    public static (long[] Lengths, IReadOnlyDictionary<WriterId, long> Positions)? ManifestOf(ByteReader from)
    {
        from.Byte();
        var lengths = new long[from.Count()];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = (long)from.Number();
        var positions = PositionsOf(ref from);
        return from.Failed || Array.Exists(lengths, l => l < 0) ? null : (lengths, positions);
    }

    private static void Encode(IReadOnlyDictionary<WriterId, long> positions, ByteWriter into)
    {
        into.Number((ulong)positions.Count);
        foreach (var (writer, number) in positions)
        {
            into.Fixed64(writer.Value);
            into.Number((ulong)number);
        }
    }

    private static Dictionary<WriterId, long> PositionsOf(ref ByteReader from)
    {
        var positions = new Dictionary<WriterId, long>();
        for (var left = from.Count(); left > 0 && !from.Failed; left--)
            positions[new WriterId(from.Fixed64())] = (long)from.Number();
        return positions;
    }
}
