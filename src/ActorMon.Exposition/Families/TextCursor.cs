using System.Runtime.InteropServices;
using ActorMon.Exposition.Lexing;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Families;

/// <summary>What is wrong with a line; the parser adds its number.</summary>
internal sealed class TextFault(string message) : Exception(message)
{
    public const string UnexpectedEnd = "unexpected end of input stream";
}

/// <summary>Byte by byte over a text document. Reading past the end is a fault: every line must end with a line feed.</summary>
internal sealed class TextCursor(ReadOnlyMemory<byte> body)
{
    private int _at;

    public bool AtEnd => _at >= body.Length;

    public byte Current => _at < body.Length ? body.Span[_at] : throw new TextFault(TextFault.UnexpectedEnd);

    public void Advance() => _at++;

    public void TrySkipBlanks()
    {
        var span = body.Span;
        while (_at < span.Length && Bytes.IsBlank(span[_at]))
            _at++;
    }

    /// <summary>Skips blanks; something must follow.</summary>
    public void SkipBlanks()
    {
        TrySkipBlanks();
        _ = Current;
    }

    /// <summary>Up to the next blank or line feed.</summary>
    public ReadOnlySpan<byte> ReadWord()
    {
        var rest = body.Span[_at..];
        var length = rest.IndexOfAny((byte)' ', (byte)'\t', (byte)'\n');
        if (length < 0)
            throw new TextFault(TextFault.UnexpectedEnd);
        _at += length;
        return rest[..length];
    }

    /// <summary>The rest of the line; the cursor then stands on the next one.</summary>
    public ReadOnlySpan<byte> ReadToLinebreak()
    {
        var rest = body.Span[_at..];
        var length = rest.IndexOf((byte)'\n');
        if (length < 0)
            throw new TextFault(TextFault.UnexpectedEnd);
        _at += length + 1;
        return rest[..length];
    }

    public void SkipLine() => ReadToLinebreak();

    /// <summary>The rest of the line with \\, \" and \n undone.</summary>
    public string ReadHelp()
    {
        var text = ReadToLinebreak();
        var plain = new byte[text.Length];
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain[written++] = text[i];
                continue;
            }
            if (++i == text.Length)
                throw new TextFault(TextFault.UnexpectedEnd);
            plain[written++] = text[i] switch
            {
                (byte)'\\' => (byte)'\\',
                (byte)'n' => (byte)'\n',
                (byte)'"' => (byte)'"',
                var other => throw new TextFault($"invalid escape sequence '\\{(char)other}'"),
            };
        }
        return ByteText.Decode(plain.AsSpan(0, written));
    }

    /// <summary>A bare or quoted name; "" when none starts here. <paramref name="what"/> names it in faults.</summary>
    public string ReadName(string what, Func<byte, bool> starts, NameRun run)
    {
        if (Current == '"')
            return ReadQuoted(what);
        if (!starts(Current))
            return "";
        var rest = body.Span[_at..];
        var length = run(rest);
        _at += length;
        _ = Current;
        return ByteText.Decode(rest[..length]);
    }

    /// <summary>A quoted label value; the cursor stands on the opening quote.</summary>
    public string ReadLabelValue() => ReadQuoted("label value");

    public delegate int NameRun(ReadOnlySpan<byte> text);

    private string ReadQuoted(string what)
    {
        var span = body.Span;
        var plain = new List<byte>();
        for (var i = _at + 1; i < span.Length; i++)
        {
            switch (span[i])
            {
                case (byte)'"':
                    _at = i + 1;
                    _ = Current;
                    return ByteText.Decode(CollectionsMarshal.AsSpan(plain));
                case (byte)'\n':
                    var read = ByteText.Decode(CollectionsMarshal.AsSpan(plain));
                    throw new TextFault($"{what} {GoQuote.Quote(read)} contains unescaped new-line");
                case (byte)'\\':
                    if (++i == span.Length)
                        throw new TextFault(TextFault.UnexpectedEnd);
                    plain.Add(span[i] switch
                    {
                        (byte)'\\' => (byte)'\\',
                        (byte)'n' => (byte)'\n',
                        (byte)'"' => (byte)'"',
                        var other => throw new TextFault($"invalid escape sequence '\\{(char)other}'"),
                    });
                    break;
                default:
                    plain.Add(span[i]);
                    break;
            }
        }
        throw new TextFault(TextFault.UnexpectedEnd);
    }
}
