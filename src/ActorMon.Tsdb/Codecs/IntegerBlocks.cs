using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Codecs;

/// <summary>
/// Integers in blocks of 128: each block has a base and a width of its own, and the few values too far above the base (a counter's reset, a spike) are patched.
/// <code>
/// block   svarint base (against the base of the block before) | width u8, bit 7: patches follow | ceil(rows * width / 8) bytes, least significant bit first
///         [patches: count u8, then (row u8, varint of the bits above the width) each]
/// </code>
/// Sums wrap around, so any 64-bit integers come back, however far apart.
/// </summary>
internal static class IntegerBlocks
{
    public const int Rows = 128;

    private const byte PatchFlag = 0x80;

    /// <summary>The bytes <see cref="Write"/> will need, without the bytes of the bases.</summary>
    public static int Cost(ReadOnlySpan<long> values)
    {
        var total = 0;
        for (; !values.IsEmpty; values = values[Math.Min(Rows, values.Length)..])
        {
            Plan(values[..Math.Min(Rows, values.Length)], out _, out _, out var cost);
            total += cost;
        }
        return total;
    }

    public static void Write(ReadOnlySpan<long> values, ByteWriter to)
    {
        long before = 0;
        for (; !values.IsEmpty; values = values[Math.Min(Rows, values.Length)..])
        {
            var block = values[..Math.Min(Rows, values.Length)];
            Plan(block, out var least, out var width, out _);
            to.Signed(unchecked(least - before));
            before = least;
            WriteBlock(block, least, width, to);
        }
    }

    /// <summary>Fills all of <paramref name="into"/>; false (and the reader failed) when the bytes are not blocks of that many values.</summary>
    public static bool TryRead(ref ByteReader from, scoped Span<long> into)
    {
        long least = 0;
        for (; !into.IsEmpty; into = into[Math.Min(Rows, into.Length)..])
        {
            var block = into[..Math.Min(Rows, into.Length)];
            least = unchecked(least + from.Signed());
            if (!TryReadBlock(ref from, least, block))
            {
                from.Fail();
                return false;
            }
        }
        return true;
    }

    /// <summary>Chooses base and width: the width whose packed bits and patches together are smallest.</summary>
    private static void Plan(ReadOnlySpan<long> block, out long least, out int width, out int cost)
    {
        // The second least value is the base when the least is far below: one reset must not widen the rest.
        long first = long.MaxValue, second = long.MaxValue, most = long.MinValue;
        foreach (var value in block)
        {
            if (value < second)
            {
                if (value < first)
                    (first, second) = (value, first);
                else
                    second = value;
            }
            if (value > most)
                most = value;
        }
        least = first;
        var range = unchecked((ulong)(most - first));
        var widest = Bits(range);
        width = widest;
        cost = 2 + (block.Length * widest + 7) / 8;
        if (widest == 0 || block.Length < 4)
            return;
        var top = widest;
        // A patch of the least one takes about twelve bytes.
        if ((widest - Bits(unchecked((ulong)(most - second)))) * block.Length > 12 * 8)
            (least, top) = (second, 64);

        Span<byte> counts = stackalloc byte[65];
        counts.Clear();
        foreach (var value in block)
            counts[Bits(unchecked((ulong)(value - least)))]++;
        var patches = 0;
        var best = int.MaxValue;
        for (var w = top; w >= 0; w--)
        {
            // Values of more than w bits are patched: their row, and what stands above the width.
            if (w < top)
                patches += counts[w + 1];
            if (patches > block.Length / 4)
                break;
            var patchBytes = 0;
            for (var bits = w + 1; bits <= top && patches > 0; bits++)
                patchBytes += counts[bits] * (1 + (bits - w + 6) / 7);
            var size = 2 + (block.Length * w + 7) / 8 + (patches == 0 ? 0 : 1 + patchBytes);
            if (size < best)
            {
                best = size;
                width = w;
            }
        }
        cost = best;
    }

    private static void WriteBlock(ReadOnlySpan<long> block, long least, int width, ByteWriter to)
    {
        var patches = 0;
        if (width < 64)
            foreach (var value in block)
                if (unchecked((ulong)(value - least)) >> width != 0)
                    patches++;
        to.Byte((byte)(width | (patches == 0 ? 0 : PatchFlag)));
        if (width > 0)
        {
            // The bit writer stores whole words: eight bytes more than needed, given back.
            var length = (block.Length * width + 7) / 8;
            var start = to.Length;
            var bits = new BitWriter(to.Append(length + 8));
            var mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
            foreach (var value in block)
                bits.Write(unchecked((ulong)(value - least)) & mask, width);
            bits.Flush();
            to.Truncate(start + length);
        }
        if (patches == 0)
            return;
        to.Byte((byte)patches);
        for (var row = 0; row < block.Length; row++)
        {
            var above = unchecked((ulong)(block[row] - least)) >> width;
            if (above == 0)
                continue;
            to.Byte((byte)row);
            to.Number(above);
        }
    }

    private static bool TryReadBlock(ref ByteReader from, long least, scoped Span<long> into)
    {
        var head = from.Byte();
        var width = head & ~PatchFlag;
        if (from.Failed || width > 64)
            return false;
        if (width == 0)
        {
            into.Fill(least);
        }
        else
        {
            var packed = from.PaddedBytes((into.Length * width + 7) / 8);
            if (packed.IsEmpty)
                return false;
            Unpack(packed, width, least, into);
        }
        if ((head & PatchFlag) == 0)
            return true;
        for (var left = from.Byte(); left > 0; left--)
        {
            var row = from.Byte();
            var above = from.Number();
            if (from.Failed || row >= into.Length || width == 64)
                return false;
            into[row] = unchecked(into[row] + (long)(above << width));
        }
        return !from.Failed;
    }

    /// <summary>Eight readable bytes stand behind the packed ones (the caller's slice holds them): that is what makes the unchecked loads safe.</summary>
    private static void Unpack(ReadOnlySpan<byte> packed, int width, long least, Span<long> into)
    {
        ref var start = ref MemoryMarshal.GetReference(packed);
        var bit = 0;
        if (width <= 57 && BitConverter.IsLittleEndian)
        {
            var mask = (1UL << width) - 1;
            for (var i = 0; i < into.Length; i++)
            {
                var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, bit >> 3));
                into[i] = unchecked(least + (long)(word >> (bit & 7) & mask));
                bit += width;
            }
            return;
        }
        var wide = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        for (var i = 0; i < into.Length; i++)
        {
            var offset = bit & 7;
            var value = BinaryPrimitives.ReadUInt64LittleEndian(packed[(bit >> 3)..]) >> offset;
            if (offset + width > 64)
                value |= (ulong)packed[(bit >> 3) + 8] << (64 - offset);
            into[i] = unchecked(least + (long)(value & wide));
            bit += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bits(ulong value) => 64 - BitOperations.LeadingZeroCount(value);
}
