using System.Buffers.Binary;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Foreign.Blocks;

/// <summary>
/// A block's file <c>tombstones</c>: magic 0x0130BA30, version 1, then triples of series reference (uvarint), first and last deleted time (varint), CRC-32C of the triples.
/// </summary>
internal static class TombstoneFile
{
    public const string FileName = "tombstones";

    private const uint Magic = 0x0130BA30;
    private const int HeaderBytes = 5;
    private const int CrcBytes = 4;

    /// <summary>By series reference; empty when there is no such file.</summary>
    /// <exception cref="ForeignDataException">It is damaged.</exception>
    public static Dictionary<ulong, DeletedTimes> Read(IStorageFiles files, string block)
    {
        var path = Path.Combine(block, FileName);
        if (!files.FileExists(path))
            return [];
        try
        {
            return Parse(SmallFile.Read(files, path));
        }
        catch (ForeignDataException e)
        {
            throw ForeignDataException.At(FileName, e);
        }
    }

    public static Dictionary<ulong, DeletedTimes> Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + CrcBytes)
            throw new ForeignDataException($"{bytes.Length} bytes are no such file");
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes) != Magic)
            throw new ForeignDataException("it does not start as such a file does");
        if (bytes[4] != 1)
            throw new ForeignDataException($"version {bytes[4]} is unknown");
        var body = bytes[HeaderBytes..^CrcBytes];
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[^CrcBytes..]) != Crc32C.Of(body))
            throw new ForeignDataException("the checksum is wrong");
        var bySeries = new Dictionary<ulong, DeletedTimes>();
        var cursor = new ByteCursor(body);
        while (!cursor.AtEnd)
        {
            var series = cursor.Uvarint();
            if (!bySeries.TryGetValue(series, out var deleted))
                bySeries[series] = deleted = new DeletedTimes();
            var min = cursor.Varint();
            deleted.Add(min, cursor.Varint());
        }
        return bySeries;
    }
}
