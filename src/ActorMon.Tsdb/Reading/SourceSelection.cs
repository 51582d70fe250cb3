using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Head;

namespace ActorMon.Tsdb.Reading;

/// <summary>Series that one source of a view holds alone; keeps the sources of its times alive and nothing else.</summary>
internal sealed class SourceSelection(ISampleSource source, SeriesRun series, LostSamples lost, long min, long max) : ISeriesSelection
{
    public int Count => series.Count;

    public IReadOnlyList<string> Warnings => lost.Warnings;

    public LabelSet LabelsAt(int index) => series.Labels[index];

    public void Read(int index, SampleBuffer into)
    {
        into.Clear();
        source.Read(series.Ids[index], min, max, into);
        SampleMerge.Normalize(into);
    }

    public void Dispose()
    {
        // The view's memory belongs to the garbage collector; the contract lets other sources free theirs.
    }
}
