using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Matchers;

/// <summary>Reads a string in Go's double quotes (strconv.Unquote); the result must be valid UTF-8.</summary>
internal static class GoUnquote
{
    /// <param name="quoted">With its quotes.</param>
    public static bool TryRead(string quoted, out string text)
    {
        text = "";
        var bytes = new List<byte>(quoted.Length);
        var inner = quoted.AsSpan(1, quoted.Length - 2);
        Span<byte> utf8 = stackalloc byte[4];
        while (!inner.IsEmpty)
        {
            if (inner[0] == '\n')
                return false;
            if (inner[0] != '\\')
            {
                var end = inner.IndexOfAny('\\', '\n');
                var plain = end < 0 ? inner : inner[..end];
                bytes.AddRange(ByteText.Encode(plain));
                inner = inner[plain.Length..];
                continue;
            }
            if (!TryEscape(ref inner, out var value, out var isByte))
                return false;
            if (isByte)
                bytes.Add((byte)value);
            else
                bytes.AddRange(utf8[..new Rune(value).EncodeToUtf8(utf8)]);
        }
        text = ByteText.Decode([.. bytes]);
        return ByteText.IsValid(text);
    }

    private static bool TryEscape(ref ReadOnlySpan<char> text, out int value, out bool isByte)
    {
        const string simple = "abfnrtv\\\"";
        const string values = "\a\b\f\n\r\t\v\\\"";
        value = 0;
        isByte = false;
        if (text.Length < 2)
            return false;
        var named = simple.IndexOf(text[1], StringComparison.Ordinal);
        if (named >= 0)
        {
            value = values[named];
            text = text[2..];
            return true;
        }
        if (text[1] is >= '0' and <= '7')
            return TryOctal(ref text, out value, out isByte);
        var digits = text[1] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0 || text.Length < 2 + digits || !uint.TryParse(text.Slice(2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var read))
            return false;
        isByte = digits == 2;
        value = (int)read;
        text = text[(2 + digits)..];
        return isByte || Rune.IsValid(read);
    }

    private static bool TryOctal(ref ReadOnlySpan<char> text, out int value, out bool isByte)
    {
        value = 0;
        isByte = true;
        if (text.Length < 4)
            return false;
        foreach (var digit in text.Slice(1, 3))
        {
            if (digit is < '0' or > '7')
                return false;
            value = (value * 8) + digit - '0';
        }
        text = text[4..];
        return value <= 255;
    }
}
