using System.Runtime.CompilerServices;
using ActorMon.Model.Labels;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Deletion;

/// <summary>
/// The deletions that hide samples of a view. Readers of a partition without pending deletions have none (null) and pay a comparison. Which series of a table are concerned
/// is found once by the postings, and then only for series that came later. Immutable to its users; any thread.
/// </summary>
internal sealed class DeletionMask
{
    private readonly ConditionalWeakTable<SeriesTable, HeadDeletions> _heads = [];
    private readonly RangeCombinations _combinations;

    private DeletionMask(DeletionLog log)
    {
        Log = log;
        _combinations = new RangeCombinations(log.Entries);
    }

    /// <summary>What hides here.</summary>
    public DeletionLog Log { get; }

    /// <summary>Null when the log hides nothing.</summary>
    public static DeletionMask? Of(DeletionLog log) => log.Entries.IsEmpty ? null : new DeletionMask(log);

    /// <summary>The deleted times of each of the first <paramref name="count"/> series of a table; null: nothing of any is deleted.</summary>
    public SeriesRanges? In(SeriesTable table, int count) => _heads.GetValue(table, key => new HeadDeletions(key, Log, _combinations)).Upto(count);

    /// <summary>The deleted times of a series given by its labels; null: nothing of it is deleted.</summary>
    public DeletedRanges? Of(LabelSet labels)
    {
        var combination = 0;
        for (var i = 0; i < Log.Entries.Length; i++)
            if (Log.Entries[i].Matches(labels))
                combination = _combinations.With(combination, i);
        return _combinations[combination];
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
