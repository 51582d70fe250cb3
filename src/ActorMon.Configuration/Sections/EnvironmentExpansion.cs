using System.Text;

namespace ActorMon.Configuration.Sections;

/// <summary>Replaces $name and ${name} as Go's os.Expand does; "$$" stands for one dollar, and so does a "$" that names nothing.</summary>
internal static class EnvironmentExpansion
{
    public static string Expand(string text, Func<string, string> lookup)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
            return text;
        var expanded = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] != '$' || at + 1 >= text.Length)
            {
                expanded.Append(text[at++]);
                continue;
            }
            var (name, width) = Name(text.AsSpan(at + 1));
            if (name.Length == 0 && width == 0)
                expanded.Append('$');
            else if (name.Length > 0)
                expanded.Append(name == "$" ? "$" : lookup(name));
            at += width + 1;
        }
        return expanded.ToString();
    }

    // Width 0: the dollar stands alone. A name "" with a width: bad syntax such as ${}, which is eaten.
    private static (string Name, int Width) Name(ReadOnlySpan<char> rest)
    {
        if (rest[0] == '{')
        {
            var close = rest.IndexOf('}');
            return close < 0 ? ("", 1) : (rest[1..close].ToString(), close + 1);
        }
        if (rest[0] is '*' or '#' or '$' or '@' or '!' or '?' or '-' || char.IsAsciiDigit(rest[0]))
            return (rest[..1].ToString(), 1);
        var end = 0;
        while (end < rest.Length && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] == '_'))
            end++;
        return (rest[..end].ToString(), end);
    }
}
