using System.Globalization;

namespace ActorMon.Api.Http;

/// <summary>The limit of a ranking, in the original's words of status/tsdb: 1 to 10,000, 10 when it is absent.</summary>
public static class TopParameter
{
    private const int Default = 10;
    private const int Max = 10_000;

    public static int Top(this ParameterReader reader)
    {
        var top = Default;
        if (reader.Text("limit") is { Length: > 0 } text && (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out top) || top < 1))
            reader.FailPlain("limit must be a positive number");
        else if (top > Max)
            reader.FailPlain($"limit must not exceed {Max}");
        return top;
    }
}
