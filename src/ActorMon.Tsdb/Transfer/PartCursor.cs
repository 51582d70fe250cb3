using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Parts;

namespace ActorMon.Tsdb.Transfer;

/// <summary>Series of one part as it is, deleted samples too. The part stays the caller's.</summary>
/// <param name="part">The part.</param>
/// <param name="chosen">Which series; null: all.</param>
public sealed class PartCursor(PartFile part, PartSeries? chosen = null) : ISeriesCursor
{
    private int _next;
    private int _id;

    public LabelSet Labels { get; private set; } = LabelSet.Empty;

    public bool Next()
    {
        if (_next >= (chosen?.Count ?? part.SeriesCount))
            return false;
        _id = chosen is null ? _next : chosen[_next];
        _next++;
        Labels = part.Labels(_id);
        return true;
    }

    public void Read(long min, long max, SampleBuffer into)
    {
        into.Clear();
        part.Read(_id, min, max, into);
        SampleMerge.Normalize(into);
    }

    public void Dispose()
    {
    }
}
