using System.Globalization;

namespace ActorMon.Templates.Time;

/// <summary>Durations as Go's time.Duration prints them: 1h2m3.5s, 1.5ms, 0s.</summary>
public static class GoDurationText
{
    private const ulong Second = 1_000_000_000;

    public static string Of(long nanoseconds)
    {
        var magnitude = nanoseconds < 0 ? 0UL - (ulong)nanoseconds : (ulong)nanoseconds;
        var sign = nanoseconds < 0 ? "-" : "";
        if (magnitude == 0)
            return "0s";
        if (magnitude < Second)
        {
            return sign + magnitude switch
            {
                < 1_000 => $"{magnitude}ns",
                < 1_000_000 => Decimal(magnitude, 1_000) + "µs",
                _ => Decimal(magnitude, 1_000_000) + "ms",
            };
        }
        var hours = magnitude / (3600 * Second);
        var minutes = magnitude / (60 * Second) % 60;
        var text = Decimal(magnitude % (60 * Second), Second) + "s";
        if (hours > 0 || minutes > 0)
            text = $"{minutes}m{text}";
        return sign + (hours > 0 ? $"{hours}h{text}" : text);
    }

    private static string Decimal(ulong value, ulong unit)
    {
        var whole = (value / unit).ToString(CultureInfo.InvariantCulture);
        var digits = (unit.ToString(CultureInfo.InvariantCulture).Length - 1).ToString(CultureInfo.InvariantCulture);
        var fraction = (value % unit).ToString("D" + digits, CultureInfo.InvariantCulture).TrimEnd('0');
        return fraction.Length == 0 ? whole : $"{whole}.{fraction}";
    }
}
