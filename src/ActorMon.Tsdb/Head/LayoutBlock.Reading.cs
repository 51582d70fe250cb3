using System.Numerics;
using System.Runtime.CompilerServices;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Head;

/// <summary>Samples of one slot of a block.</summary>
internal sealed partial class LayoutBlock
{
    /// <summary>Adds the slot's samples with min &lt;= t &lt;= max; of a column without gaps only their rows are decoded.</summary>
    [SkipLocalsInit]
    public void Read(int slot, long min, long max, SampleBuffer into)
    {
        if (!HasSamples(slot) || MaxTime < min || MinTime > max)
            return;
        var column = _data.AsSpan(_offsets[slot]);
        var from = min <= MinTime ? 0 : FirstFrom(min);
        var to = max >= MaxTime ? Rows : FirstFrom(max + 1);
        if (from == to)
            return;
        if (column[0] != Masked)
        {
            into.AddColumns(to - from, out var times, out var values);
            _times.AsSpan(from..to).CopyTo(times);
            ColumnCodec.Decode(column, values, from);
            return;
        }
        Span<double> decoded = stackalloc double[ColumnCodec.MaxRows];
        Span<bool> has = stackalloc bool[ColumnCodec.MaxRows];
        DecodeRows(slot, decoded[..Rows], has[..Rows]);
        for (var i = from; i < to; i++)
            if (has[i])
                into.Add(_times[i], decoded[i]);
    }

    /// <summary>The first row at or after a time; several rows may have the same.</summary>
    private int FirstFrom(long time)
    {
        int low = 0, high = _times.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_times[middle] < time)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>True when the slot has a sample with min &lt;= t &lt;= max.</summary>
    public bool Overlaps(int slot, long min, long max)
    {
        if (!HasSamples(slot) || MaxTime < min || MinTime > max)
            return false;
        var column = _data.AsSpan(_offsets[slot]);
        if (column[0] != Masked && min <= MinTime)
            return true;
        for (var i = 0; i < _times.Length; i++)
            if (_times[i] >= min && _times[i] <= max && (column[0] != Masked || (column[1 + (i >> 3)] >> (i & 7) & 1) != 0))
                return true;
        return false;
    }

    /// <summary>The slot's newest sample; of several at its time the one that wins.</summary>
    public bool TryGetLast(int slot, out long time, out double value)
    {
        (time, value) = (0, 0);
        Span<double> decoded = stackalloc double[ColumnCodec.MaxRows];
        Span<bool> has = stackalloc bool[ColumnCodec.MaxRows];
        DecodeRows(slot, decoded[..Rows], has[..Rows]);
        var found = false;
        for (var i = Rows - 1; i >= 0; i--)
        {
            if (!has[i] || (found && (_times[i] < time || SampleOrder.Compare(decoded[i], value) <= 0)))
                continue;
            (time, value) = (_times[i], decoded[i]);
            found = true;
        }
        return found;
    }

    [SkipLocalsInit]
    private void DecodeRows(int slot, Span<double> values, Span<bool> has)
    {
        if (!HasSamples(slot))
        {
            has.Clear();
            return;
        }
        var column = _data.AsSpan(_offsets[slot]);
        if (column[0] != Masked)
        {
            has.Fill(true);
            ColumnCodec.Decode(column, values);
            return;
        }
        var mask = column.Slice(1, (Rows + 7) / 8);
        var count = 0;
        foreach (var bits in mask)
            count += BitOperations.PopCount(bits);
        Span<double> compact = stackalloc double[ColumnCodec.MaxRows];
        ColumnCodec.Decode(column[(1 + mask.Length)..], compact[..count]);
        var at = 0;
        for (var i = 0; i < Rows; i++)
        {
            has[i] = (mask[i >> 3] >> (i & 7) & 1) != 0;
            if (has[i])
                values[i] = compact[at++];
        }
    }
}
