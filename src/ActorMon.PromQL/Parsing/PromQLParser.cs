using ActorMon.Model.Text;
using ActorMon.PromQL.Parsing.SeriesDescription;

namespace ActorMon.PromQL.Parsing;

/// <summary>
/// Parses PromQL as Prometheus 3.14 does, with its error texts. Any input gives a tree or errors, in time linear in its length; trees higher than
/// <see cref="MaxDepth"/> levels are an error, so that no walk over a tree can exhaust the stack.
/// </summary>
public static class PromQLParser
{
    /// <summary>Levels of nesting (parentheses, calls, chains of operators, ranges on ranges) a query may have.</summary>
    public const int MaxDepth = 1000;

    /// <summary>Values one line of the series notation may unfold to.</summary>
    public const int MaxSeriesValues = 10_000_000;

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

    /// <summary>Parses a metric with its labels, <c>name{a="b"}</c> or <c>{"name", a="b"}</c>; every label has one value, so there are no operators but "=".</summary>
    public static MetricResult ParseMetric(string metric)
    {
        var parser = new QueryParser(ByteText.Encode(metric), ParserOptions.Default);
        var labels = parser.ParseMetricOnly();
        return parser.Errors.Count == 0 ? new MetricResult(labels, []) : new MetricResult(null, parser.Errors);
    }

    /// <summary>
    /// Parses a line of the test notation: a metric, then values separated by spaces, <c>1 2+3x4 _ _x5 stale {{sum:1 count:2}}x3</c>. At most
    /// <see cref="MaxSeriesValues"/> values.
    /// </summary>
    public static SeriesResult ParseSeries(string line)
    {
        var parser = new QueryParser(ByteText.Encode(line), ParserOptions.Default, seriesDescription: true);
        var series = parser.ParseSeriesDescription();
        return parser.Errors.Count == 0 ? new SeriesResult(series, []) : new SeriesResult(null, parser.Errors);
    }
}
