using System.Collections.Concurrent;
using System.Globalization;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Parts;

namespace ActorMon.Tsdb.Reading;

/// <summary>
/// A part in a view. What of it is damaged is left out, the rest of the query goes on; the part remembers (<see cref="PartFile.Damages"/>) and the writer reports it.
/// Holds the part open until it is collected with the last view that has it.
/// </summary>
internal sealed class PartSource : ISampleSource
{
    private readonly PartFile _part;
    private readonly DamagedParts _damaged;

    public PartSource(PartFile part, DamagedParts damaged)
    {
        part.AddReference();
        _part = part;
        _damaged = damaged;
    }

    // Views are never disposed: only the collector knows who was the last.
    ~PartSource() => _part?.Release();

    public PartFile Part => _part;

    public long MinTime => _part.MinTime;

    public long MaxTime => _part.MaxTime;

    public string? Lost(long min, long max)
    {
        if (_part.LostWithin(min, max) is not { } lost)
            return null;
        var number = string.Create(CultureInfo.InvariantCulture, $"p-{_part.Header.Partition.Value:D2}/{_part.Header.Sequence}");
        return $"results are incomplete: samples from {TimeText(lost.From)} to {TimeText(lost.To)} may be missing: part {number} is damaged: {lost.Damage}";
    }

    public SeriesRun Select(ResolvedMatchers matchers, long min, long max)
    {
        try
        {
            var found = _part.Find(matchers.Matchers, min, max);
            if (found.Count == 0)
                return SeriesRun.Empty;
            var ids = new int[found.Count];
            var labels = new LabelSet[ids.Length];
            for (var i = 0; i < ids.Length; i++)
            {
                ids[i] = found[i];
                labels[i] = _part.Labels(ids[i]);
            }
            return new SeriesRun(labels, ids);
        }
        catch (PartDamagedException e)
        {
            _damaged.Add(_part, e);
            return SeriesRun.Empty;
        }
    }

    public bool Overlaps(int id, long min, long max)
    {
        try
        {
            return _part.Overlaps(id, min, max);
        }
        catch (PartDamagedException e)
        {
            _damaged.Add(_part, e);
            return false;
        }
    }

    public void Read(int id, long min, long max, SampleBuffer into)
    {
        var before = into.Count;
        try
        {
            _part.Read(id, min, max, into);
        }
        catch (PartDamagedException e)
        {
            into.Truncate(before);
            _damaged.Add(_part, e);
        }
    }

    public void CollectNames(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into)
    {
        try
        {
            if (sets.Count == 0 && min <= MinTime && max >= MaxTime)
                _part.CollectNames(into);
            else
                foreach (var matchers in MatchersOf(sets))
                    _part.CollectNames(_part.Find(matchers, min, max), into);
        }
        catch (PartDamagedException e)
        {
            _damaged.Add(_part, e);
        }
    }

    public void CollectValues(string name, IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into)
    {
        try
        {
            if (sets.Count == 0 && min <= MinTime && max >= MaxTime)
                _part.CollectValues(name, into);
            else
                foreach (var matchers in MatchersOf(sets))
                    _part.CollectValues(name, _part.Find(matchers, min, max), into);
        }
        catch (PartDamagedException e)
        {
            _damaged.Add(_part, e);
        }
    }

    public void CollectSeries(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<LabelSet> into)
    {
        try
        {
            foreach (var matchers in MatchersOf(sets))
            {
                var found = _part.Find(matchers, min, max);
                for (var i = 0; i < found.Count; i++)
                    into.Add(_part.Labels(found[i]));
            }
        }
        catch (PartDamagedException e)
        {
            _damaged.Add(_part, e);
        }
    }

    private static string TimeText(long time) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(time, -62_135_596_800_000, 253_402_300_799_999))
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>No set: all series.</summary>
    private static IReadOnlyList<Matcher>[] MatchersOf(IReadOnlyList<ResolvedMatchers> sets)
    {
        if (sets.Count == 0)
            return [[]];
        var matchers = new IReadOnlyList<Matcher>[sets.Count];
        for (var i = 0; i < matchers.Length; i++)
            matchers[i] = sets[i].Matchers;
        return matchers;
    }
}

/// <summary>Parts in whose index readers met damage, for the writer to report. Any thread; bounded by the number of parts.</summary>
internal sealed class DamagedParts
{
    private readonly ConcurrentDictionary<PartFile, string> _found = new();

    public void Add(PartFile part, PartDamagedException damage) => _found.TryAdd(part, damage.Damage);

    public IEnumerable<KeyValuePair<PartFile, string>> All => _found;
}
