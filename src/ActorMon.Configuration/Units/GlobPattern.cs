namespace ActorMon.Configuration.Units;

/// <summary>File patterns of configuration files, in which "*" may stand only in the last segment, and once.</summary>
public static class GlobPattern
{
    /// <summary>The form asked of rule_files and scrape_config_files: anything without "*", then at most one "*" followed by no "/".</summary>
    public static bool IsRulePattern(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0 || pattern.IndexOf('/', star) < 0;
    }

    /// <summary>True when the text has wildcards.</summary>
    public static bool HasWildcards(string pattern) => pattern.AsSpan().ContainsAny('*', '?', '[');

    /// <summary>Matches one path segment: * any run, ? any character, [a-z] and [^a-z] classes, \ escapes (Go's filepath.Match). Linear in both lengths per star.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < pattern.Length && MatchOne(pattern, ref p, name[n]))
            {
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }

    private static bool MatchOne(ReadOnlySpan<char> pattern, ref int p, char c)
    {
        switch (pattern[p])
        {
            case '?':
                p++;
                return true;
            case '[' when pattern[(p + 1)..].IndexOf(']') > 0:
                return MatchClass(pattern, ref p, c);
            case '\\' when p + 1 < pattern.Length:
                p += 2;
                return pattern[p - 1] == c;
            default:
                return pattern[p++] == c;
        }
    }

    private static bool MatchClass(ReadOnlySpan<char> pattern, ref int p, char c)
    {
        var end = p + 1 + pattern[(p + 1)..].IndexOf(']');
        var set = pattern[(p + 1)..end];
        p = end + 1;
        var negated = set[0] == '^';
        if (negated)
            set = set[1..];
        var found = false;
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                found |= c >= set[i] && c <= set[i + 2];
                i += 2;
            }
            else
            {
                found |= c == set[i];
            }
        }
        return found != negated;
    }
}
