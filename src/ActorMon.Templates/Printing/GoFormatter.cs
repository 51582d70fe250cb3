using System.Globalization;
using System.Text;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Printing;

/// <summary>printf by Go's formats: verbs, flags, width and precision, *, explicit argument numbers, and Go's texts for what does not fit.</summary>
internal sealed class GoFormatter(string format, TemplateValue[] arguments, LimitedText output)
{
    private const int MaxNumber = 1_000_000;

    private readonly GoPrinter _printer = new(output);
    private int _at;
    private int _argument;
    private bool _reordered;
    private bool _goodNumber;
    private bool _afterNumber;

    public static string Format(TemplateRun run, string format, TemplateValue[] arguments)
    {
        var output = run.NewText();
        new GoFormatter(format, arguments, output).Run();
        return output.ToString();
    }

    private void Run()
    {
        while (_at < format.Length)
        {
            _goodNumber = true;
            var percent = format.IndexOf('%', _at);
            var end = percent < 0 ? format.Length : percent;
            output.Append(format.AsSpan(_at, end - _at));
            _at = end + 1;
            if (percent >= 0)
                Verb();
        }
        if (_reordered || _argument >= arguments.Length)
            return;
        output.Append("%!(EXTRA ");
        for (var i = _argument; i < arguments.Length; i++)
        {
            if (i > _argument)
                output.Append(", ");
            if (arguments[i] is NilValue)
            {
                output.Append("<nil>");
                continue;
            }
            output.Append(arguments[i].Type.Name).Append('=');
            _printer.Print(arguments[i], 'v', default);
        }
        output.Append(')');
    }

    private void Verb()
    {
        var flags = Flags();
        _afterNumber = false;
        ArgumentNumber();
        if (Skip('*'))
        {
            flags.Width = StarNumber();
            if (flags.Width is null)
                output.Append("%!(BADWIDTH)");
            if (flags.Width < 0)
            {
                flags.Width = -flags.Width;
                flags.Minus = true;
                flags.Zero = false;
            }
            _afterNumber = false;
        }
        else
        {
            flags.Width = Number();
            // "%[3]2d": a width after a number is no good.
            if (_afterNumber && flags.Width is not null)
                _goodNumber = false;
        }
        if (Skip('.'))
        {
            if (_afterNumber)
                _goodNumber = false;
            ArgumentNumber();
            if (Skip('*'))
            {
                flags.Precision = StarNumber();
                if (flags.Precision < 0)
                    flags.Precision = null;
                else if (flags.Precision is null)
                    output.Append("%!(BADPREC)");
                _afterNumber = false;
            }
            else
            {
                flags.Precision = Number() ?? 0;
            }
        }
        if (!_afterNumber)
            ArgumentNumber();
        if (_at >= format.Length)
        {
            output.Append("%!(NOVERB)");
            return;
        }
        Rune.DecodeFromUtf16(format.AsSpan(_at), out var verb, out var used);
        _at += used;
        if (verb.Value == '%')
            output.Append('%');
        else if (!_goodNumber)
            output.Append("%!").Append(verb.ToString()).Append("(BADINDEX)");
        else if (_argument >= arguments.Length)
            output.Append("%!").Append(verb.ToString()).Append("(MISSING)");
        else
            _printer.Print(arguments[_argument++], verb.IsBmp ? (char)verb.Value : '\uFFFD', flags);
    }

    private FormatFlags Flags()
    {
        var flags = default(FormatFlags);
        for (; _at < format.Length; _at++)
        {
            switch (format[_at])
            {
                case '#': flags.Sharp = true; break;
                case '0': flags.Zero = true; break;
                case '+': flags.Plus = true; break;
                case '-': flags.Minus = true; break;
                case ' ': flags.Space = true; break;
                default:
                    flags.Zero &= !flags.Minus;
                    return flags;
            }
        }
        return flags;
    }

    private bool Skip(char c)
    {
        if (_at >= format.Length || format[_at] != c)
            return false;
        _at++;
        return true;
    }

    private int? Number()
    {
        var start = _at;
        while (_at < format.Length && char.IsAsciiDigit(format[_at]))
            _at++;
        if (start == _at)
            return null;
        if (int.TryParse(format.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= MaxNumber)
            return value;
        _at = start;
        while (_at < format.Length && char.IsAsciiDigit(format[_at]))
            _at++;
        return null;
    }

    private int? StarNumber()
    {
        if (_argument >= arguments.Length)
            return null;
        var value = arguments[_argument++] switch
        {
            IntValue { Value: var signed } => signed,
            UintValue { Value: <= MaxNumber } unsigned => (long)unsigned.Value,
            _ => long.MaxValue,
        };
        return value is >= -MaxNumber and <= MaxNumber ? (int)value : null;
    }

    /// <summary>[3]: the number of the argument that comes next.</summary>
    private void ArgumentNumber()
    {
        if (_at >= format.Length || format[_at] != '[')
            return;
        _reordered = true;
        var end = format.IndexOf(']', _at);
        if (end < 0)
        {
            _goodNumber = false;
            _at++;
            return;
        }
        if (int.TryParse(format.AsSpan(_at + 1, end - _at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= arguments.Length)
        {
            _argument = number - 1;
            _afterNumber = true;
        }
        else
        {
            _goodNumber = false;
        }
        _at = end + 1;
    }
}
