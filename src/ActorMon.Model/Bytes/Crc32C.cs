using System.Numerics;
using System.Runtime.InteropServices;

namespace ActorMon.Model.Bytes;

/// <summary>CRC-32 with the Castagnoli polynomial: the checksum of our files and frames, and of most of the peers'.</summary>
public static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The checksum of two pieces that follow each other.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Append(Append(0, first), second);

    /// <summary>The checksum of what <paramref name="crc"/> is the checksum of (0: of nothing) and <paramref name="data"/> behind it.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var b in data[(data.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
