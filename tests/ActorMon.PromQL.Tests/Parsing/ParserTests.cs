using System.Buffers;
using System.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Printing;

namespace ActorMon.PromQL.Tests.Parsing;

public class ParserTests
{
    [Theory]
    [InlineData("sum(foo bar)", "1:9: parse error: unexpected identifier \"bar\" in aggregation")]
    [InlineData("foo\n  + )", "2:6: parse error: unexpected right parenthesis ')'")]
    [InlineData("", "unknown position: parse error: no expression found in input")]
    [InlineData("foo{a=~\"(\"}", "1:5: parse error: error parsing regexp: missing closing ): `(`")]
    [InlineData("foo[5m 5m]", "1:8: parse error: unexpected duration \"5m\" in subquery or range, expected \":\" or \"]\"")]
    [InlineData("foo @ bar", "1:7: parse error: unexpected identifier \"bar\" in @, expected timestamp")]
    [InlineData("start()", "1:1: parse error: function \"start\" is not enabled")]
    [InlineData("limitk(1, foo)", "1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions")]
    [InlineData("foo anchored", "1:1: parse error: anchored modifier is experimental and not enabled")]
    [InlineData("a + fill(0) b", "1:1: parse error: binop fill modifiers are experimental and not enabled")]
    public void Errors_read_as_the_peers_do(string query, string text) =>
        Assert.Equal(text, PromQLParser.Parse(query, ParserOptions.Default).ErrorText);

    [Fact]
    public void Duration_arithmetic_can_be_switched_off()
    {
        var options = new ParserOptions { DurationExpressions = false };
        Assert.Equal("1:5: parse error: experimental duration expression is not enabled", PromQLParser.Parse("foo[5m + 1m]", options).ErrorText);
        Assert.True(PromQLParser.Parse("foo[5m] offset -5m", options).Success);
    }

    [Fact]
    public void After_offset_only_parentheses_start_arithmetic()
    {
        Assert.IsType<BinaryExpr>(Parsed("foo offset 5s - 8"));
        Assert.IsType<BinaryExpr>(Parsed("foo offset -(5s) - 8"));
        Assert.Equal("foo offset (5s) - 8", ExprPrinter.Print(Assert.IsType<VectorSelector>(Parsed("foo offset (5s) - 8"))));
    }

    [Fact]
    public void A_selector_parses_to_its_matchers_with_the_name_last()
    {
        var result = PromQLParser.ParseMatchers("up{job=\"a\",x=~\"b.*\"}");
        Assert.True(result.Success, result.ErrorText);
        Assert.Equal(["job=\"a\"", "x=~\"b.*\"", "__name__=\"up\""], result.Matchers.Select(ExprPrinter.Print));
        Assert.True(PromQLParser.ParseMatchers("{}").Success);
        Assert.Equal("1:3: parse error: unexpected <op:+>", PromQLParser.ParseMatchers("a + b").ErrorText);
    }

    [Fact]
    public void A_metric_parses_to_its_labels()
    {
        var result = PromQLParser.ParseMetric("{\"a.b\", c=\"d\"}");
        Assert.Equal("a.b", result.Labels?.MetricName);
        Assert.Equal("d", result.Labels?.Get("c"));
        Assert.Equal("1:4: parse error: unexpected <op:=~> in label set, expected \"=\"", PromQLParser.ParseMetric("m{c=~\"d\"}").ErrorText);
    }

    [Fact]
    public void The_tree_as_JSON_has_the_peers_members()
    {
        var json = new ArrayBufferWriter<byte>();
        AstJson.Write(Parsed("foo{a=\"b\"} * on (c) sum(bar offset 1m)"), json);
        Assert.Equal(
            """
            {"bool":false,"lhs":{"anchored":false,"matchers":[{"name":"a","type":"=","value":"b"},{"name":"__name__","type":"=","value":"foo"}],"name":"foo",
            "offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"},
            "matching":{"card":"one-to-one","fillValues":{"lhs":null,"rhs":null},"include":[],"labels":["c"],"on":true},"op":"*",
            "rhs":{"expr":{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"bar"}],"name":"bar",
            "offset":60000,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"},
            "grouping":[],"op":"sum","param":null,"type":"aggregation","without":false},"type":"binaryExpr"}
            """.Replace("\n", "", StringComparison.Ordinal),
            Encoding.UTF8.GetString(json.WrittenSpan));
    }

    private static Expr Parsed(string query)
    {
        var result = PromQLParser.Parse(query, ParserOptions.All);
        Assert.True(result.Success, result.ErrorText);
        return result.Expr;
    }
}
