using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Notifications;

/// <summary>Cuts texts to what a receiver takes, with an ellipsis at the end where it fits.</summary>
public static class Truncation
{
    private const string Ellipsis = "…";
    private const int EllipsisBytes = 3;

    /// <summary>At most <paramref name="max"/> characters (code points); a limit of three or less leaves no room for the ellipsis.</summary>
    public static string InCharacters(string text, int max, out bool cut)
    {
        cut = false;
        var count = 0;
        var keep = max > 3 ? max - 1 : max;
        var keepLength = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (count < keep)
                keepLength += rune.Utf16SequenceLength;
            if (++count <= max)
                continue;
            cut = true;
            return max > 3 ? text[..keepLength] + Ellipsis : text[..keepLength];
        }
        return text;
    }

    /// <summary>At most <paramref name="max"/> bytes of UTF-8, never part of a character; a limit below three bytes leaves dots.</summary>
    public static string InBytes(string text, int max, out bool cut)
    {
        cut = ByteText.ByteCount(text) > max;
        if (!cut)
            return text;
        if (max < EllipsisBytes)
            return new string('.', max);
        var (bytes, length) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > max - EllipsisBytes)
                break;
            length += rune.Utf16SequenceLength;
        }
        return text[..length] + Ellipsis;
    }
}
