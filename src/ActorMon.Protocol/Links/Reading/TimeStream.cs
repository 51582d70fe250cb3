using ActorMon.Model.Bytes;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>
/// Columns of ascending times. A column that was sent before is named by its number: the series of one target have the same times.
/// <code>
/// 0 | first (signed) | second - first | (times whose distance stays the same | change of the distance, signed) ...        or 1 + its number
/// </code>
/// </summary>
internal sealed class TimeStreamWriter
{
    private readonly Dictionary<ulong, int> _byHash = [];
    private readonly List<long[]> _columns = [];

    /// <summary>What is held to compare with.</summary>
    public long Bytes { get; private set; }

    /// <summary>Forgets the columns; the reader must do so at the same place.</summary>
    public void Reset()
    {
        _byHash.Clear();
        _columns.Clear();
        Bytes = 0;
    }

    /// <param name="times">At least one; the reader is told how many elsewhere.</param>
    public void Write(ByteWriter to, ReadOnlySpan<long> times)
    {
        var hash = Hash(times);
        if (_byHash.TryGetValue(hash, out var known) && times.SequenceEqual(_columns[known]))
        {
            to.Number((ulong)known + 1);
            return;
        }
        // Of two columns with one hash the newer is the one to look for.
        _byHash[hash] = _columns.Count;
        _columns.Add(times.ToArray());
        Bytes += times.Length * sizeof(long);
        to.Byte(0);
        Column(to, times);
    }

    private static void Column(ByteWriter to, ReadOnlySpan<long> times)
    {
        to.Signed(times[0]);
        if (times.Length == 1)
            return;
        var distance = unchecked(times[1] - times[0]);
        to.Number((ulong)distance);
        for (var i = 2; i < times.Length;)
        {
            var same = i;
            while (same < times.Length && unchecked(times[same] - times[same - 1]) == distance)
                same++;
            to.Number((ulong)(same - i));
            if (same == times.Length)
                return;
            var next = unchecked(times[same] - times[same - 1]);
            to.Signed(unchecked(next - distance));
            distance = next;
            i = same + 1;
        }
    }

    private static ulong Hash(ReadOnlySpan<long> times)
    {
        const ulong Prime = 0x9E3779B97F4A7C15;
        var hash = (ulong)times.Length;
        var stride = Math.Max(1, times.Length / 8);
        for (var i = 0; i < times.Length; i += stride)
            hash = (hash ^ (ulong)times[i]) * Prime;
        return (hash ^ (ulong)times[^1]) * Prime;
    }
}

/// <summary>Reads what <see cref="TimeStreamWriter"/> wrote; equal columns come back as one array.</summary>
internal sealed class TimeStreamReader
{
    private readonly List<long[]> _columns = [];

    public void Reset() => _columns.Clear();

    /// <param name="count">At least one, and no more than the caller is ready to hold.</param>
    /// <returns>Nothing when the bytes are damaged; the reader has failed then.</returns>
    public long[] Read(ref ByteReader from, int count)
    {
        var number = from.Number(_columns.Count);
        if (number > 0)
        {
            if (_columns[number - 1].Length == count)
                return _columns[number - 1];
            from.Fail();
            return [];
        }
        var times = new long[count];
        if (!Fill(ref from, times))
        {
            from.Fail();
            return [];
        }
        _columns.Add(times);
        return times;
    }

    private static bool Fill(ref ByteReader from, long[] times)
    {
        times[0] = from.Signed();
        if (times.Length == 1)
            return !from.Failed;
        var distance = (long)from.Number();
        times[1] = unchecked(times[0] + distance);
        if (times[1] <= times[0])
            return false;
        for (var i = 2; i < times.Length;)
        {
            for (var limit = i + from.Number(times.Length - i); i < limit; i++)
                if (!Next(times, i, distance))
                    return false;
            if (i == times.Length)
                break;
            distance = unchecked(distance + from.Signed());
            if (from.Failed || !Next(times, i++, distance))
                return false;
        }
        return !from.Failed;
    }

    private static bool Next(long[] times, int at, long distance) => (times[at] = unchecked(times[at - 1] + distance)) > times[at - 1];
}
