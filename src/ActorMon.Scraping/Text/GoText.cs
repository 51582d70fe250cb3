using System.Globalization;
using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Text;

namespace ActorMon.Scraping.Text;

/// <summary>Texts as the peer's standard library writes them, for errors and URLs that must read the same.</summary>
internal static class GoText
{
    /// <summary>The first <paramref name="count"/> characters, as %.50s cuts.</summary>
    public static string Cut(string text, int count) => text.Length <= count ? text : text[..count];

    /// <summary>Labels as the peer prints them: <c>{a="b", "c.d"="e"}</c>.</summary>
    public static string Print(LabelSet labels)
    {
        var text = new StringBuilder("{");
        foreach (ref readonly var label in labels.AsSpan())
        {
            if (text.Length > 1)
                text.Append(", ");
            text.Append(NameValidator.IsValidLabelName(label.Name, NameValidation.Legacy) ? label.Name : GoQuote.Quote(label.Name)).Append('=').Append(GoQuote.Quote(label.Value));
        }
        return text.Append('}').ToString();
    }

    /// <summary>True, false or null when the text is none of the spellings of a boolean.</summary>
    public static bool? ParseBool(string text) => text switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => null,
    };

    /// <summary>One key or value of a query string: blanks become +.</summary>
    public static void AppendQueryEscaped(StringBuilder into, string text)
    {
        foreach (var b in ByteText.Encode(text))
            if (b == ' ')
                into.Append('+');
            else
                AppendEscaped(into, b, "-_.~");
    }

    /// <summary>A path of a URL.</summary>
    public static void AppendPathEscaped(StringBuilder into, string path)
    {
        foreach (var b in ByteText.Encode(path))
            AppendEscaped(into, b, "-_.~$&+,/:;=@");
    }

    private static void AppendEscaped(StringBuilder into, byte b, string unreserved)
    {
        if (char.IsAsciiLetterOrDigit((char)b) || unreserved.Contains((char)b, StringComparison.Ordinal))
            into.Append((char)b);
        else
            into.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
    }
}
