using System.Text;

namespace ActorMon.Tsdb.Index;

/// <summary>Recognises regexes that are only an alternation of texts (<c>a|b\.c</c>, what dashboards send for multi-value variables).</summary>
internal static class RegexLiterals
{
    private const int MaxAlternatives = 10_000;

    /// <summary>The texts, distinct, or null when the pattern has any other construct.</summary>
    public static string[]? TryAlternatives(string pattern)
    {
        var inner = pattern.AsSpan();
        if (inner.Length >= 2 && inner[0] == '(' && inner[^1] == ')')
            inner = inner[1..^1];
        var found = new HashSet<string>(StringComparer.Ordinal);
        var text = new StringBuilder();
        for (var i = 0; i < inner.Length; i++)
        {
            var c = inner[i];
            if (c == '|')
            {
                found.Add(text.ToString());
                text.Clear();
                if (found.Count > MaxAlternatives)
                    return null;
                continue;
            }
            if (c == '\\')
            {
                // Only an escaped punctuation stands for itself; \d, \b and the like are classes or assertions.
                if (++i == inner.Length || !char.IsAscii(inner[i]) || char.IsAsciiLetterOrDigit(inner[i]))
                    return null;
                c = inner[i];
            }
            else if ("()[]{}.*+?^$".Contains(c, StringComparison.Ordinal))
            {
                return null;
            }
            text.Append(c);
        }
        found.Add(text.ToString());
        return [.. found];
    }
}
