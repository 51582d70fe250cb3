namespace ActorMon.Api.OpenApi;

/// <summary>Turns the notation of <see cref="OpenApiSchemas"/> into the YAML lines of a schema.</summary>
internal sealed class SchemaNotation
{
    private readonly string _text;
    private readonly YamlLines _yaml;
    private int _at;

    private SchemaNotation(string text, YamlLines yaml) => (_text, _yaml) = (text, yaml);

    /// <exception cref="FormatException">The notation is malformed: a mistake in the program.</exception>
    public static void Write(YamlLines yaml, string notation)
    {
        var parser = new SchemaNotation(notation, yaml);
        parser.Alternatives();
        if (parser._at != notation.Length)
            throw parser.Malformed();
    }

    private void Alternatives()
    {
        if (!HasAlternatives())
        {
            One();
            return;
        }
        _yaml.Line("anyOf:");
        do
        {
            _yaml.Item();
            One();
            _yaml.Out();
        }
        while (Take('|'));
    }

    private void One()
    {
        if (Take('['))
        {
            _yaml.Line("type: array");
            Nested("items:", ']');
        }
        else if (Take('<'))
        {
            _yaml.Line("type: object");
            Nested("additionalProperties:", '>');
        }
        else if (Take('{'))
            Object();
        else
            Word();
    }

    private void Nested(string key, char end)
    {
        _yaml.Line(key);
        _yaml.In();
        Alternatives();
        _yaml.Out();
        Expect(end);
    }

    private void Object()
    {
        _yaml.Line("type: object");
        _yaml.Line("properties:");
        _yaml.In();
        var required = new List<string>();
        do
        {
            var name = Until(':');
            Expect(':');
            if (name.EndsWith('?'))
                name = name[..^1];
            else
                required.Add(name);
            _yaml.Line(YamlLines.Quote(name) + ":");
            _yaml.In();
            Alternatives();
            _yaml.Out();
        }
        while (Take(','));
        Expect('}');
        _yaml.Out();
        if (required.Count == 0)
            return;
        _yaml.Line("required:");
        _yaml.In();
        foreach (var name in required)
            _yaml.Line("- " + YamlLines.Quote(name));
        _yaml.Out();
    }

    private void Word()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiLetterOrDigit(_text[_at]))
            _at++;
        switch (_text[start.._at])
        {
            case "str":
                _yaml.Line("type: string");
                if (Take('('))
                    Enumeration();
                break;
            case "int":
                _yaml.Line("type: integer");
                _yaml.Line("format: int64");
                break;
            case "num":
                _yaml.Line("type: number");
                break;
            case "bool":
                _yaml.Line("type: boolean");
                break;
            case "null":
                _yaml.Line("type: 'null'");
                break;
            case "date":
                _yaml.Line("type: string");
                _yaml.Line("format: date-time");
                break;
            case "obj":
                _yaml.Line("type: object");
                break;
            case "any":
                _yaml.Line("description: Any value.");
                break;
            case "instant":
                OneOf("date-time", "RFC 3339.", "unixtime", "Seconds since 1970.");
                break;
            case "duration":
                OneOf("duration", "Such as 15s or 2m30s.", "float", "Seconds.");
                break;
            case "":
                throw Malformed();
            case var name:
                _yaml.Line($"$ref: '#/components/schemas/{name}'");
                break;
        }
    }

    private void Enumeration()
    {
        _yaml.Line("enum:");
        _yaml.In();
        foreach (var value in Until(')').Split('|'))
            _yaml.Line("- " + YamlLines.Quote(value));
        _yaml.Out();
        Expect(')');
    }

    private void OneOf(string textFormat, string textMeaning, string numberFormat, string numberMeaning)
    {
        _yaml.Line("oneOf:");
        foreach (var (type, format, meaning) in new[] { ("string", textFormat, textMeaning), ("number", numberFormat, numberMeaning) })
        {
            _yaml.Item();
            _yaml.Line("type: " + type);
            _yaml.Line("format: " + format);
            _yaml.Line("description: " + YamlLines.Quote(meaning));
            _yaml.Out();
        }
    }

    /// <summary>A | at this depth, before what encloses it ends.</summary>
    private bool HasAlternatives()
    {
        var depth = 0;
        for (var i = _at; i < _text.Length; i++)
        {
            switch (_text[i])
            {
                case '{' or '[' or '<' or '(':
                    // The brackets of a property's name (match[]) close again at once.
                    depth++;
                    break;
                case '}' or ']' or '>' or ')':
                    if (depth-- == 0)
                        return false;
                    break;
                case ',' when depth == 0:
                    return false;
                case '|' when depth == 0:
                    return true;
            }
        }
        return false;
    }

    private string Until(char end)
    {
        var stop = _text.IndexOf(end, _at);
        if (stop < 0)
            throw Malformed();
        var text = _text[_at..stop];
        _at = stop;
        return text;
    }

    private bool Take(char c)
    {
        if (_at >= _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!Take(c))
            throw Malformed();
    }

    private FormatException Malformed() => new($"schema notation at {_at}: {_text}");
}
