using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Transfer;

/// <summary>The series of a selection, which it owns. <see cref="Read"/> gives the selection's times only.</summary>
public sealed class SelectionCursor(ISeriesSelection selection) : ISeriesCursor
{
    private readonly SampleBuffer _all = new();
    private int _at = -1;

    public LabelSet Labels => selection.LabelsAt(_at);

    public bool Next() => ++_at < selection.Count;

    public void Read(long min, long max, SampleBuffer into)
    {
        if (min == long.MinValue && max == long.MaxValue)
        {
            selection.Read(_at, into);
            return;
        }
        selection.Read(_at, _all);
        into.Clear();
        Foreign.DeletedTimes.CopyKept(_all, null, min, max, into);
    }

    public void Dispose() => selection.Dispose();
}
