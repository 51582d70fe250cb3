using System.Globalization;
using ActorMon.Model.Text;

namespace ActorMon.Templates.Time;

/// <summary>Reads instants by Go's layouts (time.ParseInLocation with UTC); errors have Go's text.</summary>
public static class GoTimeParser
{
    /// <param name="error">Go's text when false, "" otherwise.</param>
    public static bool TryParse(string layout, string value, out GoTime time, out string error)
    {
        var reader = new Reader(value);
        time = GoTime.Zero;
        error = "";
        var elements = LayoutElement.Split(layout);
        for (var i = 0; i < elements.Count; i++)
        {
            var before = reader.Rest;
            if (reader.Take(elements[i], i + 1 < elements.Count ? elements[i + 1] : null) is not { } fault)
                continue;
            error = fault.IsRange ? Text(layout, value, $": {fault.What} out of range") : Text(layout, value, $" as {GoQuote.Quote(layout)}: cannot parse {GoQuote.Quote(before)} as {GoQuote.Quote(elements[i].Text)}");
            return false;
        }
        if (reader.Rest.Length > 0)
        {
            error = Text(layout, value, $": extra text: {GoQuote.Quote(reader.Rest)}");
            return false;
        }
        if (reader.Finish(out time) is not { } range)
            return true;
        error = Text(layout, value, $": {range} out of range");
        return false;
    }

    private static string Text(string _, string value, string what) => $"parsing time {GoQuote.Quote(value)}{what}";

    private readonly record struct Fault(string What, bool IsRange);

    private sealed class Reader(string rest)
    {
        private static readonly Fault NoMatch = new("", false);

        private int _year;
        private int _month = -1;
        private int _day = -1;
        private int _dayOfYear = -1;
        private int _hour;
        private int _minute;
        private int _second;
        private int _nanoseconds;
        private bool _afternoon;
        private bool _morning;
        private int? _offset;
        private string _zone = "";

        public string Rest { get; private set; } = rest;

        public Fault? Take(LayoutElement element, LayoutElement? next)
        {
            switch (element.Kind)
            {
                case LayoutKind.Literal:
                    return Literal(element.Text);
                case LayoutKind.LongMonth:
                    return Name(GoTimeLayout.Months, int.MaxValue, out _month, 1);
                case LayoutKind.ShortMonth:
                    return Name(GoTimeLayout.Months, 3, out _month, 1);
                case LayoutKind.LongWeekday:
                    return Name(GoTimeLayout.Weekdays, int.MaxValue, out _, 0);
                case LayoutKind.ShortWeekday:
                    return Name(GoTimeLayout.Weekdays, 3, out _, 0);
                case LayoutKind.Month:
                    return Number(1, 2, 1, 12, "month", out _month);
                case LayoutKind.PaddedMonth:
                    return Number(2, 2, 1, 12, "month", out _month);
                case LayoutKind.Day or LayoutKind.SpacedDay:
                    if (element.Kind == LayoutKind.SpacedDay)
                        Rest = Rest.TrimStart(' ');
                    return Number(1, 2, 0, int.MaxValue, "day", out _day);
                case LayoutKind.PaddedDay:
                    return Number(2, 2, 0, int.MaxValue, "day", out _day);
                case LayoutKind.SpacedDayOfYear:
                    Rest = Rest.TrimStart(' ');
                    return Number(1, 3, 0, int.MaxValue, "day-of-year", out _dayOfYear);
                case LayoutKind.PaddedDayOfYear:
                    return Number(3, 3, 0, int.MaxValue, "day-of-year", out _dayOfYear);
                case LayoutKind.Hour:
                    return Number(1, 2, 0, 23, "hour", out _hour);
                case LayoutKind.Hour12:
                    return Number(1, 2, 0, 12, "hour", out _hour);
                case LayoutKind.PaddedHour12:
                    return Number(2, 2, 0, 12, "hour", out _hour);
                case LayoutKind.Minute:
                    return Number(1, 2, 0, 59, "minute", out _minute);
                case LayoutKind.PaddedMinute:
                    return Number(2, 2, 0, 59, "minute", out _minute);
                case LayoutKind.Second or LayoutKind.PaddedSecond:
                    var fault = Number(element.Kind == LayoutKind.Second ? 1 : 2, 2, 0, 59, "second", out _second);
                    // A fraction may follow the seconds although the layout has none.
                    if (fault is null && next?.Kind is not (LayoutKind.Fraction or LayoutKind.TrimmedFraction) && Rest.Length > 1 && Rest[0] is '.' or ',' && char.IsAsciiDigit(Rest[1]))
                        return Fraction(null);
                    return fault;
                case LayoutKind.LongYear:
                    return Number(4, 4, 0, 9999, "year", out _year);
                case LayoutKind.Year:
                    var shortYear = Number(2, 2, 0, 99, "year", out _year);
                    _year += _year >= 69 ? 1900 : 2000;
                    return shortYear;
                case LayoutKind.UpperHalf:
                    return Half("PM", "AM");
                case LayoutKind.LowerHalf:
                    return Half("pm", "am");
                case LayoutKind.ZoneName:
                    return ZoneName();
                case LayoutKind.Offset:
                    return Offset(element.Text);
                case LayoutKind.Fraction:
                    return Fraction(element.Text.Length - 1);
                default:
                    return Rest.Length > 1 && Rest[0] is '.' or ',' && char.IsAsciiDigit(Rest[1]) ? Fraction(null) : null;
            }
        }

        /// <summary>Makes the instant of what was read; the name of what is out of range, or null.</summary>
        public string? Finish(out GoTime time)
        {
            time = GoTime.Zero;
            if (_afternoon && _hour < 12)
                _hour += 12;
            else if (_morning && _hour == 12)
                _hour = 0;
            if (_dayOfYear >= 0)
            {
                if (_dayOfYear < 1 || _dayOfYear > (DateTime.IsLeapYear(Math.Clamp(_year, 1, 9999)) ? 366 : 365))
                    return "day-of-year";
                (_month, _day) = (_month < 0 ? 1 : _month, _month < 0 ? _dayOfYear : _day);
            }
            else
            {
                _month = _month < 0 ? 1 : _month;
                _day = _day < 0 ? 1 : _day;
                // Year 0 is a leap year, as 4 is.
                if (_day < 1 || _day > DateTime.DaysInMonth(_year == 0 ? 4 : _year, _month))
                    return "day";
            }
            var zone = _offset is { } offset ? offset == 0 && _zone.Length == 0 ? GoZone.Utc : GoZone.Fixed(_zone, offset) : _zone.Length > 0 && _zone != "UTC" ? GoZone.Fixed(_zone, 0) : GoZone.Utc;
            time = GoTime.FromCivil(_year, _month, _day, _hour, _minute, _second, _nanoseconds, zone);
            return null;
        }

        private Fault? Literal(string text)
        {
            foreach (var c in text)
            {
                // A space stands for any run of them, also none.
                if (c == ' ')
                {
                    if (Rest.Length > 0 && Rest[0] != ' ')
                        return NoMatch;
                    Rest = Rest.TrimStart(' ');
                }
                else if (Rest.Length == 0 || Rest[0] != c)
                {
                    return NoMatch;
                }
                else
                {
                    Rest = Rest[1..];
                }
            }
            return null;
        }

        private Fault? Name(string[] names, int length, out int value, int first)
        {
            for (value = 0; value < names.Length; value++)
            {
                var name = names[value][..Math.Min(length, names[value].Length)];
                if (!Rest.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                    continue;
                Rest = Rest[name.Length..];
                value += first;
                return null;
            }
            return NoMatch;
        }

        private Fault? Number(int least, int most, int min, int max, string what, out int value)
        {
            value = 0;
            var digits = 0;
            while (digits < most && digits < Rest.Length && char.IsAsciiDigit(Rest[digits]))
                value = (value * 10) + (Rest[digits++] - '0');
            if (digits < least)
                return NoMatch;
            Rest = Rest[digits..];
            return value < min || value > max ? new Fault(what, true) : null;
        }

        private Fault? Fraction(int? count)
        {
            var end = 1;
            while (end < Rest.Length && char.IsAsciiDigit(Rest[end]))
                end++;
            if (Rest.Length == 0 || Rest[0] is not ('.' or ',') || end == 1 || (count is { } wanted && end - 1 < wanted))
                return NoMatch;
            if (count is { } exact)
                end = exact + 1;
            _nanoseconds = int.Parse(Rest[1..Math.Min(end, 10)].PadRight(9, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
            Rest = Rest[end..];
            return null;
        }

        private Fault? Half(string afternoon, string morning)
        {
            _afternoon = Rest.StartsWith(afternoon, StringComparison.Ordinal);
            _morning = Rest.StartsWith(morning, StringComparison.Ordinal);
            if (!_afternoon && !_morning)
                return NoMatch;
            Rest = Rest[2..];
            return null;
        }

        private Fault? ZoneName()
        {
            var length = 0;
            while (length < Rest.Length && length < 6 && char.IsAsciiLetterUpper(Rest[length]))
                length++;
            if (length < 3)
                return NoMatch;
            _zone = Rest[..length];
            Rest = Rest[length..];
            return null;
        }

        private Fault? Offset(string element)
        {
            if (element[0] == 'Z' && Rest.StartsWith('Z'))
            {
                Rest = Rest[1..];
                _offset = 0;
                return null;
            }
            if (Rest.Length < element.Length || Rest[0] is not ('+' or '-'))
                return NoMatch;
            var parts = new int[3];
            var at = 1;
            for (var (i, shape) = (0, 1); shape < element.Length; i++, shape += 2, at += 2)
            {
                if (element[shape] == ':')
                {
                    if (Rest[at] != ':')
                        return NoMatch;
                    shape++;
                    at++;
                }
                if (!char.IsAsciiDigit(Rest[at]) || !char.IsAsciiDigit(Rest[at + 1]))
                    return NoMatch;
                parts[i] = ((Rest[at] - '0') * 10) + (Rest[at + 1] - '0');
            }
            var negative = Rest[0] == '-';
            Rest = Rest[at..];
            if (parts[0] > 24 || parts[1] > 60 || parts[2] > 60)
                return new Fault(parts[0] > 24 ? "time zone offset hour" : parts[1] > 60 ? "time zone offset minute" : "time zone offset second", true);
            var seconds = (parts[0] * 3600) + (parts[1] * 60) + parts[2];
            _offset = negative ? -seconds : seconds;
            return null;
        }
    }
}
