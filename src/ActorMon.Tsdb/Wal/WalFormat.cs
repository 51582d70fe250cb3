using System.Buffers.Binary;
using System.Globalization;
using ActorMon.Model.Sharding;

namespace ActorMon.Tsdb.Wal;

/// <summary>Whose log it is: a segment with another identity is never replayed.</summary>
public sealed record WalIdentity(Guid ClusterId, int Partitions, PartitionId Partition);

internal enum WalRecordType : byte
{
    Batch = 1,
    /// <summary>Writers and the numbers seen of them; first in every segment.</summary>
    Positions = 2,
    /// <summary>The store was closed in order; last of its segment.</summary>
    CleanClose = 3,
    /// <summary>The five of a checkpoint: what holds for the whole head; a layout; a block of the layout before it; loose series; the end.</summary>
    CheckpointStart = 4,
    CheckpointLayout = 5,
    CheckpointBlock = 6,
    CheckpointLoose = 7,
    CheckpointEnd = 8,
}

/// <summary>
/// Names, header and record frame of the write-ahead log; drawn in docs/formats/wal.md.
/// <code>
/// segment   header (64 bytes), records
/// record    length of body (4)   CRC32C of length and body (4)   body, whose first byte is the type
/// </code>
/// </summary>
internal static class WalFormat
{
    public const int HeaderBytes = 64;
    public const int FrameBytes = 8;
    public const ushort Version = 3;
    public const ushort HashVersion = StableHash.Version;

    /// <summary>A longer record is damage: no writer makes one (see <see cref="PartitionLimits.MaxRecordBytes"/>).</summary>
    public const int MaxRecordBytes = 256 << 20;

    private const uint Magic = 0x4C57_4D41; // "AMWL"

    public static string SegmentName(long number) => number.ToString("D10", CultureInfo.InvariantCulture) + ".wal";

    /// <summary>A checkpoint is a segment by format and number; its name tells it apart.</summary>
    public static string CheckpointName(long number) => number.ToString("D10", CultureInfo.InvariantCulture) + CheckpointExtension;

    public static bool TryParseName(string name, out long number) => TryParseName(name, ".wal", out number);

    public static bool TryParseCheckpoint(string name, out long number) => TryParseName(name, CheckpointExtension, out number);

    /// <summary>A checkpoint that was not finished.</summary>
    public static bool IsUnfinished(string name) => name.EndsWith(CheckpointExtension + Unfinished, StringComparison.Ordinal);

    public const string Unfinished = ".tmp";
    private const string CheckpointExtension = ".checkpoint";

    private static bool TryParseName(string name, string extension, out long number)
    {
        number = 0;
        return name.EndsWith(extension, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, name.Length - extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public static void WriteHeader(Span<byte> to, WalIdentity identity, long segment)
    {
        to[..HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], HashVersion);
        identity.ClusterId.TryWriteBytes(to[8..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(to[24..], identity.Partitions);
        BinaryPrimitives.WriteInt32LittleEndian(to[28..], identity.Partition.Value);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], segment);
        // 40: tenant (4), 44: reserved for the writing incarnation (8), 52: reserved (8): zero.
        BinaryPrimitives.WriteUInt32LittleEndian(to[60..], Crc32C.Of(to[..60]));
    }

    /// <summary>Null when the header is this identity's, else why not.</summary>
    public static string? CheckHeader(ReadOnlySpan<byte> header, WalIdentity identity)
    {
        if (CheckFormat(header) is { } problem)
            return problem;
        var found = IdentityOf(header);
        if (found.ClusterId != identity.ClusterId)
            return $"it belongs to cluster {found.ClusterId}, not to {identity.ClusterId}";
        if (found != identity)
            return $"it belongs to partition {found.Partition} of {found.Partitions}, not to {identity.Partition} of {identity.Partitions}";
        return null;
    }

    /// <summary>Whose segment begins with these bytes; null: no header that this program can read.</summary>
    public static WalIdentity? ReadIdentity(ReadOnlySpan<byte> start) => CheckFormat(start) is null ? IdentityOf(start) : null;

    private static string? CheckFormat(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderBytes)
            return "the header is cut off";
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
            return "it does not start as a segment does";
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[60..]) != Crc32C.Of(header[..60]))
            return "the header's checksum is wrong";
        var version = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        if (version > Version)
            return $"format version {version} is newer than {Version}, the newest this program reads";
        if (version < Version)
            return $"format version {version} was never released; this program reads {Version}";
        var hash = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        return hash == HashVersion ? null : $"hash version {hash} is not {HashVersion}";
    }

    private static WalIdentity IdentityOf(ReadOnlySpan<byte> header) => new(
        new Guid(header.Slice(8, 16), bigEndian: true),
        BinaryPrimitives.ReadInt32LittleEndian(header[24..]),
        new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(header[28..])));

    /// <summary>Fills in the frame in front of a body.</summary>
    public static void Frame(Span<byte> record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - FrameBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], FrameCrc(record[..4], record[FrameBytes..]));
    }

    public static uint FrameCrc(ReadOnlySpan<byte> length, ReadOnlySpan<byte> body) => Crc32C.Of(length, body);
}
