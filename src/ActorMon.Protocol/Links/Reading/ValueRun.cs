using System.Runtime.InteropServices;
using ActorMon.Model.Bytes;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>
/// A run of doubles, bit-exact: one value for all, whole numbers by their differences, or eight bytes each. Deliberately simple: on a link the time to find a smaller
/// form is worth more than the bytes, so whole numbers (counters, most gauges) are the only ones looked for, and the first that is none ends the search.
/// </summary>
internal static class ValueRun
{
    private const byte Plain = 0;
    private const byte Same = 1;
    private const byte Whole = 2;
    private const double WholeLimit = 1L << 53;

    public static void Write(ByteWriter to, ReadOnlySpan<double> values)
    {
        var bits = MemoryMarshal.Cast<double, ulong>(values);
        if (bits.IndexOfAnyExcept(bits[0]) < 0)
        {
            to.Byte(Same);
            to.Fixed64(bits[0]);
            return;
        }
        var start = to.Length;
        to.Byte(Whole);
        if (TryWhole(to, values))
            return;
        to.Truncate(start);
        to.Byte(Plain);
        to.Doubles(values);
    }

    /// <summary>Fills <paramref name="values"/>; false when the bytes are damaged.</summary>
    public static bool Read(ref ByteReader from, Span<double> values)
    {
        switch (from.Byte())
        {
            case Same:
                values.Fill(from.Double());
                break;
            case Whole:
                long number = 0;
                for (var i = 0; i < values.Length; i++)
                    values[i] = number = unchecked(number + from.Signed());
                break;
            case Plain:
                var bytes = from.Bytes(values.Length * sizeof(double));
                if (from.Failed)
                    break;
                if (BitConverter.IsLittleEndian)
                    bytes.CopyTo(MemoryMarshal.AsBytes(values));
                else
                    for (var i = 0; i < values.Length; i++)
                        values[i] = System.Buffers.Binary.BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * sizeof(double))..]);
                break;
            default:
                from.Fail();
                break;
        }
        return !from.Failed;
    }

    private static bool TryWhole(ByteWriter to, ReadOnlySpan<double> values)
    {
        var room = to.Append(values.Length * Varint.MaxBytes);
        var at = 0;
        long before = 0;
        foreach (var value in values)
        {
            // Also false for NaN.
            if (!(Math.Abs(value) < WholeLimit))
                return false;
            var number = (long)value;
            if (BitConverter.DoubleToUInt64Bits(number) != BitConverter.DoubleToUInt64Bits(value))
                return false;
            Varint.WriteSigned(room, ref at, number - before);
            before = number;
        }
        to.Truncate(to.Length - room.Length + at);
        return true;
    }
}
