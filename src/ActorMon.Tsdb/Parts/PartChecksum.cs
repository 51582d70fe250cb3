using System.Numerics;
using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Parts;

/// <summary>CRC32C (Castagnoli), continued over several pieces.</summary>
internal static class PartChecksum
{
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default) => ~Add(Add(~0u, first), second);

    private static uint Add(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var b in data[(data.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
