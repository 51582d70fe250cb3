using ActorMon.Model.Text;

namespace ActorMon.Model.Labels;

/// <summary>
/// A mutable label set. Setting a label to "" removes it. Reusable: <see cref="Reset(LabelSet)"/> starts over from a base. Not thread-safe.
/// </summary>
public sealed class LabelSetBuilder
{
    private readonly List<Label> _labels = new(16);
    private bool _sorted = true;

    public LabelSetBuilder() { }

    public LabelSetBuilder(LabelSet from) => Reset(from);

    public int Count => _labels.Count;

    public void Reset()
    {
        _labels.Clear();
        _sorted = true;
    }

    public void Reset(LabelSet from)
    {
        _labels.Clear();
        _labels.AddRange(from.AsSpan());
        _sorted = true;
    }

    /// <summary>The value of the label, or "" when absent.</summary>
    public string Get(string name)
    {
        var at = IndexOf(name);
        return at < 0 ? "" : _labels[at].Value;
    }

    public bool Has(string name) => IndexOf(name) >= 0;

    /// <summary>Sets or replaces a label; "" removes it.</summary>
    public LabelSetBuilder Set(string name, string value)
    {
        var at = IndexOf(name);
        if (value.Length == 0)
        {
            if (at >= 0)
                _labels.RemoveAt(at);
            return this;
        }
        if (at >= 0)
        {
            _labels[at] = new Label(name, value);
            return this;
        }
        if (_sorted && _labels.Count > 0 && ByteText.Compare(_labels[^1].Name, name) > 0)
            _sorted = false;
        _labels.Add(new Label(name, value));
        return this;
    }

    public LabelSetBuilder Remove(string name) => Set(name, "");

    /// <summary>The labels as they stand, in no promised order; a snapshot, safe to change the builder while looping.</summary>
    public Label[] Snapshot() => [.. _labels];

    public LabelSet Build()
    {
        if (_labels.Count == 0)
            return LabelSet.Empty;
        if (!_sorted)
        {
            _labels.Sort(static (a, b) => ByteText.Compare(a.Name, b.Name));
            _sorted = true;
        }
        return LabelSet.FromSortedUnchecked([.. _labels]);
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < _labels.Count; i++)
            if (string.Equals(_labels[i].Name, name, StringComparison.Ordinal))
                return i;
        return -1;
    }
}
