using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Printing;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Parser;

public class PrinterCases
{
    [ConformanceFact]
    public void Queries_print_in_the_peers_normal_form()
    {
        var run = new ConformanceRun("parser", "printer-cases");
        var kit = ConformanceData.Json("parser", "printer-cases.json");
        var flags = kit.GetProperty("parserOptions");
        var options = new ParserOptions
        {
            DurationExpressions = flags.GetProperty("durationExpressions").GetBoolean(),
            ExtendedRangeSelectors = flags.GetProperty("extendedRangeSelectors").GetBoolean(),
            BinopFillModifiers = flags.GetProperty("binopFillModifiers").GetBoolean(),
            ExperimentalFunctions = flags.GetProperty("experimentalFunctions").GetBoolean(),
        };
        foreach (var item in kit.GetProperty("cases").EnumerateArray())
        {
            var input = ConformanceData.Text(item.GetProperty("input"));
            run.Case(input, () => Assert.Equal(ConformanceData.Text(item.GetProperty("output")), ExprPrinter.Print(Parsed(input, options))));
        }
        run.Finish(92);
    }

    [ConformanceFact]
    public void Wide_queries_are_split_as_the_peer_splits_them()
    {
        var run = new ConformanceRun("parser", "prettify-cases");
        foreach (var item in ConformanceData.Json("parser", "prettify-cases.json").EnumerateArray())
        {
            var input = ConformanceData.Text(item.GetProperty("input"));
            run.Case(input, () =>
            {
                var width = item.TryGetProperty("maxCharactersPerLine", out var max) ? max.GetInt32() : PrettyPrinter.DefaultWidth;
                Assert.Equal(ConformanceData.Text(item.GetProperty("output")), PrettyPrinter.Format(Parsed(input, ParserOptions.All), width));
            });
        }
        run.Finish(62);
    }

    [ConformanceFact]
    public void Every_selector_of_a_query_is_found()
    {
        var run = new ConformanceRun("parser", "extract-selectors-cases");
        foreach (var item in ConformanceData.Json("parser", "extract-selectors-cases.json").EnumerateArray())
        {
            var input = ConformanceData.Text(item.GetProperty("input"));
            run.Case(input, () => Assert.Equal(
                item.GetProperty("selectors").EnumerateArray().Select(ConformanceData.Text),
                SelectorExtraction.Of(Parsed(input, ParserOptions.All)).Select(s => $"{{{string.Join(", ", s.Matchers.Select(ExprPrinter.Print))}}}")));
        }
        run.Finish(5);
    }

    private static Expr Parsed(string input, ParserOptions options)
    {
        var result = PromQLParser.Parse(input, options);
        Assert.True(result.Success, result.ErrorText);
        return result.Expr;
    }
}
