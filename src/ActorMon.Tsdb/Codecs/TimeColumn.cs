namespace ActorMon.Tsdb.Codecs;

/// <summary>
/// Ascending, distinct times of one chunk, shared by every series that has the same ones.
/// <code>
/// varint rows | svarint first (ms) | varint last - first | varint factor f (0: one step throughout, nothing follows) | IntegerBlocks of the rows - 1 steps / f
/// </code>
/// </summary>
internal static class TimeColumn
{
    /// <summary>Most rows of a chunk.</summary>
    public const int MaxRows = 1024;

    public static void Write(ReadOnlySpan<long> times, ByteWriter to)
    {
        to.Number((ulong)times.Length);
        to.Signed(times[0]);
        to.Number(unchecked((ulong)(times[^1] - times[0])));
        if (times.Length == 1)
            return;
        Span<long> steps = stackalloc long[MaxRows];
        steps = steps[..(times.Length - 1)];
        for (var i = 0; i < steps.Length; i++)
            steps[i] = unchecked(times[i + 1] - times[i]);
        if (steps.IndexOfAnyExcept(steps[0]) < 0)
        {
            to.Number(0);
            return;
        }
        var factor = CommonFactor.Of(steps);
        CommonFactor.Divide(steps, factor);
        to.Number((ulong)factor);
        IntegerBlocks.Write(steps, to);
    }

    /// <summary>Rows, first and last time; the reader then stands before the steps. False (and the reader failed) when they cannot be.</summary>
    public static bool TryReadHeader(ref ByteReader from, out int rows, out long first, out long last)
    {
        rows = from.Number(MaxRows);
        first = from.Signed();
        last = unchecked(first + (long)from.Number());
        if (rows >= 1 && (rows == 1 ? last == first : last > first) && !from.Failed)
            return true;
        from.Fail();
        return false;
    }

    /// <summary>The times behind a header; <paramref name="into"/> has as many as it said. False when they do not ascend from first to last.</summary>
    public static bool TryReadTimes(ref ByteReader from, long first, long last, scoped Span<long> into)
    {
        into[0] = first;
        if (into.Length == 1)
            return true;
        var steps = into.Length - 1;
        var factor = from.Number();
        if (from.Failed)
            return false;
        if (factor == 0)
        {
            // Unsigned: two times may be further apart than a signed number holds.
            var step = unchecked((ulong)(last - first)) / (ulong)steps;
            for (var i = 1; i < into.Length; i++)
                into[i] = unchecked(first += (long)step);
            return step > 0 && first == last;
        }
        if (!IntegerBlocks.TryRead(ref from, into[1..]))
            return false;
        var time = first;
        var ascending = true;
        for (var i = 1; i < into.Length; i++)
        {
            var next = unchecked(time + into[i] * (long)factor);
            ascending &= next > time;
            into[i] = time = next;
        }
        return ascending && time == last;
    }
}
