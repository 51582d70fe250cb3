using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ActorMon.Protocol.Facts;

/// <summary>Texts, labels and selectors as facts carry them.</summary>
public static class FactTexts
{
    public static ByteString Bytes(string text) => UnsafeByteOperations.UnsafeWrap(ByteText.Encode(text));

    public static string Text(this ByteString bytes) => ByteText.Decode(bytes.Span);

    public static WireLabels ToWire(this LabelSet labels)
    {
        var wire = new WireLabels();
        foreach (ref readonly var label in labels.AsSpan())
        {
            wire.Texts.Add(Bytes(label.Name));
            wire.Texts.Add(Bytes(label.Value));
        }
        return wire;
    }

    /// <exception cref="FormatException">A name without a value.</exception>
    public static LabelSet FromWire(this WireLabels? wire)
    {
        if (wire is null)
            return LabelSet.Empty;
        if (wire.Texts.Count % 2 != 0)
            throw new FormatException("labels have a name without a value");
        var labels = new Label[wire.Texts.Count / 2];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = new Label(wire.Texts[2 * i].Text(), wire.Texts[2 * i + 1].Text());
        return LabelSet.FromSortedUnchecked(labels);
    }

    public static void Add(this RepeatedField<WireSelector> into, IReadOnlyList<IReadOnlyList<Matcher>> selectors)
    {
        foreach (var selector in selectors)
        {
            var wire = new WireSelector();
            foreach (var matcher in selector)
                wire.Matchers.Add(new WireMatcher { Operator = (int)matcher.Operator, Name = Bytes(matcher.Name), Value = Bytes(matcher.Value) });
            into.Add(wire);
        }
    }

    /// <exception cref="FormatException">An operator that is not known here, or a regular expression that is none.</exception>
    public static IReadOnlyList<IReadOnlyList<Matcher>> FromWire(this RepeatedField<WireSelector> wire)
    {
        var selectors = new List<IReadOnlyList<Matcher>>(wire.Count);
        foreach (var selector in wire)
        {
            var matchers = new List<Matcher>(selector.Matchers.Count);
            foreach (var matcher in selector.Matchers)
            {
                if (matcher.Operator is < 0 or > (int)MatchOperator.NotRegex)
                    throw new FormatException($"matchers with operator {matcher.Operator} are not known here");
                matchers.Add(new Matcher((MatchOperator)matcher.Operator, matcher.Name.Text(), matcher.Value.Text()));
            }
            selectors.Add(matchers);
        }
        return selectors;
    }
}
