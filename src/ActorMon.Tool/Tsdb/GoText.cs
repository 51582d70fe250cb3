using System.Globalization;
using System.Text;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Tool.Tsdb;

/// <summary>Texts that promtool's output has and Go's standard library makes.</summary>
internal static class GoText
{
    private const string Units = "KMGTPE";

    /// <summary>A duration of whole milliseconds: <c>2h0m0s</c>, <c>1.5s</c>, <c>20ms</c>.</summary>
    public static string Duration(long milliseconds)
    {
        if (milliseconds == 0)
            return "0s";
        var sign = milliseconds < 0 ? "-" : "";
        var left = (ulong)Math.Abs((decimal)milliseconds);
        if (left < 1000)
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{left}ms");
        var (minutes, rest) = Math.DivRem(left, 60_000UL);
        var seconds = (rest / 1000m).ToString("0.###", CultureInfo.InvariantCulture) + "s";
        if (minutes == 0)
            return sign + seconds;
        var (hours, inHour) = Math.DivRem(minutes, 60UL);
        return hours == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{inHour}m{seconds}")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{hours}h{inHour}m{seconds}");
    }

    /// <summary>A moment, ms since the epoch, to the second: <c>2023-01-02 03:04:05 +0000 UTC</c>; what no calendar has stays a number.</summary>
    public static string Time(long milliseconds)
    {
        var seconds = milliseconds / 1000;
        return seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? milliseconds.ToString(CultureInfo.InvariantCulture)
            : DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss '+0000 UTC'", CultureInfo.InvariantCulture);
    }

    /// <summary>Bytes in powers of 1024, every unit that is not zero: <c>1MiB20KiB3B</c>.</summary>
    public static string Bytes(long bytes)
    {
        if (bytes == 0)
            return "0B";
        var text = new StringBuilder();
        for (var i = Units.Length; i > 0; i--)
        {
            var unit = 1L << (10 * i);
            if (bytes < unit)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{bytes / unit}{Units[i - 1]}iB");
            bytes %= unit;
        }
        return bytes == 0 ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $"{bytes}B").ToString();
    }

    /// <summary>
    /// A histogram as text. Whole counts are written as the histograms of whole counts are, in full; the others shortest, which for whole numbers from a million on
    /// would be with an exponent.
    /// </summary>
    public static string Histogram(NativeHistogram histogram)
    {
        var buckets = new List<HistogramBucket>();
        histogram.CopyBuckets(buckets);
        if (!IsWhole(histogram.Count) || !buckets.TrueForAll(b => IsWhole(b.Count)))
            return histogram.ToString();
        var text = new StringBuilder("{count:").Append(Whole(histogram.Count)).Append(", sum:").Append(GoFloat.FormatG(histogram.Sum));
        foreach (var b in buckets)
            if (b.Count != 0)
                text.Append(", ").Append(b.LowerInclusive ? '[' : '(').Append(GoFloat.FormatG(b.Lower)).Append(',').Append(GoFloat.FormatG(b.Upper))
                    .Append(b.UpperInclusive ? ']' : ')').Append(':').Append(Whole(b.Count));
        return text.Append('}').ToString();
    }

    /// <summary>Labels as a JSON object, names sorted by their bytes.</summary>
    public static string Json(LabelSet labels)
    {
        var text = new StringBuilder("{");
        foreach (var label in labels)
        {
            if (text.Length > 1)
                text.Append(',');
            Json(label.Name, text);
            text.Append(':');
            Json(label.Value, text);
        }
        return text.Append('}').ToString();
    }

    /// <summary>Labels behind a metric's name: <c>{a="b",c="d"}</c>, without spaces.</summary>
    public static string Condensed(LabelSet labels)
    {
        var text = new StringBuilder("{");
        foreach (var label in labels)
        {
            if (label.Name == LabelNames.MetricName)
                continue;
            if (text.Length > 1)
                text.Append(',');
            text.Append(label.Name).Append('=').Append(GoQuote.Quote(label.Value));
        }
        return text.Append('}').ToString();
    }

    private static bool IsWhole(double value) => value >= 0 && value < ulong.MaxValue && value == Math.Floor(value);

    private static string Whole(double value) => ((ulong)value).ToString(CultureInfo.InvariantCulture);

    private static void Json(string value, StringBuilder into)
    {
        into.Append('"');
        foreach (var rune in value.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"': into.Append("\\\""); break;
                case '\\': into.Append("\\\\"); break;
                case '\b': into.Append("\\b"); break;
                case '\f': into.Append("\\f"); break;
                case '\n': into.Append("\\n"); break;
                case '\r': into.Append("\\r"); break;
                case '\t': into.Append("\\t"); break;
                case < 0x20 or '<' or '>' or '&' or 0x2028 or 0x2029:
                    into.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                    break;
                default: into.Append(rune.ToString()); break;
            }
        }
        into.Append('"');
    }
}
