using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Foreign.Head;

namespace ActorMon.Tsdb.Transfer;

/// <summary>The loaded series of a Prometheus head.</summary>
/// <param name="head">Loaded for at least the series that <paramref name="wanted"/> takes.</param>
/// <param name="wanted">Null: all.</param>
public sealed class HeadCursor(ForeignHead head, Func<LabelSet, bool>? wanted = null) : ISeriesCursor
{
    private int _at = -1;

    public LabelSet Labels => head.LabelsAt(_at);

    public bool Next()
    {
        while (++_at < head.Count)
            if (wanted is null || wanted(head.LabelsAt(_at)))
                return true;
        return false;
    }

    public void Read(long min, long max, SampleBuffer into) => head.Read(_at, min, max, into);

    public void Dispose()
    {
    }
}
