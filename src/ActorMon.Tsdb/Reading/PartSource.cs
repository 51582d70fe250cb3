using System.Collections.Concurrent;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Parts;

namespace ActorMon.Tsdb.Reading;

/// <summary>
/// A part in a view. Pages that turn out to be damaged have no samples: the rest of the part and of the query goes on, and the part is named once in
/// <see cref="DamagedParts"/>.
/// </summary>
internal sealed class PartSource(PartFile part, DamagedParts damaged) : ISampleSource
{
    public PartFile Part => part;

    public long MinTime => part.MinTime;

    public long MaxTime => part.MaxTime;

    public SeriesRun Select(ResolvedMatchers matchers, long min, long max)
    {
        try
        {
            var found = part.Find(matchers.Matchers, min, max);
            if (found.Count == 0)
                return SeriesRun.Empty;
            var ids = new int[found.Count];
            var labels = new LabelSet[ids.Length];
            for (var i = 0; i < ids.Length; i++)
            {
                ids[i] = found[i];
                labels[i] = part.Labels(ids[i]);
            }
            return new SeriesRun(labels, ids);
        }
        catch (PartDamagedException e)
        {
            damaged.Add(part, e);
            return SeriesRun.Empty;
        }
    }

    public void Read(int id, long min, long max, SampleBuffer into)
    {
        var before = into.Count;
        try
        {
            part.Read(id, min, max, into);
        }
        catch (PartDamagedException e)
        {
            into.Truncate(before);
            damaged.Add(part, e);
        }
    }

    public void CollectNames(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into)
    {
        try
        {
            part.CollectNames(MatchersOf(sets), min, max, into);
        }
        catch (PartDamagedException e)
        {
            damaged.Add(part, e);
        }
    }

    public void CollectValues(string name, IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into)
    {
        try
        {
            part.CollectValues(name, MatchersOf(sets), min, max, into);
        }
        catch (PartDamagedException e)
        {
            damaged.Add(part, e);
        }
    }

    public void CollectSeries(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<LabelSet> into)
    {
        try
        {
            if (sets.Count == 0)
                AddSeries([], min, max, into);
            foreach (var set in sets)
                AddSeries(set.Matchers, min, max, into);
        }
        catch (PartDamagedException e)
        {
            damaged.Add(part, e);
        }
    }

    private void AddSeries(IReadOnlyList<Matcher> matchers, long min, long max, HashSet<LabelSet> into)
    {
        var found = part.Find(matchers, min, max);
        for (var i = 0; i < found.Count; i++)
            into.Add(part.Labels(found[i]));
    }

    private static IReadOnlyList<Matcher>[] MatchersOf(IReadOnlyList<ResolvedMatchers> sets)
    {
        var matchers = new IReadOnlyList<Matcher>[sets.Count];
        for (var i = 0; i < matchers.Length; i++)
            matchers[i] = sets[i].Matchers;
        return matchers;
    }
}

/// <summary>Parts in which readers met damage, for the writer to report. Any thread; bounded by the number of parts.</summary>
internal sealed class DamagedParts
{
    private readonly ConcurrentDictionary<PartFile, string> _found = new();

    public bool Any => !_found.IsEmpty;

    public void Add(PartFile part, PartDamagedException damage) => _found.TryAdd(part, damage.Damage);

    public IEnumerable<KeyValuePair<PartFile, string>> All => _found;
}
