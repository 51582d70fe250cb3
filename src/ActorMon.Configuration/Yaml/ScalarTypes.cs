using System.Globalization;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Yaml;

/// <summary>
/// What a scalar means, by the rules of the peers' YAML library (YAML 1.1 with its long list of booleans): a plain scalar's type follows from its look,
/// a quoted one is text, an explicit tag decides.
/// </summary>
internal static class ScalarTypes
{
    public static bool IsNull(YamlNode node) => node is YamlScalar s && (s.Tag == "!!null" || (s.Plain && s.Tag.Length == 0 && IsNullText(s.Text)));

    public static bool IsNullText(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    public static bool TryBool(string text, out bool value)
    {
        value = text is "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON";
        return value || text is "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF";
    }

    /// <summary>Decimal, 0x, 0b and 0-octal integers, with underscores and sign.</summary>
    public static bool TryInteger(string text, out Int128 value)
    {
        value = 0;
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (plain.Length == 0 || plain.Length > 68 || text[0] == '_')
            return false;
        var negative = plain[0] == '-';
        var digits = plain[0] is '-' or '+' ? plain[1..] : plain;
        if (digits.Length == 0 || !char.IsAsciiDigit(digits[0]))
            return false;
        var ok = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? TryDigits(digits[2..], 16, out value)
            : digits.StartsWith("0b", StringComparison.OrdinalIgnoreCase) ? TryDigits(digits[2..], 2, out value)
            : digits.StartsWith("0o", StringComparison.OrdinalIgnoreCase) ? TryDigits(digits[2..], 8, out value)
            : digits.Length > 1 && digits[0] == '0' && TryDigits(digits[1..], 8, out value) ? true
            : TryDigits(digits, 10, out value);
        if (ok && negative)
            value = -value;
        return ok;
    }

    public static bool TryFloat(string text, out double value)
    {
        switch (text)
        {
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF":
                value = double.PositiveInfinity;
                return true;
            case "-.inf" or "-.Inf" or "-.INF":
                value = double.NegativeInfinity;
                return true;
            case ".nan" or ".NaN" or ".NAN":
                value = double.NaN;
                return true;
        }
        value = 0;
        foreach (var c in text)
            if (!char.IsAsciiDigit(c) && c is not ('.' or '-' or '+' or 'e' or 'E' or '_'))
                return false;
        return text.Length > 0 && text.AsSpan().ContainsAnyInRange('0', '9')
            && double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The tag a scalar resolves to: !!null, !!bool, !!int, !!float, !!str, or its explicit one.</summary>
    public static string TagOf(YamlScalar scalar)
    {
        if (scalar.Tag.Length > 0)
            return scalar.Tag;
        if (!scalar.Plain)
            return "!!str";
        return TagOfPlain(scalar.Text);
    }

    public static string TagOfPlain(string text) => IsNullText(text) ? "!!null"
        : TryBool(text, out _) ? "!!bool"
        : TryInteger(text, out _) ? "!!int"
        : TryFloat(text, out _) ? "!!float"
        : "!!str";

    /// <summary>A !!binary scalar's bytes as text; false when its base64 is wrong.</summary>
    public static bool TryBinary(string base64, out string text)
    {
        text = "";
        var compact = string.Concat(base64.Where(c => !char.IsWhiteSpace(c)));
        var buffer = new byte[compact.Length];
        if (!Convert.TryFromBase64String(compact, buffer, out var written))
            return false;
        text = ByteText.Decode(buffer.AsSpan(0, written));
        return true;
    }

    private static bool TryDigits(string digits, int radix, out Int128 value)
    {
        value = 0;
        if (digits.Length is 0 or > 64)
            return false;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            if (digit >= radix || value > ulong.MaxValue)
                return false;
            value = value * radix + digit;
        }
        return value <= ulong.MaxValue;
    }
}
