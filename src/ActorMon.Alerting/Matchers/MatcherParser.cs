namespace ActorMon.Alerting.Matchers;

/// <summary>Which of the two syntaxes matchers are read in (the original's feature flags).</summary>
public enum MatcherSyntax : byte
{
    /// <summary>UTF-8 first, then classic; where both read a text differently the classic reading wins. The default.</summary>
    Fallback,

    /// <summary>--enable-feature=utf8-strict-mode</summary>
    Utf8Strict,

    /// <summary>--enable-feature=classic-mode</summary>
    Classic,
}

/// <summary>Matchers, or what is wrong with the text; a warning when only the classic syntax understands it or the two disagree.</summary>
public sealed record ParsedMatchers(IReadOnlyList<AlertMatcher> Matchers, string? Error, string? Warning = null);

/// <summary>Reads matchers as configuration files, API filters and command lines write them. Texts of errors are the original's.</summary>
public static class MatcherParser
{
    /// <summary>Zero or more matchers with commas between them, optionally in braces.</summary>
    public static ParsedMatchers ParseList(string input, MatcherSyntax syntax = MatcherSyntax.Fallback)
    {
        if (syntax == MatcherSyntax.Classic)
            return Result(ClassicMatcherParser.TryParseList(input, out var only, out var onlyError), only, onlyError);
        var utf8Read = Utf8MatcherParser.TryParse(input, out var utf8, out var utf8Error);
        if (syntax == MatcherSyntax.Utf8Strict)
            return Result(utf8Read, utf8, utf8Error);
        var classicRead = ClassicMatcherParser.TryParseList(input, out var classic, out var classicError);
        return Reconcile(utf8Read, utf8, utf8Error, classicRead, classic, classicError);
    }

    /// <summary>Exactly one matcher, without braces.</summary>
    public static ParsedMatchers ParseOne(string input, MatcherSyntax syntax = MatcherSyntax.Fallback)
    {
        if (syntax != MatcherSyntax.Classic && (input.StartsWith('{') || input.EndsWith('}')))
            return new ParsedMatchers([], "unexpected open or close brace: " + input);
        var classicRead = ClassicMatcherParser.TryParseOne(input, out var one, out var classicError);
        IReadOnlyList<AlertMatcher> classic = one is null ? [] : [one];
        if (syntax == MatcherSyntax.Classic)
            return Result(classicRead, classic, classicError);
        var utf8Read = TryUtf8One(input, out var utf8, out var utf8Error);
        return syntax == MatcherSyntax.Utf8Strict ? Result(utf8Read, utf8, utf8Error) : Reconcile(utf8Read, utf8, utf8Error, classicRead, classic, classicError);
    }

    /// <summary>One matcher in the UTF-8 syntax, braces allowed.</summary>
    internal static bool TryUtf8One(string input, out IReadOnlyList<AlertMatcher> matchers, out string error)
    {
        if (!Utf8MatcherParser.TryParse(input, out matchers, out error))
            return false;
        error = matchers.Count switch
        {
            1 => "",
            0 => "no matchers",
            var count => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"expected 1 matcher, found {count}"),
        };
        return error.Length == 0;
    }

    private static ParsedMatchers Result(bool read, IReadOnlyList<AlertMatcher> matchers, string error) =>
        read ? new ParsedMatchers(matchers, null) : new ParsedMatchers([], error);

    private static ParsedMatchers Reconcile(
        bool utf8Read, IReadOnlyList<AlertMatcher> utf8, string utf8Error, bool classicRead, IReadOnlyList<AlertMatcher> classic, string classicError)
    {
        if (!utf8Read)
            return classicRead
                ? new ParsedMatchers(classic, null, $"only the classic matcher syntax reads this ({utf8Error}); write it as {string.Join(',', classic)}")
                : new ParsedMatchers([], classicError);
        return classicRead && !utf8.SequenceEqual(classic)
            ? new ParsedMatchers(classic, null, $"the two matcher syntaxes read this differently; the classic reading {string.Join(',', classic)} is used")
            : new ParsedMatchers(utf8, null);
    }
}
