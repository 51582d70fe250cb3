namespace ActorMon.Tsdb.Codecs;

/// <summary>
/// How a column of integers takes the least bytes: by its changes, as they are, as differences or as differences of differences, all over their common factor.
/// Buffers of one thread, reused from column to column.
/// </summary>
internal sealed class IntegerPlan
{
    private readonly long[] _integers = new long[TimeColumn.MaxRows];
    private readonly long[] _deltas = new long[TimeColumn.MaxRows];
    private readonly long[] _seconds = new long[TimeColumn.MaxRows];
    private readonly BlockPlan[] _tried = new BlockPlan[IntegerBlocks.MaxBlocks];
    private readonly BlockPlan[] _blocks = new BlockPlan[IntegerBlocks.MaxBlocks];
    private int _rows;
    private long _first;
    private long _factor;

    /// <summary>One of the four, after <see cref="Make"/>.</summary>
    public ValueEncoding Encoding { get; private set; }

    /// <summary>Bytes it will take, about.</summary>
    public int Cost { get; private set; }

    /// <param name="values">Two rows or more.</param>
    public void Make(ReadOnlySpan<long> values)
    {
        _rows = values.Length;
        _first = values[0];
        var deltas = _deltas.AsSpan(0, _rows - 1);
        for (var i = 0; i < deltas.Length; i++)
            deltas[i] = unchecked(values[i + 1] - values[i]);
        _factor = CommonFactor.Of(deltas);
        CommonFactor.Divide(deltas, _factor);
        Encoding = ValueEncoding.Changes;
        Cost = 1 + Derive(deltas);
        Consider(ValueEncoding.Deltas, deltas, 0);
        Consider(ValueEncoding.Integers, _integers.AsSpan(0, _rows), 0);
        if (_rows > 3)
            Consider(ValueEncoding.SecondDeltas, _seconds.AsSpan(0, _rows - 2), 2);
        Cost += Varint.Size(Varint.ZigZag(_first)) + 1;
    }

    public void Write(ByteWriter to)
    {
        to.Signed(_first);
        to.Number((ulong)_factor);
        var deltas = _deltas.AsSpan(0, _rows - 1);
        switch (Encoding)
        {
            case ValueEncoding.Changes:
                WriteChanges(deltas, to);
                break;
            case ValueEncoding.Integers:
                IntegerBlocks.Write(_integers.AsSpan(0, _rows), _blocks, to);
                break;
            case ValueEncoding.Deltas:
                IntegerBlocks.Write(deltas, _blocks, to);
                break;
            default:
                to.Signed(deltas[0]);
                IntegerBlocks.Write(_seconds.AsSpan(0, _rows - 2), _blocks, to);
                break;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false when the bytes are no such column.</summary>
    public static bool TryRead(ValueEncoding encoding, ref ByteReader from, scoped Span<long> into)
    {
        var first = from.Signed();
        var factor = (long)from.Number();
        switch (encoding)
        {
            case ValueEncoding.Changes:
                return TryReadChanges(ref from, first, factor, into);
            case ValueEncoding.Integers:
                if (!IntegerBlocks.TryRead(ref from, into))
                    return false;
                for (var i = 0; i < into.Length; i++)
                    into[i] = unchecked(first + into[i] * factor);
                return true;
            case ValueEncoding.Deltas:
                if (!IntegerBlocks.TryRead(ref from, into[1..]))
                    return false;
                into[0] = first;
                for (var i = 1; i < into.Length; i++)
                    into[i] = first = unchecked(first + into[i] * factor);
                return true;
            case ValueEncoding.SecondDeltas:
                var delta = unchecked(from.Signed() * factor);
                if (into.Length < 3 || !IntegerBlocks.TryRead(ref from, into[2..]))
                    return false;
                into[0] = first;
                into[1] = first = unchecked(first + delta);
                for (var i = 2; i < into.Length; i++)
                {
                    delta = unchecked(delta + into[i] * factor);
                    into[i] = first = unchecked(first + delta);
                }
                return true;
            default:
                return false;
        }
    }

    /// <summary>Fills integers and second differences from the differences; returns the bytes of the changes.</summary>
    private int Derive(ReadOnlySpan<long> deltas)
    {
        long sum = 0, before = 0;
        var (cost, since) = (0, 0);
        _integers[0] = 0;
        for (var i = 0; i < deltas.Length; i++)
        {
            var delta = deltas[i];
            _integers[i + 1] = sum = unchecked(sum + delta);
            if (i > 0)
                _seconds[i - 1] = unchecked(delta - before);
            before = delta;
            since++;
            if (delta == 0)
                continue;
            cost += Varint.Size((ulong)since) + Varint.Size(Varint.ZigZag(delta));
            since = 0;
        }
        return cost;
    }

    private void Consider(ValueEncoding candidate, ReadOnlySpan<long> values, int extra)
    {
        var cost = IntegerBlocks.Plan(values, Cost - extra, _tried);
        if (cost >= Cost - extra)
            return;
        (Encoding, Cost) = (candidate, cost + extra);
        _tried.CopyTo(_blocks);
    }

    private static void WriteChanges(ReadOnlySpan<long> deltas, ByteWriter to)
    {
        var changes = 0;
        foreach (var delta in deltas)
            if (delta != 0)
                changes++;
        to.Number((ulong)changes);
        var since = 0;
        foreach (var delta in deltas)
        {
            since++;
            if (delta == 0)
                continue;
            to.Number((ulong)since);
            to.Signed(delta);
            since = 0;
        }
    }

    private static bool TryReadChanges(ref ByteReader from, long first, long factor, scoped Span<long> into)
    {
        for (var changes = from.Count(); changes > 0; changes--)
        {
            var length = from.Number(into.Length);
            into[..length].Fill(first);
            into = into[length..];
            first = unchecked(first + from.Signed() * factor);
        }
        if (into.IsEmpty)
            return false;
        into.Fill(first);
        return true;
    }
}
