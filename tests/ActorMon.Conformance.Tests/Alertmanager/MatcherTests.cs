using System.Text.Json;
using ActorMon.Alerting.Matchers;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Alertmanager;

public sealed class MatcherTests
{
    private static JsonElement Data => Kit.File("matchers.json");

    [ConformanceFact]
    public void Lists_parse_in_the_utf8_syntax() => Parse("utf8Matchers", 45, input => MatcherParser.ParseList(input, MatcherSyntax.Utf8Strict));

    [ConformanceFact]
    public void Single_matchers_parse_in_the_utf8_syntax() => Parse("utf8Matcher", 31, input =>
        MatcherParser.TryUtf8One(input, out var matchers, out var error) ? new ParsedMatchers(matchers, null) : new ParsedMatchers([], error));

    [ConformanceFact]
    public void Lists_parse_in_the_classic_syntax() => Parse("classicMatchers", 53, input => MatcherParser.ParseList(input, MatcherSyntax.Classic));

    [ConformanceFact]
    public void Single_matchers_fall_back_to_the_classic_syntax() => Parse("fallbackMatcher", 5, input => MatcherParser.ParseOne(input));

    [ConformanceFact]
    public void Lists_fall_back_to_the_classic_syntax() => Parse("fallbackMatchers", 5, input => MatcherParser.ParseList(input));

    [ConformanceFact]
    public void The_utf8_syntax_reads_what_the_classic_one_does_but_for_known_differences()
    {
        var run = new ConformanceRun("alertmanager/matchers", "utf8MustAgreeWithClassic");
        foreach (var @case in Data.GetProperty("utf8MustAgreeWithClassic").EnumerateArray())
            run.Case(Kit.Text(@case, "input"), () =>
            {
                var (classic, utf8) = (MatcherParser.ParseList(Kit.Text(@case, "input"), MatcherSyntax.Classic), MatcherParser.ParseList(Kit.Text(@case, "input"), MatcherSyntax.Utf8Strict));
                var (isError, isKnown) = (@case.TryGetProperty("error", out _), @case.GetProperty("knownDifference").GetBoolean());
                if (isError)
                    Assert.NotNull(utf8.Error);
                else if (!isKnown)
                    Expect(@case, utf8);
                // Names beyond the classic ones are in the newer syntax only.
                if (isError || isKnown || classic.Error is null)
                    Expect(@case, classic);
            });
        run.Finish(54);
    }

    [ConformanceFact]
    public void Label_names_are_judged_by_the_syntax()
    {
        var run = new ConformanceRun("alertmanager/matchers", "labelNames");
        foreach (var (group, syntax) in new[] { ("classicLabelName", MatcherSyntax.Classic), ("utf8LabelName", MatcherSyntax.Utf8Strict) })
            foreach (var @case in Data.GetProperty(group).EnumerateArray())
                run.Case(Kit.Text(@case, "name"), () =>
                    Assert.Equal(@case.GetProperty("expected").GetBoolean(), LabelNameRules.IsValid(Kit.Text(@case, "input"), syntax)));
        run.Finish(10);
    }

    [ConformanceFact]
    public void Matchers_match()
    {
        var run = new ConformanceRun("alertmanager/matchers", "matches");
        foreach (var @case in Data.GetProperty("matches").EnumerateArray())
            run.Case(@case.ToString(), () =>
            {
                var parts = @case.GetProperty("matcher").EnumerateArray().Select(p => p.GetString()!).ToArray();
                Assert.Equal(@case.GetProperty("match").GetBoolean(), new AlertMatcher(Kit.Operator(parts[0]), "foo", parts[1]).Matches(Kit.Text(@case, "value")));
            });
        run.Finish(17);
    }

    [ConformanceFact]
    public void Matchers_print_as_they_parse()
    {
        var run = new ConformanceRun("alertmanager/matchers", "toString");
        foreach (var @case in Data.GetProperty("toString").EnumerateArray())
            run.Case(@case.ToString(), () => Assert.Equal(Kit.Text(@case, "want"),
                new AlertMatcher(Kit.Operator(Kit.Text(@case, "op")), Kit.Text(@case, "name"), Kit.Text(@case, "value")).ToString()));
        run.Finish(12);
    }

    [ConformanceFact]
    public void The_utf8_syntax_splits_into_tokens()
    {
        var run = new ConformanceRun("alertmanager/matchers", "utf8Lexer");
        foreach (var @case in Data.GetProperty("utf8Lexer").EnumerateArray())
            run.Case(Kit.Text(@case, "name"), () =>
            {
                var lexer = new MatcherLexer(Kit.Text(@case, "input"));
                if (@case.TryGetProperty("expected", out var expected))
                    foreach (var token in expected.EnumerateArray())
                    {
                        Assert.True(lexer.TryScan(out var read), lexer.Error);
                        var place = token.GetProperty("position");
                        Assert.Equal(Kit.Text(token, "value"), read.Text);
                        Assert.Equal(
                            (Number(place, "columnStart"), Number(place, "columnEnd"), Number(place, "offsetStart"), Number(place, "offsetEnd")),
                            (read.ColumnStart, read.ColumnEnd, lexer.ByteOffset(read.OffsetStart), lexer.ByteOffset(read.OffsetEnd)));
                    }
                var end = lexer.TryScan(out var last);
                Assert.Equal(Kit.Text(@case, "err"), lexer.Error ?? "");
                Assert.True(!end || last.Kind == MatcherToken.End);
            });
        run.Finish(50);
    }

    private static int Number(JsonElement place, string name) => place.TryGetProperty(name, out var number) ? number.GetInt32() : 0;

    private static void Parse(string group, int count, Func<string, ParsedMatchers> parse)
    {
        var run = new ConformanceRun("alertmanager/matchers", group);
        foreach (var @case in Data.GetProperty(group).EnumerateArray())
            run.Case(Kit.Text(@case, "input"), () => Expect(@case, parse(Kit.Text(@case, "input"))));
        run.Finish(count);
    }

    private static void Expect(JsonElement @case, ParsedMatchers parsed)
    {
        if (@case.TryGetProperty("error", out var error))
        {
            Assert.Equal(error.GetString(), parsed.Error);
            return;
        }
        Assert.Null(parsed.Error);
        Assert.Equal(
            @case.GetProperty("matchers").EnumerateArray().Select(m => (Kit.Text(m, "name"), Kit.Operator(Kit.Text(m, "op")), Kit.Text(m, "value"))),
            parsed.Matchers.Select(m => (m.Name, m.Operator, m.Value)));
    }
}
