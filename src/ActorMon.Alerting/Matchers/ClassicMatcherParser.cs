using System.Text;
using ActorMon.Model.Matchers;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Matchers;

/// <summary>
/// The parser from before Alertmanager 0.27: names are classic label names, values need no quotes, only \n, \" and \\ are escapes and any other backslash is
/// itself.
/// </summary>
internal static class ClassicMatcherParser
{
    /// <summary>A list with commas between its matchers, outside of quotes; one brace at each end is passed over.</summary>
    public static bool TryParseList(string input, out IReadOnlyList<AlertMatcher> matchers, out string error)
    {
        var list = new List<AlertMatcher>();
        matchers = list;
        error = "";
        foreach (var part in Split(input))
        {
            if (!TryParseOne(part, out var matcher, out error))
                return false;
            list.Add(matcher!);
        }
        return true;
    }

    public static bool TryParseOne(string input, out AlertMatcher? matcher, out string error)
    {
        matcher = null;
        var rest = input.AsSpan().TrimStart(" \t\n\f\r");
        var nameLength = 0;
        while (nameLength < rest.Length && (char.IsAsciiLetter(rest[nameLength]) || rest[nameLength] is '_' or ':' || (nameLength > 0 && char.IsAsciiDigit(rest[nameLength]))))
            nameLength++;
        var name = rest[..nameLength];
        rest = rest[nameLength..].TrimStart(" \t\n\f\r");
        if (name.IsEmpty || OperatorAt(rest) is not { } op)
        {
            error = "bad matcher format: " + input;
            return false;
        }
        var raw = rest[Matcher.Symbol(op).Length..].Trim(" \t\n\f\r").ToString();
        if (!TryValue(raw, out var value, out error))
            return false;
        try
        {
            matcher = new AlertMatcher(op, name.ToString(), value);
            return true;
        }
        catch (FormatException e)
        {
            error = e.Message;
            return false;
        }
    }

    private static List<string> Split(string input)
    {
        if (input.StartsWith('{'))
            input = input[1..];
        if (input.EndsWith('}'))
            input = input[..^1];
        var parts = new List<string>();
        var (start, quoted, escaped) = (0, false, false);
        for (var i = 0; i < input.Length; i++)
        {
            switch (input[i])
            {
                case ',' when !quoted:
                    parts.Add(input[start..i]);
                    start = i + 1;
                    break;
                // A comma leaves the state of a backslash before it alone, as the original does.
                case ',':
                    break;
                case '"':
                    quoted ^= !escaped;
                    escaped = false;
                    break;
                case '\\':
                    escaped = !escaped;
                    break;
                default:
                    escaped = false;
                    break;
            }
        }
        var last = input[start..].Trim();
        if (last.Length > 0)
            parts.Add(last);
        return parts;
    }

    private static MatchOperator? OperatorAt(ReadOnlySpan<char> text) => text switch
    {
        ['=', '~', ..] => MatchOperator.Regex,
        ['=', ..] => MatchOperator.Equal,
        ['!', '=', ..] => MatchOperator.NotEqual,
        ['!', '~', ..] => MatchOperator.NotRegex,
        _ => null,
    };

    private static bool TryValue(string raw, out string value, out string error)
    {
        value = error = "";
        if (!ByteText.IsValid(raw))
        {
            error = "matcher value not valid UTF-8: " + raw;
            return false;
        }
        var awaitsQuote = raw.StartsWith('"');
        var body = awaitsQuote ? raw[1..] : raw;
        var text = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            var isLast = i == body.Length - 1;
            if (body[i] == '\\' && !isLast)
                AppendEscape(text, body[++i]);
            else if (body[i] != '"')
                text.Append(body[i]);
            else if (awaitsQuote && isLast)
                awaitsQuote = false;
            else
            {
                awaitsQuote = true;
                break;
            }
        }
        if (awaitsQuote)
        {
            error = "matcher value contains unescaped double quote: " + raw;
            return false;
        }
        value = text.ToString();
        return true;
    }

    private static void AppendEscape(StringBuilder to, char escaped)
    {
        if (escaped == 'n')
            to.Append('\n');
        else if (escaped is '"' or '\\')
            to.Append(escaped);
        else
            to.Append('\\').Append(escaped);
    }
}
