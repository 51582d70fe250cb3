using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Scraping.Text;

/// <summary>Texts as the peer's standard library writes them, for errors and URLs that must read the same.</summary>
internal static class GoText
{
    /// <summary>The first <paramref name="count"/> characters, as %.50s cuts.</summary>
    public static string Cut(string text, int count) => text.Length <= count ? text : text[..count];

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
