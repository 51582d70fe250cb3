using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ActorMon.Tsdb.Codecs;

/// <summary>
/// One changed value against the one before it, as the WAL writes it.
/// <code>
/// bit 7 .. bit 0 of the first byte
/// v v v v v v v 0      a varint: the zigzag difference of the scaled integers, shifted left by one
/// 1 0 0 0 s s s 1      new scale s, then the scaled integer as signed varint
/// 0 t t t l l l 1      XOR with the one before: l leading and t trailing zero bytes cut, the 8-l-t bytes between follow, least significant first
/// </code>
/// Writer and reader keep one state byte a series: the scale in force in bits 0-2; bit 7 is the writer's own note that decimals were in vain.
/// </summary>
internal static class ValueToken
{
    /// <summary>A token's greatest size.</summary>
    public const int MaxBytes = 11;

    private const byte Binary = 0x80;
    private const byte ScaleMask = 0x07;

    /// <param name="attempt">True now and then: a series held as binary is tried as decimal again.</param>
    public static void Write(Span<byte> to, ref int at, double previous, double current, ref byte state, bool attempt)
    {
        var scale = state & ScaleMask;
        if ((state & Binary) == 0 || attempt)
        {
            if (ScaledDecimal.TryScale(current, scale, out var n) && ScaledDecimal.TryScale(previous, scale, out var before))
            {
                state = (byte)scale;
                Varint.Write(to, ref at, Varint.ZigZag(n - before) << 1);
                return;
            }
            var smallest = ScaledDecimal.SmallestScale(current, 0, out n);
            if (smallest >= 0)
            {
                state = (byte)smallest;
                to[at++] = (byte)(0x81 | smallest << 1);
                Varint.WriteSigned(to, ref at, n);
                return;
            }
            state |= Binary;
        }
        WriteXor(to, ref at, BitConverter.DoubleToUInt64Bits(previous) ^ BitConverter.DoubleToUInt64Bits(current));
    }

    private static void WriteXor(Span<byte> to, ref int at, ulong xor)
    {
        var leading = Math.Min(BitOperations.LeadingZeroCount(xor) / 8, 7);
        var trailing = xor == 0 ? 0 : BitOperations.TrailingZeroCount(xor) / 8;
        to[at++] = (byte)(1 | leading << 1 | trailing << 4);
        BinaryPrimitives.WriteUInt64LittleEndian(to[at..], xor >> (trailing * 8));
        at += 8 - leading - trailing;
    }

    /// <summary>Reads one token; false when the bytes are not one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> from, ref int at, double previous, ref byte state, out double value)
    {
        value = 0;
        if ((uint)at >= (uint)from.Length)
            return false;
        var first = from[at];
        if ((first & 1) != 0)
            return TryReadEscape(from, ref at, previous, ref state, out value);
        if (!Varint.TryRead(from, ref at, out var token))
            return false;
        var scale = state & ScaleMask;
        if (!ScaledDecimal.TryScale(previous, scale, out var before))
            return false;
        value = ScaledDecimal.Unscale(before + Varint.UnZigZag(token >> 1), scale);
        return true;
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> from, ref int at, double previous, ref byte state, out double value)
    {
        var first = from[at++];
        value = 0;
        if ((first & 0x80) != 0)
        {
            var scale = first >> 1 & ScaleMask;
            if (!Varint.TryRead(from, ref at, out var n))
                return false;
            state = (byte)scale;
            value = ScaledDecimal.Unscale(Varint.UnZigZag(n), scale);
            return true;
        }
        int leading = first >> 1 & 7, trailing = first >> 4 & 7;
        var count = 8 - leading - trailing;
        if (count < 0 || at + count > from.Length)
            return false;
        ulong xor = 0;
        for (var i = 0; i < count; i++)
            xor |= (ulong)from[at + i] << (8 * i);
        at += count;
        value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(previous) ^ xor << (trailing * 8));
        return true;
    }
}
