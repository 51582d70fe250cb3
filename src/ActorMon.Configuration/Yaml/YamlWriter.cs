using System.Globalization;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Yaml;

/// <summary>
/// Writes block-style YAML the way the peers' library does: two spaces a level, list items at the level of their key, quotes only where a plain scalar would
/// read back as something else. Long lines are not folded.
/// </summary>
internal sealed class YamlWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;
    private bool _itemOpen;

    public override string ToString() => _text.Length == 0 ? "{}\n" : _text.ToString();

    /// <summary>Starts a line with a key; its value comes next.</summary>
    public void Key(string key)
    {
        StartLine();
        _text.Append(Scalar(key, flow: false)).Append(':');
    }

    /// <summary>Starts a list item; what follows is its value, or the first key of its mapping.</summary>
    public void Item()
    {
        StartLine();
        _text.Append('-');
        _itemOpen = true;
    }

    public void Text(string value)
    {
        if (value.Contains('\n', StringComparison.Ordinal) && Literal(value))
            return;
        Raw(Scalar(value, flow: false));
    }

    public void Value(object? value) => Raw(value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double number => Float(number),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    });

    public void FlowList(IEnumerable<string> items) => Raw($"[{string.Join(", ", items.Select(i => Scalar(i, flow: true)))}]");

    /// <summary>Ends the line of a key whose value is a block below it.</summary>
    public void Open(bool list)
    {
        if (!_itemOpen)
            _text.Append('\n');
        _indent += list && !_itemOpen ? 0 : 1;
    }

    public void Close(bool list, bool inItem) => _indent -= list && !inItem ? 0 : 1;

    public void Raw(string value)
    {
        _text.Append(' ').Append(value).Append('\n');
        _itemOpen = false;
    }

    public bool AtItem => _itemOpen;

    private void StartLine()
    {
        if (_itemOpen)
            _text.Append(' ');
        else
            _text.Append(' ', 2 * _indent);
        _itemOpen = false;
    }

    private bool Literal(string value)
    {
        foreach (var line in value.Split('\n'))
            if (line.Length > 0 && (line[0] is ' ' or '\t' || line[^1] == ' '))
                return false;
        if (value[0] == '\n' || HasSpecial(value.Replace("\n", "", StringComparison.Ordinal)))
            return false;
        var trailing = value.Length - value.TrimEnd('\n').Length;
        _text.Append(trailing == 0 ? " |-\n" : trailing == 1 ? " |\n" : " |+\n");
        _itemOpen = false;
        foreach (var line in (trailing == 0 ? value : value[..^1]).Split('\n'))
        {
            if (line.Length > 0)
                _text.Append(' ', 2 * (_indent + 1)).Append(line);
            _text.Append('\n');
        }
        return true;
    }

    private static string Float(double value) => double.IsNaN(value) ? ".nan" : double.IsInfinity(value) ? value > 0 ? ".inf" : "-.inf"
        : value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');

    private static string Scalar(string value, bool flow)
    {
        if (!ByteText.IsValid(value))
            return "!!binary " + Convert.ToBase64String(ByteText.Encode(value));
        if (HasSpecial(value) || ScalarTypes.TagOfPlain(value) != "!!str" || value == "<<")
            return DoubleQuoted(value);
        return IsPlain(value, flow) ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    private static bool IsPlain(string value, bool flow)
    {
        if (value[0] is '#' or ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' or ' ' || value[^1] == ' ')
            return false;
        if (value[0] is '-' or '?' or ':' && (value.Length == 1 || value[1] == ' ' || (flow && value[0] != '-')))
            return false;
        if (value.StartsWith("---", StringComparison.Ordinal) || value.StartsWith("...", StringComparison.Ordinal))
            return false;
        for (var i = 1; i < value.Length; i++)
        {
            if (value[i] == ':' && (flow || i + 1 == value.Length || value[i + 1] == ' '))
                return false;
            if (value[i] == '#' && value[i - 1] == ' ')
                return false;
            if (flow && value[i] is ',' or '?' or '[' or ']' or '{' or '}' && flow)
                return false;
        }
        return true;
    }

    private static bool HasSpecial(string value)
    {
        foreach (var c in value)
            if (char.IsControl(c) || c is '\uFEFF' or '\u2028' or '\u2029' or '\uFFFE' or '\uFFFF')
                return true;
        return false;
    }

    private static string DoubleQuoted(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when char.IsControl(c) || c is '\uFEFF' or '\u2028' or '\u2029' or '\uFFFE' or '\uFFFF' => $"\\u{(int)c:X4}",
                _ => c.ToString(),
            });
        return quoted.Append('"').ToString();
    }
}
