using System.Runtime.CompilerServices;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb.Deletion;

/// <summary>
/// The deletions of a partition at one moment, as its readers and rewriters ask them. A view whose partition has none pays a comparison. Which series of a table are
/// concerned is found once by the postings, and then only for series that came later. Immutable to its users; any thread.
/// </summary>
internal sealed class DeletionMask : IDeletedRanges
{
    private readonly ConditionalWeakTable<SeriesTable, HeadDeletions> _heads = [];
    private readonly RangeCombinations _combinations;

    public DeletionMask(DeletionLog log)
    {
        Log = log;
        _combinations = new RangeCombinations(log.Entries);
    }

    /// <summary>What hides here.</summary>
    public DeletionLog Log { get; }

    public bool IsEmpty => Log.Entries.IsEmpty;

    public long Version => Log.Version;

    /// <summary>The deleted times of each of the first <paramref name="count"/> series of a table; null: nothing of any is deleted.</summary>
    public SeriesRanges? In(SeriesTable table, int count) => _heads.GetValue(table, key => new HeadDeletions(key, Log, _combinations)).Upto(count);

    /// <summary>What deletions newer than <paramref name="applied"/> take of a series given by its labels; null: nothing.</summary>
    public DeletedRanges? Of(LabelSet labels, long applied = 0)
    {
        var combination = 0;
        for (var i = 0; i < Log.Entries.Length; i++)
            if (Log.Entries[i].Version > applied && Log.Entries[i].Matches(labels))
                combination = _combinations.With(combination, i);
        return _combinations[combination];
    }

    public void Hide(LabelSet labels, long applied, SampleBuffer samples) => Of(labels, applied)?.RemoveFrom(samples);

    /// <summary>A part, or another source whose numbers of series stay, behind the deletions it has not applied; itself when none is newer and of its times.</summary>
    public ISampleSource Over(ISampleSource source, long applied)
    {
        for (var i = 0; i < Log.Entries.Length; i++)
            if (Log.Entries[i].Version > applied && Log.Entries[i].Overlaps(source.MinTime, source.MaxTime))
                return new MaskedSource(source, Log, applied, _combinations);
        return source;
    }
}

/// <summary>Deleted times by series number.</summary>
internal sealed class SeriesRanges(int[] combinations, RangeCombinations ranges)
{
    /// <summary>Null: nothing of it is deleted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DeletedRanges? Of(int series)
    {
        var combination = combinations[series];
        return combination == 0 ? null : ranges[combination];
    }
}
