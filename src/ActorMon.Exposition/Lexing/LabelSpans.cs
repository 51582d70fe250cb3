namespace ActorMon.Exposition.Lexing;

/// <summary>Where the metric name and the labels of one series lie in the document; reused from line to line.</summary>
internal sealed class LabelSpans
{
    private (int NameStart, int NameEnd, int ValueStart, int ValueEnd)[] _labels = new (int, int, int, int)[16];

    /// <summary>-1 while no metric name was seen.</summary>
    public int NameStart { get; private set; } = -1;
    public int NameEnd { get; private set; } = -1;
    public int Count { get; private set; }
    public bool HasName => NameStart >= 0;

    public ReadOnlySpan<(int NameStart, int NameEnd, int ValueStart, int ValueEnd)> Labels => _labels.AsSpan(0, Count);

    public void Reset()
    {
        NameStart = NameEnd = -1;
        Count = 0;
    }

    public void SetName(int start, int end)
    {
        NameStart = start;
        NameEnd = end;
    }

    public void Add(int nameStart, int nameEnd, int valueStart, int valueEnd)
    {
        if (Count == _labels.Length)
            Array.Resize(ref _labels, Count * 2);
        _labels[Count++] = (nameStart, nameEnd, valueStart, valueEnd);
    }

    public void CopyFrom(LabelSpans other)
    {
        Reset();
        SetName(other.NameStart, other.NameEnd);
        foreach (ref readonly var label in other.Labels)
            Add(label.NameStart, label.NameEnd, label.ValueStart, label.ValueEnd);
    }
}
