using System.Numerics;
using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Codecs;

/// <summary>
/// Doubles as the XOR of neighbours with leading and trailing zero bits cut; for what is no decimal number.
/// <code>
/// varint bytes | 64 bits, then each: 0 same as before | 01 window of the one before, bits | 11 leading zeros (5), length - 1 (6), bits
/// </code>
/// </summary>
internal static class XorBits
{
    public static void Write(ReadOnlySpan<double> values, ByteWriter scratch, ByteWriter to)
    {
        scratch.Clear();
        scratch.Truncate(Encode(MemoryMarshal.Cast<double, ulong>(values), scratch.Append(values.Length * 10 + 24)));
        to.Number((ulong)scratch.Length);
        to.Bytes(scratch.Written);
    }

    public static bool TryRead(ref ByteReader from, scoped Span<double> into)
    {
        var padded = from.PaddedBytes(from.Count());
        return !padded.IsEmpty && TryDecode(new BoundedBitReader(padded), MemoryMarshal.Cast<double, ulong>(into));
    }

    /// <summary>Writes the bit stream alone; returns its bytes, at most ten a value and eight.</summary>
    public static int Encode(ReadOnlySpan<ulong> bits, Span<byte> to)
    {
        var writer = new BitWriter(to);
        writer.Write(bits[0], 64);
        int leading = 65, trailing = 0;
        for (var i = 1; i < bits.Length; i++)
        {
            var xor = bits[i] ^ bits[i - 1];
            if (xor == 0)
            {
                writer.Write(0, 1);
                continue;
            }
            var lead = Math.Min(BitOperations.LeadingZeroCount(xor), 31);
            var trail = BitOperations.TrailingZeroCount(xor);
            // The window of the last value is kept when the value fits in it and a new window would not pay for its eleven bits.
            if (leading <= 64 && lead >= leading && trail >= trailing && 64 - leading - trailing <= 64 - lead - trail + 11)
            {
                writer.Write(1, 2);
            }
            else
            {
                (leading, trailing) = (lead, trail);
                writer.Write(3, 2);
                writer.Write((ulong)lead, 5);
                writer.Write((ulong)(64 - lead - trail - 1), 6);
            }
            writer.Write(xor >> trailing, 64 - leading - trailing);
        }
        writer.Flush();
        return writer.Length;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; false: it was damaged, as far as the reader sees that.</summary>
    public static bool TryDecode<TReader>(TReader reader, scoped Span<ulong> bits)
        where TReader : struct, IBitReader, allows ref struct
    {
        var last = reader.Read(64);
        bits[0] = last;
        int leading = 0, trailing = 0;
        for (var i = 1; i < bits.Length; i++)
        {
            if (reader.Read(1) != 0)
            {
                if (reader.Read(1) != 0)
                {
                    leading = (int)reader.Read(5);
                    trailing = 63 - (int)reader.Read(6) - leading;
                    if (trailing < 0)
                        return false;
                }
                last ^= reader.Read(64 - leading - trailing) << trailing;
            }
            bits[i] = last;
        }
        return !reader.Failed;
    }
}
