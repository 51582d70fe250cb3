using System.Buffers.Binary;
using System.Globalization;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Parts;

/// <summary>What a page holds.</summary>
internal enum PageKind : byte
{
    Values = 1,
    Times = 2,
    Symbols = 3,
    Series = 4,
    Postings = 5,
    Directory = 6,
}

/// <summary>
/// Names, header, page frame and trailer of a part file; drawn in docs/formats/part.md.
/// <code>
/// header | pages of values and times, as they fill | pages of symbols, series, postings | directory (a page) | trailer (32 bytes)
/// </code>
/// </summary>
internal static class PartFormat
{
    public const ushort Version = 1;
    public const string Extension = ".part";

    /// <summary>Ending of a file that is still being written; whoever finds one after a crash deletes it.</summary>
    public const string TemporaryExtension = ".tmp";

    public const int FrameBytes = 20;
    public const int TrailerBytes = 32;

    /// <summary>A page is written once it holds this much; one large column may exceed it.</summary>
    public const int PageBytes = 60 << 10;

    /// <summary>A longer page is damage.</summary>
    public const int MaxPageBytes = 64 << 20;
    public const int MaxHeaderBytes = 1 << 20;

    public const int SeriesPerPage = 64;
    public const int SymbolsPerPage = 128;
    public const int PostingsPageBytes = 16 << 10;
    public const int MaxGroups = 256;

    private const uint Magic = 0x5450_4D41; // "AMPT"
    private const uint EndMagic = 0x4550_4D41; // "AMPE"
    private const int FixedHeaderBytes = 100;

    /// <summary>A shorter file has no header.</summary>
    public const int MinHeaderBytes = FixedHeaderBytes;

    public static string Name(long sequence) => sequence.ToString("D10", CultureInfo.InvariantCulture) + Extension;

    public static bool TryParseName(string name, out long sequence)
    {
        sequence = 0;
        return name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, name.Length - Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    public static byte[] Header(PartHeader header)
    {
        var bytes = new byte[FixedHeaderBytes + header.Replaces.Count * 8];
        var span = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(span, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(span[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(span[6..], WalFormat.HashVersion);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], bytes.Length);
        header.ClusterId.TryWriteBytes(span[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(span[32..], header.Partitions);
        BinaryPrimitives.WriteInt32LittleEndian(span[36..], header.Partition.Value);
        // 40: tenant (4), zero.
        BinaryPrimitives.WriteInt32LittleEndian(span[44..], header.Level);
        BinaryPrimitives.WriteInt64LittleEndian(span[48..], header.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(span[56..], header.WindowStart);
        BinaryPrimitives.WriteInt64LittleEndian(span[64..], header.WindowEnd);
        BinaryPrimitives.WriteInt64LittleEndian(span[72..], header.CutTo);
        BinaryPrimitives.WriteInt64LittleEndian(span[80..], header.CutSegment);
        BinaryPrimitives.WriteInt64LittleEndian(span[88..], header.DeletionVersion);
        BinaryPrimitives.WriteInt32LittleEndian(span[96..], header.Replaces.Count);
        for (var i = 0; i < header.Replaces.Count; i++)
            BinaryPrimitives.WriteInt64LittleEndian(span[(FixedHeaderBytes + i * 8)..], header.Replaces[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[12..], Crc32C.Of(span[..12], span[16..]));
        return bytes;
    }

    /// <summary>Length of the header whose first bytes these are, or what is wrong with them.</summary>
    public static string? HeaderLength(ReadOnlySpan<byte> start, out int length)
    {
        length = 0;
        if (start.Length < FixedHeaderBytes)
            return "the header is cut off";
        if (BinaryPrimitives.ReadUInt32LittleEndian(start) != Magic)
            return "it does not start as a part does";
        length = BinaryPrimitives.ReadInt32LittleEndian(start[8..]);
        return length is >= FixedHeaderBytes and <= MaxHeaderBytes ? null : "the header's length is impossible";
    }

    /// <summary>Null and the header, or what is wrong.</summary>
    public static string? ReadHeader(ReadOnlySpan<byte> bytes, out PartHeader? header)
    {
        header = null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != Crc32C.Of(bytes[..12], bytes[16..]))
            return "the header's checksum is wrong";
        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (version != Version)
            return $"format version {version} is not {Version}, the only one this program reads";
        var hash = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        if (hash != WalFormat.HashVersion)
            return $"hash version {hash} is not {WalFormat.HashVersion}";
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[96..]);
        if (count < 0 || FixedHeaderBytes + count * 8L != bytes.Length)
            return "the header's list of replaced parts does not fit its length";
        var replaces = new long[count];
        for (var i = 0; i < count; i++)
            replaces[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(FixedHeaderBytes + i * 8)..]);
        header = new PartHeader
        {
            ClusterId = new Guid(bytes.Slice(16, 16), bigEndian: true),
            Partitions = BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]),
            Partition = new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(bytes[36..])),
            Level = BinaryPrimitives.ReadInt32LittleEndian(bytes[44..]),
            Sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            WindowStart = BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]),
            WindowEnd = BinaryPrimitives.ReadInt64LittleEndian(bytes[64..]),
            CutTo = BinaryPrimitives.ReadInt64LittleEndian(bytes[72..]),
            CutSegment = BinaryPrimitives.ReadInt64LittleEndian(bytes[80..]),
            DeletionVersion = BinaryPrimitives.ReadInt64LittleEndian(bytes[88..]),
            Replaces = replaces,
        };
        return header.WindowStart < header.WindowEnd ? null : "the header's window is empty";
    }

    /// <summary>
    /// Makes a whole header that of the same content in another copy's directory: its number there, nothing about a log, a deletion log or replaced files. Its length stays,
    /// so pages stay where they are; a number that replaces itself replaces nothing. Null, or what is wrong with it.
    /// </summary>
    public static string? Readdress(Span<byte> header, long sequence)
    {
        if (ReadHeader(header, out var read) is { } problem)
            return problem;
        BinaryPrimitives.WriteInt64LittleEndian(header[48..], sequence);
        header[72..96].Clear();
        for (var i = 0; i < read!.Replaces.Count; i++)
            BinaryPrimitives.WriteInt64LittleEndian(header[(FixedHeaderBytes + i * 8)..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], Crc32C.Of(header[..12], header[16..]));
        return null;
    }

    /// <summary>Makes a trailer that of another header. Null, or what is wrong with it.</summary>
    public static string? Readdress(Span<byte> trailer, uint headerChecksum)
    {
        if (ReadTrailer(trailer, BinaryPrimitives.ReadUInt32LittleEndian(trailer[12..]), out var offset, out var length) is { } problem)
            return problem;
        Trailer(trailer, offset, length, headerChecksum);
        return null;
    }

    /// <summary>Fills in the frame in front of a page's stored bytes.</summary>
    public static void Frame(Span<byte> frame, PageKind kind, bool compressed, int number, int rawLength, ReadOnlySpan<byte> stored)
    {
        frame[0] = (byte)kind;
        frame[1] = compressed ? (byte)1 : (byte)0;
        frame[2] = frame[3] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], number);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], rawLength);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], stored.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], Crc32C.Of(frame[..16], stored));
    }

    /// <summary>The page's bytes with <see cref="ByteReader.Padding"/> zeros behind them, or null and what is wrong with the stored page. No number: the directory itself.</summary>
    public static byte[]? Unframe(ReadOnlySpan<byte> page, PageKind kind, int? number, out string? damage)
    {
        damage = DamageOf(page, kind, number);
        if (damage is not null)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(page[8..]);
        if (length is < 0 or > MaxPageBytes || page[1] > 1 || (page[1] == 0 && length != page.Length - FrameBytes))
        {
            damage = "has an impossible frame";
            return null;
        }
        var raw = new byte[length + ByteReader.Padding];
        if (page[1] == 0)
            page[FrameBytes..].CopyTo(raw);
        else if (!PageCompression.TryDecompress(page[FrameBytes..], raw.AsSpan(0, length)))
            damage = "does not decompress to the length it says";
        return damage is null ? raw : null;
    }

    /// <summary>What is wrong with a stored page by its frame and checksum; null: nothing.</summary>
    public static string? DamageOf(ReadOnlySpan<byte> page, PageKind kind, int? number)
    {
        if (page.Length < FrameBytes)
            return "is cut off";
        if (BinaryPrimitives.ReadInt32LittleEndian(page[12..]) != page.Length - FrameBytes)
            return "has another length than the directory says";
        if (BinaryPrimitives.ReadUInt32LittleEndian(page[16..]) != Crc32C.Of(page[..16], page[FrameBytes..]))
            return "has a wrong checksum";
        return page[0] != (byte)kind || (number is { } n && BinaryPrimitives.ReadInt32LittleEndian(page[4..]) != n) ? "is another page" : null;
    }

    public static void Trailer(Span<byte> trailer, long directoryOffset, int directoryLength, uint headerChecksum)
    {
        trailer.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(trailer, directoryOffset);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[8..], directoryLength);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[12..], headerChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[24..], EndMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[28..], Crc32C.Of(trailer[..28]));
    }

    public static string? ReadTrailer(ReadOnlySpan<byte> trailer, uint headerChecksum, out long directoryOffset, out int directoryLength)
    {
        directoryOffset = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        directoryLength = BinaryPrimitives.ReadInt32LittleEndian(trailer[8..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer[24..]) != EndMagic)
            return "it does not end as a part does: it is cut off, or its writing was interrupted";
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer[28..]) != Crc32C.Of(trailer[..28]))
            return "the trailer's checksum is wrong";
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer[12..]) == headerChecksum ? null : "the trailer belongs to another header";
    }

    /// <summary>The checksum a header carries.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
}
