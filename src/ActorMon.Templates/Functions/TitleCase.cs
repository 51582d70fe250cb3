using System.Globalization;
using System.Text;

namespace ActorMon.Templates.Functions;

/// <summary>The first letter of every word in upper case; words are those of Unicode's segmentation: an apostrophe or point between letters parts none.</summary>
internal static class TitleCase
{
    /// <param name="text">Any text.</param>
    /// <param name="lowersRest">Other letters become lower case; otherwise they stay.</param>
    public static string Of(string text, bool lowersRest)
    {
        var titled = new StringBuilder(text.Length);
        var inWord = false;
        var runes = text.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            var rune = runes[i];
            if (Rune.IsLetter(rune))
            {
                titled.Append(!inWord ? Rune.ToUpperInvariant(rune) : lowersRest ? Rune.ToLowerInvariant(rune) : rune);
                inWord = true;
                continue;
            }
            titled.Append(rune);
            inWord &= Continues(rune) || (rune.Value is '\'' or '.' or ':' or 0xB7 or 0x2019 && i + 1 < runes.Length && Rune.IsLetter(runes[i + 1]));
        }
        return titled.ToString();
    }

    private static bool Continues(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;
}
