using System.Buffers;
using System.Numerics;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Head;

/// <summary>One scrape of a layout as it came: values by slot, a bit for each slot without a sample (null: none is missing).</summary>
internal readonly record struct OpenRow(long Time, double[] Values, ulong[]? Missing)
{
    public bool Has(int slot) => slot < Values.Length && (Missing is null || (Missing[slot >> 6] >> slot & 1) == 0);
}

/// <summary>
/// Up to 256 scrapes of one layout, turned into a column for each slot: the times once, then for slot i the column at <c>Offsets[i]</c>.
/// A column with gaps starts with 7 and a bit mask of the rows that have a sample; its values are those rows only. Immutable.
/// </summary>
internal sealed partial class LayoutBlock
{
    public const byte Masked = 7;

    private readonly long[] _times;
    private readonly int[] _offsets;
    private readonly byte[] _data;

    private LayoutBlock(long[] times, int[] offsets, byte[] data)
    {
        _times = times;
        _offsets = offsets;
        _data = data;
    }

    public int Rows => _times.Length;
    public int SlotCount => _offsets.Length;

    /// <summary>Times ascend, but two rows may have the same one.</summary>
    public long MinTime => _times[0];
    public long MaxTime => _times[^1];

    public long Bytes => _times.Length * 8L + _offsets.Length * 4L + _data.Length + 96;

    public bool HasSamples(int slot) => slot < _offsets.Length && !ColumnCodec.IsEmpty(_data[_offsets[slot]]);

    /// <summary>Seals open rows.</summary>
    public static LayoutBlock Seal(ReadOnlySpan<OpenRow> rows, int slotCount)
    {
        Span<int> order = stackalloc int[rows.Length];
        var times = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            order[i] = i;
            times[i] = rows[i].Time;
        }
        times.AsSpan().Sort(order);
        var sorted = new OpenRow[rows.Length];
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = rows[order[i]];

        var writer = new ColumnWriter(slotCount);
        Span<double> values = stackalloc double[ColumnCodec.MaxRows];
        Span<byte> mask = stackalloc byte[ColumnCodec.MaxRows / 8];
        for (var slot = 0; slot < slotCount; slot++)
        {
            var count = 0;
            mask.Clear();
            for (var i = 0; i < sorted.Length; i++)
            {
                if (!sorted[i].Has(slot))
                    continue;
                values[count++] = sorted[i].Values[slot];
                mask[i >> 3] |= (byte)(1 << (i & 7));
            }
            writer.Add(slot, values[..count], mask, sorted.Length);
        }
        return writer.Build(times);
    }

    /// <summary>This block without the rows before a time; there must be others.</summary>
    public LayoutBlock From(long time) => MinTime >= time ? this : Merge([this], time);

    /// <summary>One block of several whose rows, together, are at most <see cref="ColumnCodec.MaxRows"/>.</summary>
    public static LayoutBlock Merge(ReadOnlySpan<LayoutBlock> blocks) => Merge(blocks, long.MinValue);

    private static LayoutBlock Merge(ReadOnlySpan<LayoutBlock> blocks, long from)
    {
        var rows = 0;
        var slotCount = 0;
        foreach (var block in blocks)
        {
            rows += block.Rows;
            slotCount = Math.Max(slotCount, block.SlotCount);
        }
        var times = new long[rows];
        Span<int> order = stackalloc int[rows];
        var at = 0;
        foreach (var block in blocks)
        {
            block._times.CopyTo(times, at);
            at += block.Rows;
        }
        for (var i = 0; i < rows; i++)
            order[i] = i;
        var late = false;
        for (var i = 1; i < rows; i++)
            late |= times[i] < times[i - 1];
        if (late)
            times.AsSpan().Sort(order);
        var skipped = 0;
        while (skipped < rows && times[skipped] < from)
            skipped++;
        times = skipped == 0 ? times : times[skipped..];
        order = order[skipped..];
        var kept = rows - skipped;

        var writer = new ColumnWriter(slotCount);
        Span<double> values = stackalloc double[ColumnCodec.MaxRows];
        Span<double> gathered = stackalloc double[ColumnCodec.MaxRows];
        Span<bool> has = stackalloc bool[ColumnCodec.MaxRows];
        Span<byte> mask = stackalloc byte[ColumnCodec.MaxRows / 8];
        for (var slot = 0; slot < slotCount; slot++)
        {
            at = 0;
            foreach (var block in blocks)
            {
                block.DecodeRows(slot, values.Slice(at, block.Rows), has.Slice(at, block.Rows));
                at += block.Rows;
            }
            var count = 0;
            mask.Clear();
            for (var i = 0; i < kept; i++)
            {
                var row = order[i];
                if (!has[row])
                    continue;
                gathered[count++] = values[row];
                mask[i >> 3] |= (byte)(1 << (i & 7));
            }
            writer.Add(slot, gathered[..count], mask, kept);
        }
        return writer.Build(times);
    }

    /// <summary>Writes the block: rows, times, slots, a length for each column, the columns.</summary>
    public void Write(Wal.WalBuffer to)
    {
        to.Number((ulong)Rows);
        long time = 0, delta = 0;
        foreach (var next in _times)
        {
            to.Signed(next - time - delta);
            (time, delta) = (next, time == 0 ? 0 : next - time);
        }
        to.Number((ulong)SlotCount);
        var length = _data.Length - ColumnCodec.Padding;
        for (var slot = 0; slot < SlotCount; slot++)
            to.Number((ulong)((slot + 1 < SlotCount ? _offsets[slot + 1] : length) - _offsets[slot]));
        to.Bytes(_data.AsSpan(0, length));
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null when it cannot be that.</summary>
    /// <param name="samples">How many the block has.</param>
    public static LayoutBlock? TryRead(ref Wal.WalReader from, out long samples)
    {
        samples = 0;
        if (!from.TryCount(out var rows) || rows is 0 or > ColumnCodec.MaxRows)
            return null;
        var times = new long[rows];
        long time = 0, delta = 0;
        for (var i = 0; i < rows; i++)
        {
            if (!from.TrySigned(out var change))
                return null;
            times[i] = time + delta + change;
            if (i > 0 && times[i] < time)
                return null;
            (time, delta) = (times[i], time == 0 ? 0 : times[i] - time);
        }
        if (!from.TryCount(out var slots))
            return null;
        var offsets = new int[slots];
        var length = 0;
        for (var slot = 0; slot < slots; slot++)
        {
            // A column has a byte at least: the lengths are bounded by what is left before they are added up.
            if (!from.TryCount(out var bytes) || bytes == 0 || length > from.Left)
                return null;
            offsets[slot] = length;
            length += bytes;
        }
        if (!from.TryBytes(length, out var columns))
            return null;
        var data = new byte[length + ColumnCodec.Padding];
        columns.CopyTo(data);
        for (var slot = 0; slot < slots; slot++)
        {
            var column = data.AsSpan(offsets[slot]);
            if (column[0] == Masked)
                samples += CountOf(column.Slice(1, (rows + 7) / 8));
            else
                samples += ColumnCodec.IsEmpty(column[0]) ? 0 : rows;
        }
        return new LayoutBlock(times, offsets, data);
    }

    private static int CountOf(ReadOnlySpan<byte> mask)
    {
        var count = 0;
        foreach (var bits in mask)
            count += BitOperations.PopCount(bits);
        return count;
    }

    /// <summary>Lays columns one behind the other in a rented buffer, then copies them to size.</summary>
    private struct ColumnWriter(int slotCount)
    {
        private readonly int[] _offsets = new int[slotCount];
        private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ColumnCodec.MaxColumnBytes * 2 + slotCount * 16);
        private int _at;

        public void Add(int slot, ReadOnlySpan<double> present, ReadOnlySpan<byte> mask, int rows)
        {
            if (_at + ColumnCodec.MaxColumnBytes + 64 > _buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
                _buffer.AsSpan(0, _at).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }
            _offsets[slot] = _at;
            if (present.IsEmpty)
            {
                _at += ColumnCodec.EncodeEmpty(_buffer.AsSpan(_at));
                return;
            }
            if (present.Length < rows)
            {
                _buffer[_at++] = Masked;
                mask[..((rows + 7) / 8)].CopyTo(_buffer.AsSpan(_at));
                _at += (rows + 7) / 8;
            }
            _at += ColumnCodec.Encode(present, _buffer.AsSpan(_at));
        }

        public readonly LayoutBlock Build(long[] times)
        {
            var data = new byte[_at + ColumnCodec.Padding];
            _buffer.AsSpan(0, _at).CopyTo(data);
            ArrayPool<byte>.Shared.Return(_buffer);
            return new LayoutBlock(times, _offsets, data);
        }
    }
}
