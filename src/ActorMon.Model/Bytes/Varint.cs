using System.Runtime.CompilerServices;

namespace ActorMon.Model.Bytes;

/// <summary>LEB128 variable-length integers: seven bits a byte, least significant group first, at most ten bytes.</summary>
public static class Varint
{
    public const int MaxBytes = 10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>Writes at <paramref name="at"/>, which moves on; <paramref name="to"/> must have room for ten bytes.</summary>
    public static void Write(Span<byte> to, ref int at, ulong value)
    {
        while (value >= 0x80)
        {
            to[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        to[at++] = (byte)value;
    }

    public static void WriteSigned(Span<byte> to, ref int at, long value) => Write(to, ref at, ZigZag(value));

    /// <summary>Reads at <paramref name="at"/>; false when the bytes end too early or the number is longer than 64 bits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, ref int at, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if ((uint)at >= (uint)from.Length)
                return false;
            var b = from[at++];
            if (shift == 63 && b > 1)
                return false;
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return true;
        }
        return false;
    }

    /// <summary>Reads bytes that this process wrote itself: no check of the length beyond the span's own.</summary>
    public static ulong Read(ReadOnlySpan<byte> from, ref int at)
    {
        ulong value = from[at++];
        if (value < 0x80)
            return value;
        value &= 0x7F;
        for (var shift = 7; ; shift += 7)
        {
            var b = from[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }

    public static long ReadSigned(ReadOnlySpan<byte> from, ref int at) => UnZigZag(Read(from, ref at));

    /// <summary>Bytes that <see cref="Write"/> takes: 1..10.</summary>
    public static int Size(ulong value) => (70 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7;
}
