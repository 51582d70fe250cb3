using System.Buffers;
using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Writing;

/// <summary>Fields of the protobuf text format: one a line and indented by two, or, compact, all on one line with a space between. Strings stay UTF-8.</summary>
internal sealed class ProtoTextLines(IBufferWriter<byte> output, bool compact)
{
    private const int IndentWidth = 2;
    private readonly LineWriter _line = new(output, openMetrics: false);
    private int _depth;
    private bool _first = true;

    public void String(ReadOnlySpan<byte> field, string text)
    {
        Start(field);
        _line.Byte((byte)'"');
        foreach (var rune in text.EnumerateRunes())
            Escaped(rune);
        _line.Byte((byte)'"');
        End();
    }

    /// <summary>A name of an enum.</summary>
    public void Word(ReadOnlySpan<byte> field, ReadOnlySpan<byte> word)
    {
        Start(field);
        _line.Raw(word);
        End();
    }

    /// <summary>A float in the format's names: nan, inf and -inf.</summary>
    public void Double(ReadOnlySpan<byte> field, double value)
    {
        Start(field);
        if (double.IsNaN(value))
            _line.Raw("nan"u8);
        else if (double.IsInfinity(value))
            _line.Raw(value > 0 ? "inf"u8 : "-inf"u8);
        else
            output.Advance(GoFloat.FormatG(value, output.GetSpan(GoFloat.MaxLength)));
        End();
    }

    public void Whole(ReadOnlySpan<byte> field, decimal value)
    {
        Start(field);
        Span<char> digits = stackalloc char[32];
        value.TryFormat(digits, out var written, "F0", CultureInfo.InvariantCulture);
        _line.Text(digits[..written]);
        End();
    }

    /// <summary>Opens a message; <see cref="Close"/> ends it.</summary>
    public void Open(ReadOnlySpan<byte> field)
    {
        Start(field);
        _line.Byte((byte)'{');
        End();
        _depth++;
        _first = true;
    }

    public void Close()
    {
        _depth--;
        if (!compact)
            Indent();
        _line.Byte((byte)'}');
        End();
    }

    /// <summary>The line feed behind a family: a blank line where fields have lines of their own.</summary>
    public void Finish() => _line.Byte((byte)'\n');

    private void Start(ReadOnlySpan<byte> field)
    {
        if (!compact)
            Indent();
        else if (!_first)
            _line.Byte((byte)' ');
        _line.Raw(field);
        _line.Raw(compact ? ":"u8 : ": "u8);
    }

    private void End()
    {
        _first = false;
        if (!compact)
            _line.Byte((byte)'\n');
    }

    private void Indent()
    {
        for (var i = 0; i < _depth * IndentWidth; i++)
            _line.Byte((byte)' ');
    }

    private void Escaped(Rune rune)
    {
        switch (rune.Value)
        {
            case '"': _line.Raw("\\\""u8); break;
            case '\\': _line.Raw("\\\\"u8); break;
            case '\n': _line.Raw("\\n"u8); break;
            case '\r': _line.Raw("\\r"u8); break;
            case '\t': _line.Raw("\\t"u8); break;
            case < ' ' or 0x7F:
                _line.Raw("\\x"u8);
                _line.Byte((byte)"0123456789abcdef"[rune.Value >> 4]);
                _line.Byte((byte)"0123456789abcdef"[rune.Value & 15]);
                break;
            default:
                Span<char> units = stackalloc char[2];
                _line.Text(units[..rune.EncodeToUtf16(units)]);
                break;
        }
    }
}
