using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Relabelling;

namespace ActorMon.Scraping.Samples;

/// <summary>
/// Exposed labels -> labels of the stored series: target labels by the rule of honor_labels, then metric relabelling (Prometheus' mutateSampleLabels). Works on a reused
/// builder; runs only for series the cache does not know.
/// </summary>
internal sealed class SampleLabels(LabelSet target, bool honorLabels, IReadOnlyList<RelabelRule> rules)
{
    private readonly List<Label> _conflicts = [];

    /// <summary>False: relabelling drops the series.</summary>
    /// <param name="exposed">The labels as exposed; the result afterwards.</param>
    /// <param name="rawKey">The series as exposed: labels written with an empty value show only there.</param>
    public bool Apply(LabelSetBuilder exposed, ReadOnlySpan<byte> rawKey)
    {
        if (honorLabels)
            AddAbsent(exposed, rawKey);
        else
            AddOver(exposed);
        return Relabeller.Apply(exposed, rules) && exposed.Count > 0;
    }

    private void AddAbsent(LabelSetBuilder exposed, ReadOnlySpan<byte> rawKey)
    {
        foreach (ref readonly var label in target.AsSpan())
            if (!exposed.Has(label.Name) && !EmptyLabelScan.Has(rawKey, label.Name))
                exposed.Set(label.Name, label.Value);
    }

    private void AddOver(LabelSetBuilder exposed)
    {
        _conflicts.Clear();
        foreach (ref readonly var label in target.AsSpan())
        {
            var taken = exposed.Get(label.Name);
            if (taken.Length > 0)
                _conflicts.Add(new Label(label.Name, taken));
            exposed.Set(label.Name, label.Value);
        }
        if (_conflicts.Count == 0)
            return;
        // Shorter names first, others in label order (List.Sort is not stable, and there are few).
        for (var i = 1; i < _conflicts.Count; i++)
            for (var j = i; j > 0 && _conflicts[j].Name.Length < _conflicts[j - 1].Name.Length; j--)
                (_conflicts[j], _conflicts[j - 1]) = (_conflicts[j - 1], _conflicts[j]);
        foreach (var conflict in _conflicts)
        {
            var name = LabelNames.ExportedPrefix + conflict.Name;
            while (exposed.Has(name))
                name = LabelNames.ExportedPrefix + name;
            exposed.Set(name, conflict.Value);
        }
    }
}

/// <summary>Finds labels exposed with an empty value, which a label set does not hold: with honor_labels they keep the target's label away.</summary>
internal static class EmptyLabelScan
{
    public static bool Has(ReadOnlySpan<byte> rawKey, string label)
    {
        // Most keys have none; looking for the two quotes is one vectorised pass.
        if (rawKey.IndexOf("\"\""u8) < 0)
            return false;
        var name = Encoding.UTF8.GetBytes(label);
        var at = rawKey.IndexOf((byte)'{') + 1;
        while (at > 0 && at < rawKey.Length)
        {
            at = SkipBlanks(rawKey, at);
            var nameStart = at;
            var quoted = at < rawKey.Length && rawKey[at] == '"';
            at = quoted ? EndOfQuoted(rawKey, at) : EndOfName(rawKey, at);
            var exposed = quoted ? rawKey[(nameStart + 1)..Math.Max(nameStart + 1, at - 1)] : rawKey[nameStart..at];
            at = SkipBlanks(rawKey, at);
            if (at >= rawKey.Length || rawKey[at] is (byte)'}')
                return false;
            if (rawKey[at] != '=')
            {
                at++;
                continue;
            }
            var valueStart = SkipBlanks(rawKey, at + 1);
            at = EndOfQuoted(rawKey, valueStart);
            if (at - valueStart == 2 && exposed.SequenceEqual(name))
                return true;
            at = SkipBlanks(rawKey, at);
            if (at < rawKey.Length && rawKey[at] == ',')
                at++;
        }
        return false;
    }

    private static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t')
            at++;
        return at;
    }

    private static int EndOfName(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is not ((byte)'=' or (byte)',' or (byte)'}' or (byte)' ' or (byte)'\t'))
            at++;
        return at;
    }

    private static int EndOfQuoted(ReadOnlySpan<byte> text, int at)
    {
        for (at++; at < text.Length && text[at] != '"'; at++)
            if (text[at] == '\\')
                at++;
        return Math.Min(at + 1, text.Length);
    }
}
