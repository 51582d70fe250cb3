using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Parts;

/// <summary>
/// Ascending series ids: as runs (a metric's series stand side by side) or as differences, whichever is shorter.
/// <code>
/// 1 | runs: varint ids skipped, varint length - 1          0 | varint ids skipped before each
/// </code>
/// </summary>
internal static class PostingsList
{
    public static void Write(ReadOnlySpan<int> ids, ByteWriter to)
    {
        to.Clear();
        to.Byte(1);
        var next = 0;
        for (var i = 0; i < ids.Length;)
        {
            var end = i + 1;
            while (end < ids.Length && ids[end] == ids[end - 1] + 1)
                end++;
            to.Number((ulong)(ids[i] - next));
            to.Number((ulong)(end - i - 1));
            next = ids[end - 1] + 1;
            i = end;
        }
        if (to.Length <= ids.Length + 1)
            return;
        var runs = to.Length;
        to.Byte(0);
        next = 0;
        foreach (var id in ids)
        {
            to.Number((ulong)(id - next));
            next = id + 1;
        }
        var differences = to.Length - runs;
        if (differences < runs)
        {
            var list = to.Written[runs..].ToArray();
            to.Clear();
            to.Bytes(list);
        }
        else
        {
            to.Truncate(runs);
        }
    }

    /// <summary>Appends <paramref name="count"/> ids, all below <paramref name="limit"/>; false when the bytes hold others.</summary>
    public static bool TryRead(ref ByteReader from, int count, int limit, List<int> into)
    {
        var isRuns = from.Byte();
        if (isRuns > 1 || count > limit)
            return false;
        var next = 0;
        while (count > 0)
        {
            next += from.Number(limit);
            var length = isRuns == 1 ? from.Number(limit) + 1 : 1;
            if (from.Failed || next < 0 || length > count || next > limit - length)
                return false;
            for (var i = 0; i < length; i++)
                into.Add(next++);
            count -= length;
        }
        return true;
    }
}
