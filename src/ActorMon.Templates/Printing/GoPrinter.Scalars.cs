using System.Globalization;
using System.Text;
using ActorMon.Model.Text;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Printing;

/// <summary>Numbers and texts by their verbs.</summary>
internal sealed partial class GoPrinter
{
    private void Integer(bool negative, ulong magnitude, char verb, TemplateValue value)
    {
        switch (verb)
        {
            case 'v' when _flags.SharpV && value is UintValue:
                Digits(false, "0x" + magnitude.ToString("x", CultureInfo.InvariantCulture), "");
                break;
            case 'v' or 'd':
                Digits(negative, magnitude.ToString(CultureInfo.InvariantCulture), "");
                break;
            case 'b':
                Digits(negative, magnitude.ToString("b", CultureInfo.InvariantCulture), _flags.Sharp ? "0b" : "");
                break;
            case 'o' or 'O':
                var octal = magnitude == 0 ? "0" : Octal(magnitude);
                Digits(negative, octal, verb == 'O' ? "0o" : _flags.Sharp && octal[0] != '0' ? "0" : "");
                break;
            case 'x':
                Digits(negative, magnitude.ToString("x", CultureInfo.InvariantCulture), _flags.Sharp ? "0x" : "");
                break;
            case 'X':
                Digits(negative, magnitude.ToString("X", CultureInfo.InvariantCulture), _flags.Sharp ? "0X" : "");
                break;
            case 'c':
                Pad(RuneOf(negative, magnitude).ToString());
                break;
            case 'q':
                Pad(QuoteRune(RuneOf(negative, magnitude)));
                break;
            case 'U':
                var code = "U+" + magnitude.ToString("X", CultureInfo.InvariantCulture).PadLeft(Math.Max(4, _flags.Precision ?? 0), '0');
                if (_flags.Sharp && !negative && magnitude <= 0x10FFFF && Rune.IsValid((uint)magnitude) && GoQuote.Quote(new Rune((uint)magnitude).ToString()) is { Length: <= 4 } quoted && quoted[1] != '\\')
                    code += $" '{new Rune((uint)magnitude)}'";
                Pad(code);
                break;
            default:
                BadVerb(value, verb);
                break;
        }
    }

    /// <summary>Sign, prefix and digits, filled up by the precision or by the zero flag's width.</summary>
    private void Digits(bool negative, string digits, string prefix)
    {
        var sign = negative ? "-" : _flags.Plus ? "+" : _flags.Space ? " " : "";
        if (_flags.Precision is { } precision)
        {
            // No digits at all for a zero with precision zero.
            digits = precision == 0 && digits == "0" ? "" : digits.PadLeft(Math.Min(precision, MaxFill), '0');
            if (digits.Length == 0)
                sign = prefix = "";
        }
        else if (_flags is { Zero: true, Minus: false, Width: { } width })
        {
            digits = digits.PadLeft(Math.Max(0, width - sign.Length), '0');
        }
        var zero = _flags.Zero;
        _flags.Zero = false;
        Pad(sign + prefix + digits);
        _flags.Zero = zero;
    }

    private const int MaxFill = 1_000_000;

    private static string Octal(ulong value)
    {
        var text = new StringBuilder();
        for (; value > 0; value >>= 3)
            text.Insert(0, (char)('0' + (int)(value & 7)));
        return text.ToString();
    }

    private static Rune RuneOf(bool negative, ulong magnitude) =>
        !negative && magnitude <= 0x10FFFF && Rune.IsValid((uint)magnitude) ? new Rune((uint)magnitude) : Rune.ReplacementChar;

    private static string QuoteRune(Rune rune) => rune.Value switch
    {
        '\'' => "'\\''",
        '"' => "'\"'",
        _ => $"'{GoQuote.Quote(rune.ToString())[1..^1]}'",
    };

    private void Float(double number, char verb, TemplateValue value)
    {
        if (verb is 'v' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'b' or 'x' or 'X')
            FloatText(number, verb == 'v' ? 'g' : verb, verb is 'e' or 'E' or 'f' or 'F' ? 6 : -1);
        else
            BadVerb(value, verb);
    }

    private void FloatText(double number, char verb, int precision)
    {
        precision = _flags.Precision ?? precision;
        var text = GoFloatFormat.Format(number, verb, precision);
        var sign = text[0] is '-' or '+' ? text[..1] : "";
        if (sign.Length > 0)
            text = text[1..];
        // +Inf shows its sign only where one is asked for; fmt keeps it for %v.
        sign = sign == "-" ? "-" : _flags.Plus || double.IsPositiveInfinity(number) ? "+" : _flags.Space ? " " : "";
        if (double.IsNaN(number))
            sign = _flags.Plus ? "+" : _flags.Space ? " " : "";
        if (_flags.Sharp && verb != 'b' && double.IsFinite(number))
            text = KeepPoint(text, verb, precision);
        var zero = _flags.Zero;
        // What is no number is never filled with zeros.
        if (zero && !_flags.Minus && double.IsFinite(number) && _flags.Width is { } width)
            text = text.PadLeft(Math.Max(0, width - sign.Length), '0');
        _flags.Zero = false;
        Pad(sign + text);
        _flags.Zero = zero;
    }

    /// <summary>The sharp flag: a decimal point always, and for %g the zeros that it would drop.</summary>
    private static string KeepPoint(string text, char verb, int precision)
    {
        var at = text.IndexOfAny(['e', 'E', 'p', 'P']);
        var (mantissa, tail) = at < 0 ? (text, "") : (text[..at], text[at..]);
        if (!mantissa.Contains('.', StringComparison.Ordinal))
            mantissa += ".";
        if (verb is not ('g' or 'G'))
            return mantissa + tail;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0').Length;
        return mantissa + new string('0', Math.Clamp((precision < 0 ? 6 : precision) - Math.Max(digits, mantissa.StartsWith("0.", StringComparison.Ordinal) && digits == 0 ? 1 : digits), 0, MaxFill)) + tail;
    }

    private void Complex(ComplexValue value, char verb)
    {
        if (verb is not ('v' or 'b' or 'g' or 'G' or 'x' or 'X' or 'f' or 'F' or 'e' or 'E'))
        {
            BadVerb(value, verb);
            return;
        }
        var (form, precision) = (verb == 'v' ? 'g' : verb, verb is 'e' or 'E' or 'f' or 'F' ? 6 : -1);
        var plus = _flags.Plus;
        output.Append('(');
        FloatText(value.Value.Real, form, precision);
        _flags.Plus = true;
        FloatText(value.Value.Imaginary, form, precision);
        output.Append("i)");
        _flags.Plus = plus;
    }

    private void Text(string text, char verb, TemplateValue value)
    {
        switch (verb)
        {
            case 'v' when _flags.SharpV:
                Pad(GoQuote.Quote(text));
                break;
            case 'v' or 's':
                Pad(Truncate(text));
                break;
            case 'q':
                text = Truncate(text);
                Pad(_flags.Sharp && CanBackquote(text) ? $"`{text}`" : GoQuote.Quote(text));
                break;
            case 'x' or 'X':
                Hex(text, verb == 'X');
                break;
            default:
                BadVerb(value, verb);
                break;
        }
    }

    private string Truncate(string text)
    {
        if (_flags.Precision is not { } limit)
            return text;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (limit-- == 0)
                return text[..at];
            at += rune.Utf16SequenceLength;
        }
        return text;
    }

    private void Hex(string text, bool upper)
    {
        var bytes = ByteText.Encode(text);
        var count = Math.Min(bytes.Length, _flags.Precision ?? bytes.Length);
        var prefix = _flags.Sharp ? upper ? "0X" : "0x" : "";
        var hex = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            if (i == 0 || _flags.Space)
                hex.Append(i > 0 ? " " : "").Append(prefix);
            hex.Append(bytes[i].ToString(upper ? "X2" : "x2", CultureInfo.InvariantCulture));
        }
        Pad(hex.ToString());
    }

    private static bool CanBackquote(string text) => ByteText.IsValid(text) && !text.AsSpan().ContainsAny('`', '\uFEFF', '\u007F') && !text.Any(c => c < ' ' && c != '\t');
}
