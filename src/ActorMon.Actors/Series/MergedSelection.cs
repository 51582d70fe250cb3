using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Actors.Series;

/// <summary>
/// Selections of several partitions as one, in canonical series order whatever the placement. A series lies in one partition, so nothing is merged but the order.
/// </summary>
public sealed class MergedSelection : ISeriesSelection
{
    private readonly IReadOnlyList<ISeriesSelection> _parts;
    private readonly (int Part, int Index)[] _order;

    private MergedSelection(IReadOnlyList<ISeriesSelection> parts, (int Part, int Index)[] order)
    {
        _parts = parts;
        _order = order;
    }

    public int Count => _order.Length;

    /// <summary>Takes ownership of the parts, each sorted.</summary>
    public static ISeriesSelection Of(IReadOnlyList<ISeriesSelection> parts)
    {
        var total = 0;
        foreach (var part in parts)
            total += part.Count;
        var order = new (int Part, int Index)[total];
        var heads = new PriorityQueue<(int Part, int Index), LabelSet>(parts.Count);
        for (var p = 0; p < parts.Count; p++)
            if (parts[p].Count > 0)
                heads.Enqueue((p, 0), parts[p].LabelsAt(0));
        for (var i = 0; i < total; i++)
        {
            var head = heads.Peek();
            order[i] = head;
            var next = head.Index + 1;
            if (next < parts[head.Part].Count)
                heads.DequeueEnqueue((head.Part, next), parts[head.Part].LabelsAt(next));
            else
                heads.Dequeue();
        }
        return new MergedSelection(parts, order);
    }

    public LabelSet LabelsAt(int index) => _parts[_order[index].Part].LabelsAt(_order[index].Index);

    public void Read(int index, SampleBuffer into) => _parts[_order[index].Part].Read(_order[index].Index, into);

    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
    }
}
