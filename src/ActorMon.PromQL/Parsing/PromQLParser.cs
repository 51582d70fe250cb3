using ActorMon.Model.Text;

namespace ActorMon.PromQL.Parsing;

/// <summary>
/// Parses PromQL as Prometheus 3.14 does, with its error texts. Any input gives a tree or errors, in time linear in its length; trees higher than
/// <see cref="MaxDepth"/> levels are an error, so that no walk over a tree can exhaust the stack.
/// </summary>
public static class PromQLParser
{
    /// <summary>Levels of nesting (parentheses, calls, chains of operators, ranges on ranges) a query may have.</summary>
    public const int MaxDepth = 1000;

    /// <summary>Parses and type-checks a query.</summary>
    public static ParseResult Parse(string query, ParserOptions options)
    {
        var parser = new QueryParser(ByteText.Encode(query), options);
        var expr = parser.ParseQuery();
        return parser.Errors.Count == 0 ? new ParseResult(expr, []) : new ParseResult(null, parser.Errors);
    }

    /// <summary>
    /// Parses a series selector (<c>match[]</c>). Nothing is said about what it matches: callers that must not select everything check that at least
    /// one matcher does not match the empty string.
    /// </summary>
    public static MatchersResult ParseMatchers(string selector)
    {
        var parser = new QueryParser(ByteText.Encode(selector), ParserOptions.Default);
        var parsed = parser.ParseSelectorOnly();
        return parser.Errors.Count == 0 ? new MatchersResult(parsed!.Matchers, []) : new MatchersResult(null, parser.Errors);
    }
}
