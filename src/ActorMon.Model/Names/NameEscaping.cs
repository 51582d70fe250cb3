using System.Buffers;
using System.Globalization;
using System.Text;

namespace ActorMon.Model.Names;

/// <summary>How names beyond the legacy alphabet are written for readers that know only that (the <c>escaping</c> term of content types).</summary>
public enum EscapingScheme : byte
{
    /// <summary><c>allow-utf-8</c>: as they are.</summary>
    None = 0,

    /// <summary><c>underscores</c>: every other character becomes an underscore. Not reversible.</summary>
    Underscores = 1,

    /// <summary><c>dots</c>: dots become _dot_, underscores are doubled, every other character becomes two underscores.</summary>
    Dots = 2,

    /// <summary><c>values</c>: U__ in front, every other character as its hexadecimal code point between underscores, underscores doubled.</summary>
    Values = 3,
}

/// <summary>Escapes and unescapes metric and label names (Prometheus' model.EscapeName).</summary>
public static class NameEscaping
{
    private const string ValuesPrefix = "U__";
    private const int MaxCodeDigits = 6;

    /// <summary>The scheme's name in a content type.</summary>
    public static string NameOf(EscapingScheme scheme) => scheme switch
    {
        EscapingScheme.None => "allow-utf-8",
        EscapingScheme.Underscores => "underscores",
        EscapingScheme.Dots => "dots",
        _ => "values",
    };

    /// <summary>The scheme by its name in a content type; false when the name is unknown.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out EscapingScheme scheme)
    {
        EscapingScheme? found = name switch
        {
            "allow-utf-8" => EscapingScheme.None,
            "underscores" => EscapingScheme.Underscores,
            "dots" => EscapingScheme.Dots,
            "values" => EscapingScheme.Values,
            _ => null,
        };
        scheme = found ?? default;
        return found is not null;
    }

    public static string Escape(string name, EscapingScheme scheme)
    {
        if (name.Length == 0 || scheme == EscapingScheme.None)
            return name;
        // Dots doubles underscores of legacy names as well; the other schemes leave those names alone.
        if (scheme != EscapingScheme.Dots && NameValidator.IsValidMetricName(name, NameValidation.Legacy))
            return name;
        var text = new StringBuilder(name.Length + 8);
        if (scheme == EscapingScheme.Values)
            text.Append(ValuesPrefix);
        for (var at = 0; at < name.Length;)
        {
            // What does not decode (an invalid byte) counts as U+FFFD.
            Rune.DecodeFromUtf16(name.AsSpan(at), out var rune, out var used);
            var isLegacy = rune.IsAscii && (char.IsAsciiLetter((char)rune.Value) || rune.Value is '_' or ':' || (at > 0 && char.IsAsciiDigit((char)rune.Value)));
            Append(text, rune, isLegacy, scheme);
            at += used;
        }
        return text.ToString();
    }

    /// <summary>The name that was escaped, as far as the scheme can be undone; text that is no escaped name comes back as it is.</summary>
    public static string Unescape(string name, EscapingScheme scheme) => scheme switch
    {
        EscapingScheme.Dots => name.Replace("_dot_", ".", StringComparison.Ordinal).Replace("__", "_", StringComparison.Ordinal),
        EscapingScheme.Values when name.StartsWith(ValuesPrefix, StringComparison.Ordinal) => UnescapeValues(name.AsSpan(ValuesPrefix.Length)) ?? name,
        _ => name,
    };

    private static void Append(StringBuilder text, Rune rune, bool isLegacy, EscapingScheme scheme)
    {
        switch (scheme)
        {
            case EscapingScheme.Underscores:
                text.Append(isLegacy ? (char)rune.Value : '_');
                break;
            case EscapingScheme.Dots when rune.Value == '.':
                text.Append("_dot_");
                break;
            case EscapingScheme.Dots:
                text.Append(isLegacy && rune.Value != '_' ? ((char)rune.Value).ToString() : "__");
                break;
            case EscapingScheme.Values when rune.Value == '_':
                text.Append("__");
                break;
            case EscapingScheme.Values when isLegacy:
                text.Append((char)rune.Value);
                break;
            default:
                text.Append('_').Append(rune.Value.ToString("x", CultureInfo.InvariantCulture)).Append('_');
                break;
        }
    }

    private static string? UnescapeValues(ReadOnlySpan<char> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf('_');
            if (plain != 0)
            {
                text.Append(plain < 0 ? escaped : escaped[..plain]);
                escaped = plain < 0 ? [] : escaped[plain..];
                continue;
            }
            escaped = escaped[1..];
            var digits = escaped.IndexOf('_');
            if (digits == 0)
            {
                text.Append('_');
            }
            else
            {
                if (digits is < 0 or >= MaxCodeDigits || escaped[..digits].ContainsAnyExcept(HexDigits))
                    return null;
                if (!Rune.TryCreate(int.Parse(escaped[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), out var rune))
                    return null;
                text.Append(rune);
            }
            escaped = escaped[(digits + 1)..];
        }
        return text.ToString();
    }

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
}
