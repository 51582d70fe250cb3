using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Text;
using ActorMon.RemoteWrite.Wire;

namespace ActorMon.RemoteWrite.Decoding;

/// <summary>Collects Label messages and makes a checked, sorted label set of them.</summary>
internal sealed class LabelDecoder
{
    private readonly LabelTexts _texts = new();
    private readonly List<Label> _labels = new(32);

    public void Clear() => _labels.Clear();

    /// <summary>Reads one Label message; the fault of the wire or null.</summary>
    public string? Add(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        ReadOnlySpan<byte> name = default, value = default;
        while (reader.TryNext())
        {
            if (reader.Field == 1)
                name = reader.BytesField("Name");
            else if (reader.Field == 2)
                value = reader.BytesField("Value");
            else
                reader.Skip();
        }
        if (reader.Error is null)
            _labels.Add(new Label(_texts.Get(name), _texts.Get(value)));
        return reader.Error;
    }

    /// <summary>The labels collected, sorted; empty values are checked like others and then left out.</summary>
    public SeriesLabels Build(bool needsMetricName)
    {
        var labels = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_labels);
        if (!IsSorted(labels))
            labels.Sort(static (a, b) => ByteText.Compare(a.Name, b.Name));
        var fault = needsMetricName ? Check(labels) : LabelFault.None;
        var empty = 0;
        foreach (ref readonly var label in labels)
            if (label.Value.Length == 0)
                empty++;
        if (empty == 0)
            return new SeriesLabels(LabelSet.FromSortedUnchecked(labels.ToArray()), fault);
        var kept = new Label[labels.Length - empty];
        var at = 0;
        foreach (ref readonly var label in labels)
            if (label.Value.Length > 0)
                kept[at++] = label;
        return new SeriesLabels(LabelSet.FromSortedUnchecked(kept), fault);
    }

    private static LabelFault Check(ReadOnlySpan<Label> sorted)
    {
        var hasName = false;
        var fault = LabelFault.None;
        for (var i = 0; i < sorted.Length; i++)
        {
            ref readonly var label = ref sorted[i];
            if (label.Name == LabelNames.MetricName)
            {
                hasName = true;
                if (!NameValidator.IsValidMetricName(label.Value, NameValidation.Utf8))
                    fault = LabelFault.Invalid;
            }
            if (!NameValidator.IsValidLabelName(label.Name, NameValidation.Utf8) || !NameValidator.IsValidLabelValue(label.Value))
                fault = LabelFault.Invalid;
            if (fault == LabelFault.None && i > 0 && sorted[i - 1].Name == label.Name)
                fault = LabelFault.Duplicate;
        }
        return hasName ? fault : LabelFault.NoMetricName;
    }

    private static bool IsSorted(ReadOnlySpan<Label> labels)
    {
        for (var i = 1; i < labels.Length; i++)
            if (ByteText.Compare(labels[i - 1].Name, labels[i].Name) > 0)
                return false;
        return true;
    }
}
