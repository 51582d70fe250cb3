using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.PromQL.Lexing;

/// <summary>Single characters in error texts.</summary>
internal static class CharText
{
    /// <summary>In single quotes as Go's %q writes it; what is no character (the end of input) shows as U+FFFD.</summary>
    public static string Quote(int value)
    {
        if (value == '"')
            return "'\"'";
        if (value == '\'')
            return "'\\''";
        return $"'{Escaped(Rune.IsValid(value) ? new Rune(value) : Rune.ReplacementChar)}'";
    }

    /// <summary>U+0063 'c'; the number alone where there is nothing to show.</summary>
    public static string CodePoint(int value)
    {
        var number = "U+" + value.ToString("X4", CultureInfo.InvariantCulture);
        if (!Rune.IsValid(value))
            return number;
        var rune = new Rune(value);
        var escaped = Escaped(rune);
        return value is '"' or '\\' || escaped[0] != '\\' ? $"{number} '{rune}'" : number;
    }

    private static string Escaped(Rune rune)
    {
        var text = new StringBuilder();
        GoQuote.AppendQuoted(text, rune.ToString());
        return text.ToString();
    }
}
