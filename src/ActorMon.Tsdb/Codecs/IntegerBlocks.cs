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

    /// <summary>Blocks of the longest column.</summary>
    public const int MaxBlocks = TimeColumn.MaxRows / Rows;

    /// <summary>
    /// The bytes <see cref="Write(ReadOnlySpan{long}, ReadOnlySpan{BlockPlan}, ByteWriter)"/> will need, one for each base, and the blocks' plans.
    /// <see cref="int.MaxValue"/> when that will hardly be below <paramref name="bound"/>; the plans are then no good.
    /// </summary>
    public static int Plan(ReadOnlySpan<long> values, int bound, Span<BlockPlan> plans)
    {
        var total = 0;
        for (var block = 0; !values.IsEmpty; values = values[Math.Min(Rows, values.Length)..])
        {
            if (!TryPlan(values[..Math.Min(Rows, values.Length)], bound - total, out plans[block]))
                return int.MaxValue;
            total += plans[block++].Cost;
        }
        return total;
    }

    public static void Write(ReadOnlySpan<long> values, ByteWriter to)
    {
        Span<BlockPlan> plans = stackalloc BlockPlan[MaxBlocks];
        Plan(values, int.MaxValue, plans);
        Write(values, plans, to);
    }

    public static void Write(ReadOnlySpan<long> values, ReadOnlySpan<BlockPlan> plans, ByteWriter to)
    {
        long before = 0;
        for (; !values.IsEmpty; values = values[Math.Min(Rows, values.Length)..], plans = plans[1..])
        {
            to.Signed(unchecked(plans[0].Least - before));
            before = plans[0].Least;
            WriteBlock(values[..Math.Min(Rows, values.Length)], before, plans[0].Width, to);
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

    /// <summary>Chooses base and width: the width whose packed bits and patches together are smallest. False when that is far beyond the bound.</summary>
    private static bool TryPlan(ReadOnlySpan<long> block, int bound, out BlockPlan plan)
    {
        // The second least value is the base when the least is far below: one reset must not widen the rest.
        long first = long.MaxValue, second = long.MaxValue, most = long.MinValue, sum = 0;
        var origin = block[0];
        foreach (var value in block)
        {
            second = Math.Min(second, Math.Max(first, value));
            first = Math.Min(first, value);
            most = Math.Max(most, value);
            sum = unchecked(sum + (value - origin));
        }
        var widest = Bits(unchecked((ulong)(most - first)));
        plan = new BlockPlan(first, widest, 2 + (block.Length * widest + 7) / 8);
        if (widest == 0 || block.Length < 4)
            return plan.Cost <= bound;
        // Patches seldom save two thirds.
        if (plan.Cost / 3 > bound)
            return false;
        var top = widest;
        // A patch of the least one takes about twelve bytes.
        if ((widest - Bits(unchecked((ulong)(most - second)))) * block.Length > 12 * 8)
            plan = new BlockPlan(second, top = 64, int.MaxValue);
        else if (widest < 48 && (sum + (origin - first) * block.Length) / block.Length > (most - first) / 3)
            return true;
        plan = Patched(block, plan, top);
        return true;
    }

    /// <summary>The width at which packed bits and patches together are smallest; of evenly spread values that is the widest, which the mean tells sooner.</summary>
    private static BlockPlan Patched(ReadOnlySpan<long> block, BlockPlan plan, int top)
    {
        Span<byte> counts = stackalloc byte[65];
        counts.Clear();
        foreach (var value in block)
            counts[Bits(unchecked((ulong)(value - plan.Least)))]++;
        var patches = 0;
        for (var width = top; width >= 0; width--)
        {
            // Values of more bits than the width are patched: their row, and what stands above the width.
            if (width < top)
                patches += counts[width + 1];
            if (patches > block.Length / 4)
                break;
            var patchBytes = 0;
            for (var bits = width + 1; bits <= top && patches > 0; bits++)
                patchBytes += counts[bits] * (1 + (bits - width + 6) / 7);
            var size = 2 + (block.Length * width + 7) / 8 + (patches == 0 ? 0 : 1 + patchBytes);
            if (size < plan.Cost)
                plan = plan with { Width = width, Cost = size };
        }
        return plan;
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

/// <summary>Base and width of a block, and the bytes it takes.</summary>
internal readonly record struct BlockPlan(long Least, int Width, int Cost);
