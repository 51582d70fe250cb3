using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Printing;

namespace ActorMon.PromQL.Tests.Parsing;

/// <summary>Seeded random queries: whatever comes in, a tree or errors come out, and a printed tree parses to the same print.</summary>
public class ParserFuzzTests
{
    private static readonly string[] Tokens =
    [
        "foo", "sum", "rate", "time", "info", "topk", "count_values", "limitk", "a:b", "by", "without", "on", "ignoring", "group_left", "group_right", "bool",
        "offset", "and", "or", "unless", "atan2", "start", "end", "step", "range", "min_of", "max_of", "anchored", "smoothed", "fill", "fill_left", "fill_right",
        "(", ")", "{", "}", "[", "]", ",", ":", "+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=", "</", ">/", "=", "=~", "!~", "@", "5m", "1h30m",
        "1", "0", "2.5", "1e3", "0x1f", "NaN", "Inf", "\"text\"", "'a\\x41b'", "`raw`", "\"(\"", "# comment\n", "\n", "\\", "é", "\0", "5mm", "1..2", "_", "x",
    ];

    private static readonly string[] Seeds =
    [
        "sum by (job, \"a.b\") (rate(http_requests_total{code=~\"5..\", job!=\"x\"}[5m] offset 1h)) / on (job) group_left (env) up",
        "histogram_quantile(0.9, sum without (instance) (rate(latency_bucket[5m])))",
        "max_over_time((foo + bar)[1h:5m] @ start() offset -10m) > bool 3",
        "{\"metric.name\", a=\"b\"} and ignoring () -foo ^ 2 ^ -3",
        "foo[step() + 5m * 2] anchored", "foo offset -(5m + step()) smoothed", "foo[max_of(range(), 5s):min_of(1m, 2 ^ 3)]",
        "a + fill_left (1) fill_right (-2) b", "topk(3, foo) or count_values(\"v\", bar) unless baz atan2 qux",
        "label_replace(foo, \"dst\", \"$1\", \"src\", \"(.*)\")", "info(foo, {a=\"b\"})", "sum(", "foo{a=}", "foo[5m", "1 == 1", "-5m + 1h30m",
    ];

    [Fact]
    public void Random_tokens_give_a_tree_or_errors()
    {
        var random = new Random(7);
        var parsed = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var query = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => Tokens[random.Next(Tokens.Length)] + (random.Next(3) == 0 ? "" : " ")));
            parsed += Check(query) ? 1 : 0;
        }
        Assert.True(parsed > 300, $"only {parsed} random queries were good: the soup is too thin");
    }

    [Fact]
    public void Mutated_queries_give_a_tree_or_errors()
    {
        var random = new Random(11);
        var parsed = 0;
        for (var i = 0; i < 30_000; i++)
            parsed += Check(Mutate(Seeds[random.Next(Seeds.Length)], random)) ? 1 : 0;
        Assert.True(parsed > 3000, $"only {parsed} mutants were good");
    }

    [Fact]
    public void Random_bytes_in_a_series_description_give_a_series_or_errors()
    {
        var random = new Random(13);
        string[] parts = ["{}", "m", "{a=\"b\"}", " ", "  ", "1", "-3", "+2", "x3", "x", "_", "stale", "{{", "}}", "sum:1", "buckets:[1 2]", "schema:0", "[", "]", "Inf", "1x2", "{{count:1}}", "+{{sum:2}}x2", ":", "offset:-1", "."];
        var parsed = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var line = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
            var result = PromQLParser.ParseSeries(line);
            Assert.True(result.Success != (result.Errors.Count > 0), line);
            parsed += result.Success ? 1 : 0;
        }
        Assert.True(parsed > 200, $"only {parsed} lines were good");
    }

    [Theory]
    [InlineData("(", "", ")")]
    [InlineData("-", "1", "")]
    [InlineData("sum(", "foo", ")")]
    [InlineData("abs(", "foo", ")")]
    [InlineData("1 + ", "1", "")]
    [InlineData("2 ^ ", "1", "")]
    [InlineData("", "foo", "[1m:]")]
    [InlineData("", "foo", " or foo")]
    [InlineData("", "foo", " offset 5m")]
    [InlineData("", "foo", " offset x")]
    [InlineData("", "foo{", "a=\"b\",")]
    [InlineData("", "foo{", "a,")]
    [InlineData("", "foo by (", "==,")]
    [InlineData("", "f(", "a,,")]
    [InlineData("foo[", "1", "]")]
    [InlineData("foo[-(", "1", "]")]
    public void Deep_and_long_queries_end_soon(string before, string middle, string after)
    {
        const int times = 50_000;
        var watch = Stopwatch.StartNew();
        Check(string.Concat(Enumerable.Repeat(before, times)) + middle + string.Concat(Enumerable.Repeat(after, times)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Depth_is_limited_with_an_error_that_says_so()
    {
        var query = string.Concat(Enumerable.Repeat("(", 2000)) + "1" + string.Concat(Enumerable.Repeat(")", 2000));
        Assert.Contains("nests deeper than 1000 levels", PromQLParser.Parse(query, ParserOptions.Default).ErrorText, StringComparison.Ordinal);
        var chain = "1" + string.Concat(Enumerable.Repeat(" + 1", 2000));
        Assert.Contains("nests deeper than 1000 levels", PromQLParser.Parse(chain, ParserOptions.Default).ErrorText, StringComparison.Ordinal);
        var durations = "foo[1" + string.Concat(Enumerable.Repeat(" + 1", 2000)) + "]";
        Assert.Contains("nests deeper than 1000 levels", PromQLParser.Parse(durations, ParserOptions.Default).ErrorText, StringComparison.Ordinal);
        Assert.True(PromQLParser.Parse("1" + string.Concat(Enumerable.Repeat(" + 1", 900)), ParserOptions.Default).Success);
    }

    private static string Mutate(string query, Random random)
    {
        var text = new System.Text.StringBuilder(query);
        for (var n = random.Next(1, 4); n > 0 && text.Length > 0; n--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 2:
                    text[at] = (char)random.Next(1, 128);
                    break;
                case 3:
                    text.Insert(at, ' ');
                    break;
                default:
                    text.Append(' ').Append(Tokens[random.Next(Tokens.Length)]).Append(' ').Append(Seeds[random.Next(Seeds.Length)]);
                    break;
            }
        }
        return text.ToString();
    }

    /// <summary>True: the query was good.</summary>
    private static bool Check(string query)
    {
        var result = PromQLParser.Parse(query, ParserOptions.All);
        if (!result.Success)
        {
            Assert.NotEmpty(result.Errors);
            return false;
        }
        Assert.Empty(result.Errors);
        var printed = ExprPrinter.Print(result.Expr);
        AssertPrintsAs(printed, printed, query);
        AssertPrintsAs(printed, PrettyPrinter.Format(result.Expr, 20), query);
        var json = new ArrayBufferWriter<byte>();
        AstJson.Write(result.Expr, json);
        using var document = JsonDocument.Parse(json.WrittenMemory, new JsonDocumentOptions { MaxDepth = 5000 });
        Assert.True(document.RootElement.TryGetProperty("type", out _));
        return true;
    }

    private static void AssertPrintsAs(string expected, string text, string query)
    {
        var again = PromQLParser.Parse(text, ParserOptions.All);
        Assert.True(again.Success, $"{query} printed as {text}: {again.ErrorText}");
        Assert.True(expected == ExprPrinter.Print(again.Expr), $"{query} printed as {expected}, then as {ExprPrinter.Print(again.Expr)}");
    }
}
