using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Reading;

/// <summary>Series of one view, sorted by labels; keeps the view alive and nothing else.</summary>
internal sealed class PartitionSelection(PartitionView view, LabelSet[] labels, int[] series, long min, long max) : ISeriesSelection
{
    public int Count => labels.Length;

    public LabelSet LabelsAt(int index) => labels[index];

    public void Read(int index, SampleBuffer into) => view.Read(series[index], min, max, into);

    public void Dispose()
    {
        // The view's memory belongs to the garbage collector; the contract lets other sources free theirs.
    }
}
