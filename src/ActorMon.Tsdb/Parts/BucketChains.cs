using ActorMon.Model.Labels;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Parts;

/// <summary>
/// Where the last bucket of each classic histogram stands in the open page. Buckets are cumulative, so a bucket's noise is mostly that of the one below it: standing on
/// it halves what most of them take.
/// </summary>
internal sealed class BucketChains
{
    private readonly Dictionary<ulong, Link> _links = [];

    /// <summary>Of a series with the label <c>le</c>: what it shares with the other buckets of its histogram; 0 for all others.</summary>
    public static ulong KeyOf(LabelSet labels)
    {
        if (!labels.Has(LabelNames.Bucket))
            return 0;
        var hash = new System.IO.Hashing.XxHash64();
        foreach (ref readonly var label in labels.AsSpan())
        {
            if (label.Name == LabelNames.Bucket)
                continue;
            hash.Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes(label.Name.AsSpan()));
            hash.Append("\0\0"u8);
            hash.Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes(label.Value.AsSpan()));
            hash.Append("\0\0"u8);
        }
        return hash.GetCurrentHashAsUInt64() | 1;
    }

    /// <summary>
    /// Columns of the same times to stand on: the histogram's first in the page (+Inf sorts first: the count of all) and its last. A wrong one (of an equal hash) costs
    /// bytes and nothing else. Returns how many.
    /// </summary>
    public int Find(ulong key, (int Page, int Offset) times, int rows, Span<ColumnPlace> into)
    {
        if (key == 0 || !_links.TryGetValue(key, out var link) || link.Times != times || link.Rows != rows)
            return 0;
        into[0] = link.First;
        if (link.Last.Start == link.First.Start)
            return 1;
        into[1] = link.Last;
        return 2;
    }

    public void Remember(ulong key, (int Page, int Offset) times, int rows, ColumnPlace? place)
    {
        if (key == 0 || place is not { } last)
            return;
        var continues = _links.TryGetValue(key, out var link) && link.Times == times && link.Rows == rows;
        _links[key] = new Link(times, rows, continues ? link.First : last, last);
    }

    public void Clear() => _links.Clear();

    private readonly record struct Link((int Page, int Offset) Times, int Rows, ColumnPlace First, ColumnPlace Last);
}
