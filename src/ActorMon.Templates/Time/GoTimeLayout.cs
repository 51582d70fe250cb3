using System.Globalization;
using System.Text;

namespace ActorMon.Templates.Time;

/// <summary>Writes instants by Go's layouts.</summary>
public static class GoTimeLayout
{
    internal static readonly string[] Months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    internal static readonly string[] Weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    /// <summary>Formats by a layout; what is no element of it stands for itself.</summary>
    public static string Format(GoTime time, string layout)
    {
        var text = new StringBuilder(layout.Length + 8);
        var (year, month, day) = time.Date;
        var hour = time.SecondOfDay / 3600;
        var minute = time.SecondOfDay / 60 % 60;
        var second = time.SecondOfDay % 60;
        foreach (var (kind, element) in LayoutElement.Split(layout))
        {
            switch (kind)
            {
                case LayoutKind.Literal: text.Append(element); break;
                case LayoutKind.LongMonth: text.Append(Months[month - 1]); break;
                case LayoutKind.ShortMonth: text.Append(Months[month - 1].AsSpan(0, 3)); break;
                case LayoutKind.Month: text.Append(month); break;
                case LayoutKind.PaddedMonth: Pad(text, month, 2); break;
                case LayoutKind.LongWeekday: text.Append(Weekdays[time.Weekday]); break;
                case LayoutKind.ShortWeekday: text.Append(Weekdays[time.Weekday].AsSpan(0, 3)); break;
                case LayoutKind.Day: text.Append(day); break;
                case LayoutKind.SpacedDay: Pad(text, day, 2, ' '); break;
                case LayoutKind.PaddedDay: Pad(text, day, 2); break;
                case LayoutKind.SpacedDayOfYear: Pad(text, time.DayOfYear, 3, ' '); break;
                case LayoutKind.PaddedDayOfYear: Pad(text, time.DayOfYear, 3); break;
                case LayoutKind.Hour: Pad(text, hour, 2); break;
                case LayoutKind.Hour12: text.Append(Twelve(hour)); break;
                case LayoutKind.PaddedHour12: Pad(text, Twelve(hour), 2); break;
                case LayoutKind.Minute: text.Append(minute); break;
                case LayoutKind.PaddedMinute: Pad(text, minute, 2); break;
                case LayoutKind.Second: text.Append(second); break;
                case LayoutKind.PaddedSecond: Pad(text, second, 2); break;
                case LayoutKind.LongYear: Pad(text, year, 4); break;
                case LayoutKind.Year: Pad(text, Math.Abs(year) % 100, 2); break;
                case LayoutKind.UpperHalf: text.Append(hour >= 12 ? "PM" : "AM"); break;
                case LayoutKind.LowerHalf: text.Append(hour >= 12 ? "pm" : "am"); break;
                case LayoutKind.ZoneName: ZoneName(text, time); break;
                case LayoutKind.Offset: Offset(text, time.OffsetSeconds, element); break;
                default: Fraction(text, time.Nanoseconds, element, kind == LayoutKind.TrimmedFraction); break;
            }
        }
        return text.ToString();
    }

    private static int Twelve(int hour) => hour % 12 == 0 ? 12 : hour % 12;

    private static void Pad(StringBuilder to, long value, int width, char pad = '0')
    {
        if (value < 0)
            to.Append('-');
        to.Append(Math.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(width, pad));
    }

    private static void ZoneName(StringBuilder to, GoTime time)
    {
        if (time.Zone.AbbreviationAt(time.UnixSeconds) is { Length: > 0 } name)
            to.Append(name);
        else
            Offset(to, time.OffsetSeconds, time.OffsetSeconds % 3600 == 0 ? "-07" : "-0700");
    }

    private static void Offset(StringBuilder to, int offset, string element)
    {
        if (element[0] == 'Z' && offset == 0)
        {
            to.Append('Z');
            return;
        }
        to.Append(offset < 0 ? '-' : '+');
        var seconds = Math.Abs(offset);
        var colon = element.Contains(':', StringComparison.Ordinal) ? ":" : "";
        Pad(to, seconds / 3600, 2);
        if (element.Length > 3)
            Pad(to.Append(colon), seconds / 60 % 60, 2);
        if (element.Length > 6)
            Pad(to.Append(colon), seconds % 60, 2);
    }

    private static void Fraction(StringBuilder to, int nanoseconds, string element, bool trims)
    {
        var digits = nanoseconds.ToString("D9", CultureInfo.InvariantCulture).AsSpan(0, Math.Min(element.Length - 1, 9));
        if (trims)
            digits = digits.TrimEnd('0');
        if (digits.IsEmpty)
            return;
        to.Append(element[0]).Append(digits);
    }
}
