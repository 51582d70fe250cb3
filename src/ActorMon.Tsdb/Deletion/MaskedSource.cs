using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Deletion;

/// <summary>
/// A source (a part) behind the deletions that it has not applied. The series they concern are looked up once, at the first read; when there are none this is the source.
/// </summary>
internal sealed class MaskedSource(ISampleSource source, DeletionLog log, long applied, RangeCombinations combinations) : ISampleSource
{
    // Parts match texts; the symbols are only there to carry the matchers.
    internal static readonly NodeSymbols NoSymbols = new();
    private readonly Lock _lock = new();
    private Dictionary<int, DeletedRanges>? _deleted;

    public ISampleSource Source => source;

    /// <summary>It holds samples that it hides.</summary>
    public bool HidesAny => Deleted().Count > 0;

    public long MinTime => source.MinTime;

    public long MaxTime => source.MaxTime;

    public string? Lost(long min, long max) => source.Lost(min, max);

    public SeriesRun Select(ResolvedMatchers matchers, long min, long max)
    {
        var run = source.Select(matchers, min, max);
        var deleted = Deleted();
        if (deleted.Count == 0 || run.Count == 0)
            return run;
        var labels = new List<LabelSet>(run.Count);
        var ids = new List<int>(run.Count);
        for (var i = 0; i < run.Count; i++)
        {
            if (!Overlaps(run.Ids[i], min, max, deleted))
                continue;
            labels.Add(run.Labels[i]);
            ids.Add(run.Ids[i]);
        }
        return ids.Count == run.Count ? run : new SeriesRun([.. labels], [.. ids]);
    }

    public bool Overlaps(int id, long min, long max) => Deleted() is var deleted && deleted.ContainsKey(id) ? Overlaps(id, min, max, deleted) : source.Overlaps(id, min, max);

    public void Read(int id, long min, long max, SampleBuffer into)
    {
        if (!Deleted().TryGetValue(id, out var ranges))
        {
            source.Read(id, min, max, into);
            return;
        }
        foreach (var (from, to) in ranges.Gaps(min, max))
            source.Read(id, from, to, into);
    }

    public void CollectNames(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into)
    {
        if (Deleted().Count == 0)
        {
            source.CollectNames(sets, min, max, into);
            return;
        }
        foreach (var labels in Visible(sets, min, max))
            foreach (var label in labels)
                into.Add(label.Name);
    }

    public void CollectValues(string name, IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into)
    {
        if (Deleted().Count == 0)
        {
            source.CollectValues(name, sets, min, max, into);
            return;
        }
        foreach (var labels in Visible(sets, min, max))
            if (labels.Get(name) is { Length: > 0 } value)
                into.Add(value);
    }

    public void CollectSeries(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<LabelSet> into)
    {
        foreach (var labels in Visible(sets, min, max))
            into.Add(labels);
    }

    private IEnumerable<LabelSet> Visible(IReadOnlyList<ResolvedMatchers> sets, long min, long max)
    {
        foreach (var set in sets.Count == 0 ? [ResolvedMatchers.Resolve([], NoSymbols)] : sets)
            foreach (var labels in Select(set, min, max).Labels)
                yield return labels;
    }

    private bool Overlaps(int id, long min, long max, Dictionary<int, DeletedRanges> deleted)
    {
        // What the source selected overlaps.
        if (!deleted.TryGetValue(id, out var ranges))
            return true;
        foreach (var (from, to) in ranges.Gaps(min, max))
            if (source.Overlaps(id, from, to))
                return true;
        return false;
    }

    private Dictionary<int, DeletedRanges> Deleted()
    {
        if (Volatile.Read(ref _deleted) is { } known)
            return known;
        lock (_lock)
        {
            if (_deleted is { } found)
                return found;
            var members = new Dictionary<int, int>();
            for (var i = 0; i < log.Entries.Length; i++)
            {
                var entry = log.Entries[i];
                if (entry.Version <= applied || !entry.Overlaps(source.MinTime, source.MaxTime))
                    continue;
                foreach (var id in Named(entry))
                    members[id] = combinations.With(members.GetValueOrDefault(id), i);
            }
            var deleted = new Dictionary<int, DeletedRanges>(members.Count);
            foreach (var (id, combination) in members)
                deleted[id] = combinations[combination]!;
            Volatile.Write(ref _deleted, deleted);
            return deleted;
        }
    }

    private HashSet<int> Named(SeriesDeletion entry)
    {
        var ids = new HashSet<int>();
        foreach (IReadOnlyList<Matcher> selector in entry.Selectors)
            ids.UnionWith(source.Select(ResolvedMatchers.Resolve(selector, NoSymbols), entry.Min, entry.Max).Ids);
        return ids;
    }
}
