using ActorMon.Configuration.Units;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Mechanisms;

/// <summary>
/// Syntax checks of Kubernetes field selectors (<c>metadata.name=a,status!=b</c>) and label selectors (<c>a=b,c in (d,e),!f,g</c>).
/// Each gives the message, or null when the text is fine.
/// </summary>
internal static class KubernetesSelectors
{
    public static string? FieldProblem(string selector)
    {
        foreach (var term in SplitTerms(selector))
            if (term.Length > 0 && !HasOperator(term))
                return $"invalid selector: '{selector}'; can't understand '{term}'";
        return null;
    }

    public static string? LabelProblem(string selector)
    {
        if (selector.AsSpan().Trim().IsEmpty)
            return null;
        foreach (var term in SplitRequirements(selector))
            if (!IsRequirement(term.Trim()))
                return $"unable to parse requirement: {GoQuote.Quote(term.Trim())} in label selector {GoQuote.Quote(selector)}";
        return null;
    }

    // A backslash takes the meaning of separator or operator from the character after it.
    private static IEnumerable<string> SplitTerms(string selector)
    {
        var start = 0;
        for (var i = 0; i < selector.Length; i++)
        {
            if (selector[i] == '\\')
            {
                i++;
            }
            else if (selector[i] == ',')
            {
                yield return selector[start..i];
                start = i + 1;
            }
        }
        yield return selector[start..];
    }

    private static bool HasOperator(string term)
    {
        for (var i = 0; i < term.Length; i++)
        {
            if (term[i] == '\\')
                i++;
            else if (term[i] == '=')
                return true;
        }
        return false;
    }

    private static List<string> SplitRequirements(string selector)
    {
        var terms = new List<string>();
        var (start, depth) = (0, 0);
        for (var i = 0; i < selector.Length; i++)
        {
            if (selector[i] == '(')
                depth++;
            else if (selector[i] == ')')
                depth--;
            else if (selector[i] == ',' && depth == 0)
            {
                terms.Add(selector[start..i]);
                start = i + 1;
            }
        }
        terms.Add(selector[start..]);
        return terms;
    }

    private static bool IsRequirement(string term)
    {
        if (term.StartsWith('!'))
            return IsKey(term[1..].Trim());
        var set = term.IndexOf('(', StringComparison.Ordinal);
        if (set >= 0)
        {
            var words = term[..set].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return words.Length == 2 && words[1] is "in" or "notin" && IsKey(words[0]) && term.EndsWith(')')
                && term[(set + 1)..^1].Split(',').All(v => IsValue(v.Trim()));
        }
        var at = term.AsSpan().IndexOfAny("=!<>");
        if (at < 0)
            return IsKey(term);
        var rest = term[at..];
        var width = rest.StartsWith("==", StringComparison.Ordinal) || rest.StartsWith("!=", StringComparison.Ordinal) ? 2 : 1;
        var value = rest[width..].Trim();
        if (rest[0] == '!' && width == 1)
            return false;
        return IsKey(term[..at].Trim()) && (rest[0] is '<' or '>' ? long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out _) : IsValue(value));
    }

    /// <summary>[prefix/]name: the name at most 63 letters, digits, "-", "_", "." between letters or digits; the prefix a DNS name.</summary>
    private static bool IsKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var prefix = slash < 0 ? null : key[..slash];
        var name = key[(slash + 1)..];
        return name.Length > 0 && IsValue(name)
            && (prefix is null || (prefix.Length is > 0 and <= 253 && prefix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')));
    }

    private static bool IsValue(string value)
    {
        if (value.Length == 0)
            return true;
        return value.Length <= 63 && char.IsAsciiLetterOrDigit(value[0]) && char.IsAsciiLetterOrDigit(value[^1])
            && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
    }
}
