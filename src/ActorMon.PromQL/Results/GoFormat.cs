using System.Globalization;
using ActorMon.Model.Text;

namespace ActorMon.PromQL.Results;

/// <summary>The forms of Go's fmt and time that only query texts need; the common ones are in Model's GoFloat and GoQuote.</summary>
internal static class GoFormat
{
    /// <summary>%.2g: two significant digits, an exponent below 1e-4 and from 100 on.</summary>
    public static string TwoDigits(double value)
    {
        if (!double.IsFinite(value) || value == 0)
            return GoFloat.FormatG(value == 0 ? 0 : value);
        var text = value.ToString("E1", CultureInfo.InvariantCulture);
        var split = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = text[..split].TrimEnd('0').TrimEnd('.');
        if (exponent is < -4 or >= 2)
            return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        return decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>%f: six decimals.</summary>
    public static string SixDecimals(double value) => double.IsFinite(value) ? value.ToString("F6", CultureInfo.InvariantCulture) : GoFloat.FormatG(value);

    public static string Rfc3339Seconds(long timeMs) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(timeMs / 1000, -62135596800, 253402300799)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
