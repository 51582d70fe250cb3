using System.Text;

namespace ActorMon.Api.OpenApi;

/// <summary>Writes indented YAML. A list item is opened with <see cref="Item"/>: its first line gets the dash.</summary>
internal sealed class YamlLines
{
    private const int Step = 4;
    private readonly StringBuilder _text = new();
    private int _indent;
    private int _dashAt = -1;

    public void Line(string text)
    {
        var indent = _indent;
        if (_dashAt >= 0)
        {
            _text.Append(' ', _dashAt).Append('-').Append(' ', indent - _dashAt - 1);
            _dashAt = -1;
        }
        else
            _text.Append(' ', indent);
        _text.Append(text).Append('\n');
    }

    public void In() => _indent += Step;

    public void Out() => _indent -= Step;

    /// <summary>Begins a list item; <see cref="Out"/> ends it.</summary>
    public void Item()
    {
        // An item that opens another at once keeps its own dash on the same line.
        if (_dashAt >= 0)
            throw new InvalidOperationException("a list item must have a line before it holds another list");
        _dashAt = _indent;
        In();
    }

    /// <summary>Plain when YAML reads it as that text, else in single quotes.</summary>
    public static string Quote(string text)
    {
        var plain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n");
        foreach (var c in text)
            plain &= char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ' ' or '/';
        return plain ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    public override string ToString() => _text.ToString();
}
