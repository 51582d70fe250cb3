using System.Globalization;

namespace ActorMon.Api.Http;

/// <summary>The limit of a ranking, in the original's words of status/tsdb: 1 to 10,000, 10 when it is absent.</summary>
public static class TopParameter
{
    private const int Default = 10;
    private const int Max = 10_000;

    /// <param name="text">"": absent.</param>
    public static (int Top, string? Error) Read(string text)
    {
        var top = Default;
        if (text.Length > 0 && (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out top) || top < 1))
            return (0, "limit must be a positive number");
        return top > Max ? (0, $"limit must not exceed {Max}") : (top, null);
    }
}
