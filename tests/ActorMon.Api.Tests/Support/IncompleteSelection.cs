using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Api.Tests.Support;

/// <summary>A selection that says what it lacks.</summary>
internal sealed class IncompleteSelection(ISeriesSelection inner, IReadOnlyList<string> missing) : ISeriesSelection
{
    public int Count => inner.Count;

    public IReadOnlyList<string> Warnings => missing;

    public LabelSet LabelsAt(int index) => inner.LabelsAt(index);

    public void Read(int index, SampleBuffer into) => inner.Read(index, into);

    public void Dispose() => inner.Dispose();
}
