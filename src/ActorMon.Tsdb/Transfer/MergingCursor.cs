using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Foreign;
using ActorMon.Tsdb.Head;

namespace ActorMon.Tsdb.Transfer;

/// <summary>Several databases as one: a series that stands in several of them comes once, with the samples of all. Owns them.</summary>
public sealed class MergingCursor : ISeriesCursor
{
    private readonly IReadOnlyList<ISeriesCursor> _all;
    private readonly PriorityQueue<ISeriesCursor, LabelSet> _waiting = new();
    private readonly List<ISeriesCursor> _current = [];
    private readonly SampleBuffer _one = new();

    public MergingCursor(IReadOnlyList<ISeriesCursor> cursors)
    {
        _all = cursors;
        _current.AddRange(cursors);
    }

    public LabelSet Labels { get; private set; } = LabelSet.Empty;

    public bool Next()
    {
        foreach (var cursor in _current)
            if (cursor.Next())
                _waiting.Enqueue(cursor, cursor.Labels);
        _current.Clear();
        if (!_waiting.TryDequeue(out var first, out _))
            return false;
        Labels = first.Labels;
        _current.Add(first);
        while (_waiting.TryPeek(out var next, out var labels) && labels.Equals(Labels))
            _current.Add(_waiting.Dequeue());
        return true;
    }

    public void Read(long min, long max, SampleBuffer into)
    {
        into.Clear();
        foreach (var cursor in _current)
        {
            cursor.Read(min, max, _one);
            DeletedTimes.CopyKept(_one, null, min, max, into);
        }
        SampleMerge.Normalize(into);
    }

    public void Dispose()
    {
        foreach (var cursor in _all)
            cursor.Dispose();
    }
}
