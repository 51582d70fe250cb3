using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Text;

namespace ActorMon.Model.Relabelling;

/// <summary>Applies relabelling rules in order (Prometheus' model/relabel). Rules have passed <see cref="RelabelRuleValidation"/>.</summary>
public static class Relabeller
{
    private const char DottedI = '\u0130';
    private const char DotlessI = '\u0131';
    private const char LongS = '\u017F';
    private const char KelvinSign = '\u212A';

    /// <summary>Changes the labels; false when a rule drops them (they are then in an unfinished state).</summary>
    public static bool Apply(LabelSetBuilder labels, IReadOnlyList<RelabelRule> rules, NameValidation names = NameValidation.Utf8)
    {
        for (var i = 0; i < rules.Count; i++)
            if (!Apply(labels, rules[i], names))
                return false;
        return true;
    }

    /// <summary>Applies the rules to a label set; null when a rule drops it. The same instance comes back when nothing changed.</summary>
    public static LabelSet? Apply(LabelSet labels, IReadOnlyList<RelabelRule> rules, NameValidation names = NameValidation.Utf8)
    {
        if (rules.Count == 0)
            return labels;
        var builder = new LabelSetBuilder(labels);
        if (!Apply(builder, rules, names))
            return null;
        var result = builder.Build();
        return result.Equals(labels) ? labels : result;
    }

    private static bool Apply(LabelSetBuilder labels, RelabelRule rule, NameValidation names)
    {
        switch (rule.Action)
        {
            case RelabelAction.Drop:
                return !rule.Regex.IsMatch(SourceValue(labels, rule));
            case RelabelAction.Keep:
                return rule.Regex.IsMatch(SourceValue(labels, rule));
            case RelabelAction.DropEqual:
                return labels.Get(rule.TargetLabel) != SourceValue(labels, rule);
            case RelabelAction.KeepEqual:
                return labels.Get(rule.TargetLabel) == SourceValue(labels, rule);
            case RelabelAction.Replace:
                Replace(labels, rule, names);
                return true;
            case RelabelAction.Lowercase:
                labels.Set(rule.TargetLabel, Lower(SourceValue(labels, rule)));
                return true;
            case RelabelAction.Uppercase:
                labels.Set(rule.TargetLabel, Upper(SourceValue(labels, rule)));
                return true;
            case RelabelAction.HashMod:
                labels.Set(rule.TargetLabel, HashMod(SourceValue(labels, rule), rule.Modulus));
                return true;
            case RelabelAction.LabelMap:
                foreach (var label in labels.Snapshot())
                    if (rule.Regex.TryExpand(label.Name, rule.Replacement, out var mapped) && mapped.Length > 0)
                        labels.Set(mapped, label.Value);
                return true;
            case RelabelAction.LabelDrop:
            case RelabelAction.LabelKeep:
                var drop = rule.Action == RelabelAction.LabelDrop;
                foreach (var label in labels.Snapshot())
                    if (rule.Regex.IsMatch(label.Name) == drop)
                        labels.Remove(label.Name);
                return true;
            default:
                throw new ArgumentOutOfRangeException(nameof(rule), rule.Action, "unknown relabel action");
        }
    }

    private static void Replace(LabelSetBuilder labels, RelabelRule rule, NameValidation names)
    {
        var value = SourceValue(labels, rule);
        // The form that sets or removes a fixed label; like the peer it does not look at the name's validity.
        if (value.Length == 0 && ReferenceEquals(rule.Regex, RelabelRule.DefaultRegex) && !HasVariable(rule.TargetLabel) && !HasVariable(rule.Replacement))
        {
            labels.Set(rule.TargetLabel, rule.Replacement);
            return;
        }
        if (rule.Regex.TryExpand(value, rule.TargetLabel, rule.Replacement, out var target, out var replacement) && NameValidator.IsValidLabelName(target, names))
            labels.Set(target, replacement);
    }

    private static string SourceValue(LabelSetBuilder labels, RelabelRule rule)
    {
        var sources = rule.SourceLabels;
        switch (sources.Length)
        {
            case 0:
                return "";
            case 1:
                return labels.Get(sources[0]);
            default:
                var values = new string[sources.Length];
                for (var i = 0; i < sources.Length; i++)
                    values[i] = labels.Get(sources[i]);
                return string.Join(rule.Separator, values);
        }
    }

    /// <summary>The last eight bytes of the value's MD5, big-endian, modulo the modulus.</summary>
    private static string HashMod(string value, ulong modulus)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
#pragma warning disable CA5351 // The peers' sharding hash; nothing is protected by it.
        MD5.HashData(ByteText.Encode(value), hash);
#pragma warning restore CA5351
        return (BinaryPrimitives.ReadUInt64BigEndian(hash[8..]) % modulus).ToString(CultureInfo.InvariantCulture);
    }

    // Go maps these by the Unicode tables; the invariant culture leaves them alone.
    private static string Lower(string value) => value.Replace(DottedI, 'i').Replace(KelvinSign, 'k').ToLowerInvariant();

    private static string Upper(string value) => value.Replace(DotlessI, 'I').Replace(LongS, 'S').ToUpperInvariant();

    private static bool HasVariable(string template) => template.Contains('$', StringComparison.Ordinal);
}
