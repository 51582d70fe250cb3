using ActorMon.Model.Ingest;

namespace ActorMon.Tsdb.Wal;

/// <summary>
/// Which batches of each writer are here: all numbers up to <see cref="Contiguous"/>, and ranges beyond it. Bounded: a writer keeps 64 ranges
/// (the highest are forgotten, a resend is then merged instead of dropped, which changes nothing), the table 4096 writers (the longest silent go first).
/// </summary>
internal sealed class WriterPositions
{
    private const int MaxRanges = 64;
    private const int MaxWriters = 4096;

    private sealed class Position
    {
        public long Contiguous;
        public long LastUse;
        public readonly List<(long First, long Last)> Ahead = [];
    }

    private readonly Dictionary<WriterId, Position> _writers = [];
    private long _uses;

    /// <summary>The last number up to which nothing is missing; 0 when the writer is unknown.</summary>
    public long Contiguous(WriterId writer) => _writers.TryGetValue(writer, out var position) ? position.Contiguous : 0;

    public bool Has(WriterId writer, long number)
    {
        if (number <= 0 || !_writers.TryGetValue(writer, out var position))
            return false;
        if (number <= position.Contiguous)
            return true;
        foreach (var (first, last) in position.Ahead)
            if (number >= first && number <= last)
                return true;
        return false;
    }

    public void Add(WriterId writer, long number) => AddRange(writer, number, number);

    /// <summary>Notes the numbers first..last as seen; unnumbered batches (0) are not noted.</summary>
    public void AddRange(WriterId writer, long first, long last)
    {
        if (first <= 0)
            return;
        if (!_writers.TryGetValue(writer, out var position))
        {
            if (_writers.Count >= MaxWriters)
                Forget();
            _writers[writer] = position = new Position();
        }
        position.LastUse = ++_uses;
        if (first <= position.Contiguous + 1)
            position.Contiguous = Math.Max(position.Contiguous, last);
        else
            Insert(position.Ahead, first, last);
        while (position.Ahead.Count > 0 && position.Ahead[0].First <= position.Contiguous + 1)
        {
            position.Contiguous = Math.Max(position.Contiguous, position.Ahead[0].Last);
            position.Ahead.RemoveAt(0);
        }
    }

    public Dictionary<WriterId, long> Snapshot()
    {
        var all = new Dictionary<WriterId, long>(_writers.Count);
        foreach (var (writer, position) in _writers)
            all[writer] = position.Contiguous;
        return all;
    }

    public void Write(WalBuffer to)
    {
        to.Number((ulong)_writers.Count);
        foreach (var (writer, position) in _writers)
        {
            to.Fixed(writer.Value);
            to.Number((ulong)position.Contiguous);
            to.Number((ulong)position.Ahead.Count);
            foreach (var (first, last) in position.Ahead)
            {
                to.Number((ulong)first);
                to.Number((ulong)(last - first));
            }
        }
    }

    /// <summary>Merges what <see cref="Write"/> wrote; false when the bytes are not that.</summary>
    public bool TryRead(ref WalReader from)
    {
        if (!from.TryNumber(out var writers))
            return false;
        for (ulong i = 0; i < writers; i++)
        {
            if (!from.TryFixed(out var id) || !from.TryNumber(out var contiguous) || !from.TryNumber(out var ranges))
                return false;
            if (contiguous > 0)
                AddRange(new WriterId(id), 1, (long)contiguous);
            for (ulong r = 0; r < ranges; r++)
            {
                if (!from.TryNumber(out var first) || !from.TryNumber(out var more))
                    return false;
                AddRange(new WriterId(id), (long)first, (long)(first + more));
            }
        }
        return true;
    }

    private static void Insert(List<(long First, long Last)> ranges, long first, long last)
    {
        var at = 0;
        while (at < ranges.Count && ranges[at].Last + 1 < first)
            at++;
        while (at < ranges.Count && ranges[at].First <= last + 1)
        {
            first = Math.Min(first, ranges[at].First);
            last = Math.Max(last, ranges[at].Last);
            ranges.RemoveAt(at);
        }
        ranges.Insert(at, (first, last));
        if (ranges.Count > MaxRanges)
            ranges.RemoveAt(ranges.Count - 1);
    }

    private void Forget()
    {
        var oldest = default(WriterId);
        var use = long.MaxValue;
        foreach (var (writer, position) in _writers)
            if (position.LastUse < use)
                (oldest, use) = (writer, position.LastUse);
        _writers.Remove(oldest);
    }
}
