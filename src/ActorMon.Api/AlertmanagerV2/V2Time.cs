using System.Globalization;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>Times of the Alertmanager's API: written with milliseconds and Z, read in the forms of the original's OpenAPI runtime.</summary>
internal static class V2Time
{
    private const string Written = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly string[] Zoned =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmzzz",
    ];

    private static readonly string[] Local =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd",
    ];

    /// <summary>The year 1 stands for never, as Go's zero time does.</summary>
    public static string Write(DateTimeOffset? time) =>
        (time ?? DateTimeOffset.MinValue).ToUniversalTime().ToString(Written, CultureInfo.InvariantCulture);

    /// <summary>Null: not a time. Go's zero time reads as <see cref="DateTimeOffset.MinValue"/>; finer parts than 100 ns are cut.</summary>
    public static DateTimeOffset? Read(string text)
    {
        text = WithoutFinerParts(text);
        if (text.EndsWith('Z'))
            return DateTimeOffset.TryParseExact(text[..^1], Local, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var utc) ? utc : null;
        if (DateTimeOffset.TryParseExact(text, Zoned, CultureInfo.InvariantCulture, DateTimeStyles.None, out var zoned))
            return zoned.ToUniversalTime();
        return DateTimeOffset.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var local) ? local : null;
    }

    private static string WithoutFinerParts(string text)
    {
        const int digits = 7;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return text;
        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end - dot - 1 > digits ? text[..(dot + 1 + digits)] + text[end..] : text;
    }
}
