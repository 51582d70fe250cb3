using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;
using ActorMon.Model.Names;
using ActorMon.Model.Text;

namespace ActorMon.Model.Labels;

/// <summary>
/// An immutable set of labels, sorted by name in UTF-8 byte order, names unique, no empty values unless it was built to hold them.
/// Equality is by content. A series' identity is its LabelSet, the metric name being the label <c>__name__</c>.
/// </summary>
public sealed class LabelSet : IEquatable<LabelSet>, IComparable<LabelSet>, IReadOnlyList<Label>
{
    public static readonly LabelSet Empty = new([]);

    private readonly Label[] _labels;
    private int _hashCode;
    private long _ownerTag;

    /// <summary>What <see cref="Sharding.Placement"/> found, or 0: each series of a write is placed at least twice.</summary>
    internal int PlacementCache;

    private LabelSet(Label[] sorted) => _labels = sorted;

    /// <summary>
    /// A note of whoever stores this set's series, in this process alone: who wrote it in the high half, its number of the series in the low one. 0: nothing noted.
    /// Not part of the content. Any thread may read and replace it; a store that finds another's note looks its own number up again.
    /// </summary>
    public long OwnerTag
    {
        get => Volatile.Read(ref _ownerTag);
        set => Volatile.Write(ref _ownerTag, value);
    }

    public int Count => _labels.Length;

    public Label this[int index] => _labels[index];

    public ReadOnlySpan<Label> AsSpan() => _labels;

    /// <summary>The value of <paramref name="name"/>, or "" when the label is absent (the peers make no difference).</summary>
    public string Get(string name)
    {
        // Label sets are small (5-15): a linear scan beats a binary search.
        foreach (ref readonly var label in _labels.AsSpan())
            if (label.Name.Length == name.Length && string.Equals(label.Name, name, StringComparison.Ordinal))
                return label.Value;
        return "";
    }

    public bool Has(string name)
    {
        foreach (ref readonly var label in _labels.AsSpan())
            if (string.Equals(label.Name, name, StringComparison.Ordinal))
                return true;
        return false;
    }

    /// <summary>The value of <c>__name__</c>, or "".</summary>
    public string MetricName => Get(LabelNames.MetricName);

    /// <summary>Labels from name, value, name, value ...; later ones win; empty values are left out.</summary>
    public static LabelSet Of(params ReadOnlySpan<string> namesAndValues)
    {
        if (namesAndValues.Length % 2 != 0)
            throw new ArgumentException("names and values must come in pairs", nameof(namesAndValues));
        var builder = new LabelSetBuilder();
        for (var i = 0; i < namesAndValues.Length; i += 2)
            builder.Set(namesAndValues[i], namesAndValues[i + 1]);
        return builder.Build();
    }

    public static LabelSet From(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var builder = new LabelSetBuilder();
        foreach (var (name, value) in pairs)
            builder.Set(name, value);
        return builder.Build();
    }

    /// <summary>Takes ownership of an array that is already sorted by name with unique names; nothing is checked.</summary>
    public static LabelSet FromSortedUnchecked(Label[] sorted) => sorted.Length == 0 ? Empty : new LabelSet(sorted);

    /// <summary>This set without the labels named.</summary>
    public LabelSet Without(params ReadOnlySpan<string> names) => Filter(names, keepNamed: false);

    /// <summary>This set with only the labels named.</summary>
    public LabelSet Keep(params ReadOnlySpan<string> names) => Filter(names, keepNamed: true);

    private LabelSet Filter(ReadOnlySpan<string> names, bool keepNamed)
    {
        var count = 0;
        foreach (ref readonly var label in _labels.AsSpan())
            count += names.Contains(label.Name) == keepNamed ? 1 : 0;
        if (count == _labels.Length)
            return this;
        var kept = new Label[count];
        var at = 0;
        foreach (ref readonly var label in _labels.AsSpan())
            if (names.Contains(label.Name) == keepNamed)
                kept[at++] = label;
        return FromSortedUnchecked(kept);
    }

    public bool Equals(LabelSet? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || other._labels.Length != _labels.Length || GetHashCode() != other.GetHashCode())
            return false;
        for (var i = 0; i < _labels.Length; i++)
            if (!string.Equals(_labels[i].Name, other._labels[i].Name, StringComparison.Ordinal)
                || !string.Equals(_labels[i].Value, other._labels[i].Value, StringComparison.Ordinal))
                return false;
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <summary>Process-local hash. What is stored or routed uses <see cref="Sharding.StableHash"/>.</summary>
    public override int GetHashCode()
    {
        if (_hashCode != 0)
            return _hashCode;
        var hash = new HashCode();
        foreach (ref readonly var label in _labels.AsSpan())
        {
            hash.Add(string.GetHashCode(label.Name.AsSpan()));
            hash.Add(string.GetHashCode(label.Value.AsSpan()));
        }
        var code = hash.ToHashCode();
        return _hashCode = code == 0 ? 1 : code;
    }

    /// <summary>The canonical order: label by label, name then value in byte order; a prefix comes first (Prometheus' labels.Compare).</summary>
    public int CompareTo(LabelSet? other)
    {
        if (other is null)
            return 1;
        var common = Math.Min(_labels.Length, other._labels.Length);
        for (var i = 0; i < common; i++)
        {
            var order = ByteText.Compare(_labels[i].Name, other._labels[i].Name);
            if (order == 0)
                order = ByteText.Compare(_labels[i].Value, other._labels[i].Value);
            if (order != 0)
                return order;
        }
        return _labels.Length.CompareTo(other._labels.Length);
    }

    public Enumerator GetEnumerator() => new(_labels);
    IEnumerator<Label> IEnumerable<Label>.GetEnumerator() => ((IEnumerable<Label>)_labels).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => _labels.GetEnumerator();

    /// <summary>The peer's text in errors, <c>{a="b", "c.d"="e"}</c>: values and names beyond the legacy alphabet quoted as in Go (labels.Labels.String).</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{");
        foreach (ref readonly var label in _labels.AsSpan())
        {
            if (text.Length > 1)
                text.Append(", ");
            text.Append(NameValidator.IsValidLabelName(label.Name, NameValidation.Legacy) ? label.Name : GoQuote.Quote(label.Name)).Append('=').Append(GoQuote.Quote(label.Value));
        }
        return text.Append('}').ToString();
    }

    public struct Enumerator(Label[] labels)
    {
        private int _index = -1;
        public readonly Label Current => labels[_index];
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext() => ++_index < labels.Length;
    }
}
