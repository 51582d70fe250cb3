using ActorMon.Model.Text;
using ActorMon.Templates.Printing;
using ActorMon.Templates.Time;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Functions;

/// <summary>Numbers for people (prometheus/common's helpers). Arguments are numbers, durations or texts of numbers.</summary>
internal static class Humanize
{
    private const double TwoTo63 = 9223372036854775808.0;

    private static readonly string[] Greater = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
    private static readonly string[] Binary = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
    private static readonly string[] Smaller = ["m", "u", "n", "p", "f", "a", "z", "y"];

    /// <summary>A function over one number.</summary>
    public static TemplateFunction Function(string name, Func<double, FunctionResult> body) => Define.Function(name, [TemplateType.Any],
        (_, a) => ToFloat(a[0], out var error) is { } number ? body(number) : FunctionResult.Fail(error));

    public static FunctionResult Decimal(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return Four(value);
        var (number, unit) = Math.Abs(value) >= 1 ? Scale(value, Greater, 1000) : Shrink(value);
        return Four(number) + unit;
    }

    public static FunctionResult Binary1024(double value)
    {
        if (Math.Abs(value) <= 1 || !double.IsFinite(value))
            return Four(value);
        var (number, unit) = Scale(value, Binary, 1024);
        return Four(number) + unit;
    }

    public static FunctionResult Percentage(double value) => Four(value * 100) + "%";

    public static FunctionResult Duration(double value)
    {
        if (!double.IsFinite(value))
            return Four(value);
        if (Math.Abs(value) is > 0 and < 1)
        {
            var (small, prefix) = Shrink(value);
            return $"{Four(small)}{prefix}s";
        }
        var sign = value < 0 ? "-" : "";
        value = Math.Abs(value);
        // What a signed integer does not hold becomes the smallest one, as on the peers' machines.
        var seconds = value >= TwoTo63 ? long.MinValue : (long)value;
        var (days, hours, minutes, rest) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        if (days != 0)
            return $"{sign}{days}d {hours}h {minutes}m {rest}s";
        if (hours != 0)
            return $"{sign}{hours}h {minutes}m {rest}s";
        return minutes != 0 ? $"{sign}{minutes}m {rest}s" : $"{sign}{Four(value)}s";
    }

    public static FunctionResult Timestamp(double value)
    {
        if (!double.IsFinite(value))
            return Four(value);
        return ToTime(value, out var error) is { } time ? time.ToString() : FunctionResult.Fail(error);
    }

    /// <summary>Seconds since the epoch as an instant in milliseconds.</summary>
    public static GoTime? ToTime(double seconds, out string error)
    {
        error = "";
        var nanoseconds = seconds * 1e9;
        if (!double.IsFinite(seconds))
            error = "value is NaN or Inf";
        else if (nanoseconds is > TwoTo63 or < -TwoTo63)
            error = $"{GoFloat.FormatG(seconds)} cannot be represented as a nanoseconds timestamp since it overflows int64";
        return error.Length > 0 ? null : GoTime.FromMilliseconds((nanoseconds >= TwoTo63 ? long.MinValue : (long)nanoseconds) / 1_000_000);
    }

    private static double? ToFloat(TemplateValue value, out string error)
    {
        error = "";
        switch (value)
        {
            case FloatValue floating:
                return floating.Value;
            case StringValue text:
                if (GoFloatParser.TryParse(text.Value, out var parsed))
                    return parsed;
                error = $"strconv.ParseFloat: parsing {GoQuote.Quote(text.Value)}: invalid syntax";
                return null;
            case IntValue integer when integer.Type.Name == TimeValues.Duration.Name:
                return integer.Value / 1e9;
            case IntValue integer:
                return integer.Value;
            case UintValue integer:
                return integer.Value;
            default:
                error = $"can't convert {value.Type} to float";
                return null;
        }
    }

    private static string Four(double value) => GoFloatFormat.Format(value, 'g', 4);

    private static (double Value, string Unit) Scale(double value, string[] units, double by)
    {
        var unit = "";
        foreach (var next in units)
        {
            if (Math.Abs(value) < by)
                break;
            unit = next;
            value /= by;
        }
        return (value, unit);
    }

    private static (double Value, string Unit) Shrink(double value)
    {
        var unit = "";
        foreach (var next in Smaller)
        {
            if (Math.Abs(value) >= 1)
                break;
            unit = next;
            value *= 1000;
        }
        return (value, unit);
    }
}
