using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Tool.Tsdb;

/// <summary>Those series of a cursor that match any of the sets (none: all). Owns the cursor.</summary>
internal sealed class FilteringCursor(ISeriesCursor cursor, IReadOnlyList<IReadOnlyList<Matcher>> sets) : ISeriesCursor
{
    public LabelSet Labels => cursor.Labels;

    public static bool Matches(LabelSet labels, IReadOnlyList<IReadOnlyList<Matcher>> sets)
    {
        foreach (var set in sets)
            if (set.All(m => m.Matches(labels)))
                return true;
        return sets.Count == 0;
    }

    public bool Next()
    {
        while (cursor.Next())
            if (Matches(cursor.Labels, sets))
                return true;
        return false;
    }

    public void Read(long min, long max, SampleBuffer into) => cursor.Read(min, max, into);

    public void Dispose() => cursor.Dispose();
}
