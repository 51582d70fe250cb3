using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Parts;

namespace ActorMon.Tsdb.Transfer;

/// <summary>All series of one part as it is, deleted samples too. The part stays the caller's.</summary>
public sealed class PartCursor(PartFile part) : ISeriesCursor
{
    private int _at = -1;

    public LabelSet Labels { get; private set; } = LabelSet.Empty;

    public bool Next()
    {
        if (++_at >= part.SeriesCount)
            return false;
        Labels = part.Labels(_at);
        return true;
    }

    public void Read(long min, long max, SampleBuffer into)
    {
        into.Clear();
        part.Read(_at, min, max, into);
        SampleMerge.Normalize(into);
    }

    public void Dispose()
    {
    }
}
