using ActorMon.Model.Bytes;
using ActorMon.Model.Labels;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>
/// Label sets one after the other, each as its difference to the one before: labels that both begin with, labels that both end with, and those between by numbers of
/// texts. A text is sent once, when it comes first.
/// <code>
/// same head | same tail | between | (name, value) each       text: 0 and the bytes, or 1 + its number
/// </code>
/// </summary>
internal sealed class LabelStreamWriter
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private LabelSet _before = LabelSet.Empty;

    public int Texts => _numbers.Count;

    /// <summary>Forgets the texts; the reader must do so at the same place.</summary>
    public void Reset()
    {
        _numbers.Clear();
        _before = LabelSet.Empty;
    }

    public void Write(ByteWriter to, LabelSet labels)
    {
        var now = labels.AsSpan();
        var before = _before.AsSpan();
        var most = Math.Min(now.Length, before.Length);
        var head = 0;
        while (head < most && now[head] == before[head])
            head++;
        var tail = 0;
        while (tail < most - head && now[^(tail + 1)] == before[^(tail + 1)])
            tail++;
        to.Number((ulong)head);
        to.Number((ulong)tail);
        var between = now[head..^tail];
        to.Number((ulong)between.Length);
        foreach (ref readonly var label in between)
        {
            Text(to, label.Name);
            Text(to, label.Value);
        }
        _before = labels;
    }

    private void Text(ByteWriter to, string text)
    {
        if (_numbers.TryGetValue(text, out var number))
        {
            to.Number((ulong)number);
            return;
        }
        _numbers.Add(text, _numbers.Count + 1);
        to.Byte(0);
        to.Text(text);
    }
}

/// <summary>Reads what <see cref="LabelStreamWriter"/> wrote; equal texts come back as one object.</summary>
internal sealed class LabelStreamReader
{
    private readonly List<string> _texts = [];
    private LabelSet _before = LabelSet.Empty;

    public void Reset()
    {
        _texts.Clear();
        _before = LabelSet.Empty;
    }

    /// <summary>Any set when the bytes are damaged; the reader has failed then. Names ascend.</summary>
    public LabelSet Read(ref ByteReader from)
    {
        var head = from.Number(_before.Count);
        var tail = from.Number(_before.Count - head);
        var between = from.Count();
        if (from.Failed)
            return LabelSet.Empty;
        var labels = new Label[head + between + tail];
        _before.AsSpan()[..head].CopyTo(labels);
        for (var i = 0; i < between; i++)
            labels[head + i] = new Label(Text(ref from), Text(ref from));
        _before.AsSpan()[^tail..].CopyTo(labels.AsSpan(head + between));
        for (var i = Math.Max(1, head); i < Math.Min(labels.Length, head + between + 1); i++)
            if (Model.Text.ByteText.Compare(labels[i - 1].Name, labels[i].Name) >= 0)
                from.Fail();
        return from.Failed ? LabelSet.Empty : _before = LabelSet.FromSortedUnchecked(labels);
    }

    private string Text(ref ByteReader from)
    {
        var number = from.Number(_texts.Count);
        if (number > 0)
            return _texts[number - 1];
        var text = from.Text();
        _texts.Add(text);
        return text;
    }
}
