namespace ActorMon.Tsdb.Codecs;

/// <summary>
/// The last few columns that others stand on, as integers: whoever reads the buckets of a histogram in order decodes each once. One a thread.
/// </summary>
internal sealed class ReferenceMemo
{
    /// <summary>Histograms whose buckets alternate in the order of labels.</summary>
    private const int Kept = 8;

    [ThreadStatic]
    private static ReferenceMemo? _ofThread;

    private readonly long[]?[] _columns = new long[Kept][];
    private readonly (long Page, int Start, int Rows)[] _keys = new (long, int, int)[Kept];
    private long _page;
    private int _next;

    /// <summary>This thread's, for columns of one page; no two pages of a process have the same number.</summary>
    public static ReferenceMemo For(long page)
    {
        var memo = _ofThread ??= new ReferenceMemo();
        memo._page = page;
        return memo;
    }

    public bool TryFind(int start, Span<long> into)
    {
        var at = Array.IndexOf(_keys, (_page, start, into.Length));
        if (at < 0)
            return false;
        _columns[at].AsSpan(0, into.Length).CopyTo(into);
        return true;
    }

    public void Keep(int start, ReadOnlySpan<long> column)
    {
        column.CopyTo(_columns[_next] ??= new long[TimeColumn.MaxRows]);
        _keys[_next] = (_page, start, column.Length);
        _next = (_next + 1) % Kept;
    }
}
