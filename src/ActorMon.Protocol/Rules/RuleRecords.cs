using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Memory;
using Wire = ActorMon.Protocol.Serialization.RuleWire;

namespace ActorMon.Protocol.Rules;

/// <summary>Writes one record of a group's journal: texts and rules once, everything else names them by place.</summary>
internal sealed class RuleRecordWriter
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<RuleKey, int> _rulePlaces = [];

    public Wire.Texts Texts { get; } = new();

    public List<Wire.Rule> Rules { get; } = [];

    public int Rule(RuleKey key)
    {
        if (_rulePlaces.TryGetValue(key, out var place))
            return place;
        _rulePlaces.Add(key, Rules.Count);
        Rules.Add(new Wire.Rule { Name = Text(key.Name), Labels = Labels(key.Labels), Number = key.Number });
        return Rules.Count - 1;
    }

    public int Text(string text)
    {
        if (_places.TryGetValue(text, out var place))
            return place;
        _places.Add(text, Texts.Text.Count);
        Texts.Text.Add(text);
        return Texts.Text.Count - 1;
    }

    public Wire.Change Change(AlertEvent change, int rule) => new()
    {
        Rule = rule,
        Change_ = (int)change.Change,
        Labels = Labels(change.Labels),
        At = change.At.Value,
        Value = change.Value,
        ActiveAt = change.ActiveAt.Value,
        Annotations = Labels(change.Annotations),
    };

    public Wire.Alert Alert(Alert alert, int rule)
    {
        var wire = new Wire.Alert
        {
            Rule = rule,
            Labels = Labels(alert.Labels),
            State = (int)alert.State,
            ActiveAt = alert.ActiveAt.Value,
            Annotations = Labels(alert.Annotations),
            Value = alert.Value,
        };
        if (alert.FiredAt is { } fired)
            wire.FiredAt = fired.Value;
        if (alert.ResolvedAt is { } resolved)
            wire.ResolvedAt = resolved.Value;
        if (alert.KeepFiringSince is { } kept)
            wire.KeepFiringSince = kept.Value;
        if (alert.LastSentAt is { } sent)
            wire.LastSentAt = sent.Value;
        if (alert.ValidUntil is { } valid)
            wire.ValidUntil = valid.Value;
        return wire;
    }

    private Wire.Labels Labels(LabelSet labels)
    {
        var wire = new Wire.Labels();
        foreach (var label in labels)
        {
            wire.Text.Add(Text(label.Name));
            wire.Text.Add(Text(label.Value));
        }
        return wire;
    }
}

/// <summary>Reads one record of a group's journal.</summary>
internal sealed class RuleRecordReader
{
    private readonly Wire.Texts _texts;
    private readonly RuleKey[] _rules;

    public RuleRecordReader(Wire.Texts texts, IReadOnlyList<Wire.Rule> rules)
    {
        _texts = texts;
        _rules = new RuleKey[rules.Count];
        for (var i = 0; i < _rules.Length; i++)
            _rules[i] = new RuleKey(Text(rules[i].Name), Labels(rules[i].Labels), rules[i].Number);
    }

    public RuleKey Rule(int place) => _rules[place];

    public string Text(int place) => _texts.Text[place];

    public AlertEvent Change(Wire.Change wire) => new((AlertChange)wire.Change_, Labels(wire.Labels), new TimestampMs(wire.At), wire.Value)
    {
        ActiveAt = new TimestampMs(wire.ActiveAt),
        Annotations = Labels(wire.Annotations),
    };

    public Alert Alert(Wire.Alert wire) => new(Labels(wire.Labels), (AlertState)wire.State, new TimestampMs(wire.ActiveAt))
    {
        Annotations = Labels(wire.Annotations),
        Value = wire.Value,
        FiredAt = wire.HasFiredAt ? new TimestampMs(wire.FiredAt) : null,
        ResolvedAt = wire.HasResolvedAt ? new TimestampMs(wire.ResolvedAt) : null,
        KeepFiringSince = wire.HasKeepFiringSince ? new TimestampMs(wire.KeepFiringSince) : null,
        LastSentAt = wire.HasLastSentAt ? new TimestampMs(wire.LastSentAt) : null,
        ValidUntil = wire.HasValidUntil ? new TimestampMs(wire.ValidUntil) : null,
    };

    // An annotation may be empty, so the pairs are taken as they were written: sorted.
    private LabelSet Labels(Wire.Labels wire)
    {
        var labels = new Label[wire.Text.Count / 2];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = new Label(Text(wire.Text[2 * i]), Text(wire.Text[(2 * i) + 1]));
        return LabelSet.FromSortedUnchecked(labels);
    }
}
