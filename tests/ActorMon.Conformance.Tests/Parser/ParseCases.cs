using System.Text.Json;
using ActorMon.PromQL.Parsing;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Parser;

public class ParseCases
{
    private static readonly ParserOptions Options = new() { ExperimentalFunctions = true, ExtendedRangeSelectors = true };

    [ConformanceFact]
    public void Good_queries_give_the_peers_tree_with_its_positions()
    {
        var run = new ConformanceRun("parser", "parse-cases good");
        foreach (var item in ConformanceData.Json("parser", "parse-cases.json").GetProperty("good").EnumerateArray())
        {
            var input = ConformanceData.Text(item.GetProperty("input"));
            run.Case(input, () =>
            {
                var result = PromQLParser.Parse(input, Options);
                Assert.True(result.Success, result.ErrorText);
                Assert.Equal(AstText.Of(item.GetProperty("ast")), AstText.Of(result.Expr));
            });
        }
        run.Finish(208);
    }

    [ConformanceFact]
    public void Bad_queries_give_every_error_of_the_peer()
    {
        var run = new ConformanceRun("parser", "parse-cases bad");
        foreach (var item in ConformanceData.Json("parser", "parse-cases.json").GetProperty("bad").EnumerateArray())
        {
            var input = ConformanceData.Text(item.GetProperty("input"));
            run.Case(input.Length > 100 ? input[..100] : input, () =>
            {
                var result = PromQLParser.Parse(input, Options);
                Assert.False(result.Success, "parsed");
                // One case says only that there are errors.
                var expected = Lines(item.GetProperty("errors"));
                if (expected.Length > 0)
                    Assert.Equal(expected, string.Join('\n', result.Errors.Select(e => $"{e.Position.Start}..{e.Position.End} {e.Message}")));
            });
        }
        run.Finish(148);
    }

    private static string Lines(JsonElement errors) =>
        string.Join('\n', errors.EnumerateArray().Select(e => $"{e.GetProperty("start")}..{e.GetProperty("end")} {ConformanceData.Text(e.GetProperty("message"))}"));

    [ConformanceFact]
    public void The_function_table_is_the_peers()
    {
        var run = new ConformanceRun("parser", "functions");
        var functions = ConformanceData.Json("parser", "functions.json").GetProperty("functions");
        foreach (var item in functions.EnumerateArray())
        {
            var name = item.GetProperty("name").GetString()!;
            run.Case(name, () =>
            {
                var function = FunctionTable.Find(name);
                Assert.NotNull(function);
                Assert.Equal(item.GetProperty("argTypes").EnumerateArray().Select(t => t.GetString()), function.Arguments.Select(Kind));
                Assert.Equal(item.GetProperty("variadic").GetInt32(), function.Variadic);
                Assert.Equal(item.GetProperty("returnType").GetString(), Kind(function.Returns));
                Assert.Equal(item.GetProperty("experimental").GetBoolean(), function.Experimental);
            });
        }
        Assert.Equal(functions.GetArrayLength(), FunctionTable.All.Count);
        run.Finish(90);
    }

    private static string Kind(PromQL.Ast.ValueKind kind) => kind switch
    {
        PromQL.Ast.ValueKind.Vector => "instant-vector",
        PromQL.Ast.ValueKind.Matrix => "range-vector",
        PromQL.Ast.ValueKind.Scalar => "scalar",
        _ => "string",
    };
}
