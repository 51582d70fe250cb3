using System.Numerics;
using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Foreign;

/// <summary>CRC-32C, the checksum of every file of Prometheus' database.</summary>
internal static class Castagnoli
{
    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var b in data[(data.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
