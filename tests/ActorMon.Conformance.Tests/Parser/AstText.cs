using System.Globalization;
using System.Text.Json;
using ActorMon.Model.Matchers;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;

namespace ActorMon.Conformance.Tests.Parser;

/// <summary>
/// A syntax tree as a line of text, both of the kit's JSON and of ours, so that a difference shows as one. The kit leaves default values out;
/// DurationExpr positions are given only where the source checks them.
/// </summary>
internal static class AstText
{
    public static string Of(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Null)
            return "null";
        var name = node.GetProperty("node").GetString()!;
        return name switch
        {
            "NumberLiteral" => $"num({Value(node, "val")}{(Has(node, "duration") ? " duration" : "")} {Range(node)})",
            "StringLiteral" => $"str({Testing.Conformance.ConformanceData.Text(node.GetProperty("val"))} {Range(node)})",
            "ParenExpr" => $"paren({Of(node.GetProperty("expr"))} {Range(node)})",
            "UnaryExpr" => $"unary({Text(node, "op")} {Of(node.GetProperty("expr"))} from {Int(node, "startPos")})",
            "BinaryExpr" => $"binary({Of(node.GetProperty("lHS"))} {Text(node, "op")}{(Has(node, "returnBool") ? " bool" : "")} {Matching(node)} {Of(node.GetProperty("rHS"))})",
            "AggregateExpr" => $"aggregate({Text(node, "op")} {(Has(node, "without") ? "without" : "by")}({Strings(node, "grouping")}) "
                + $"{(Has(node, "param") ? Of(node.GetProperty("param")) : "")} {Of(node.GetProperty("expr"))} {Range(node)})",
            "Call" => $"call({Text(node, "func")} {string.Join(' ', node.GetProperty("args").EnumerateArray().Select(Of))} {Range(node)})",
            "VectorSelector" => $"vector({Text(node, "name")} {Matchers(node)}{(Has(node, "bypassEmptyMatcherCheck") ? " all" : "")} {Shift(node)} {Range(node)})",
            "MatrixSelector" => $"matrix({Of(node.GetProperty("vectorSelector"))} {Duration(node, "range")} to {Int(node, "endPos")})",
            "SubqueryExpr" => $"subquery({Of(node.GetProperty("expr"))} {Duration(node, "range")} {Duration(node, "step")} {Shift(node)} to {Int(node, "endPos")})",
            "DurationExpr" => DurationText(node),
            _ => throw new InvalidDataException($"node {name}"),
        };
    }

    public static string Of(Expr expr) => expr switch
    {
        NumberLiteral n => $"num({Number(n.Value)}{(n.IsDuration ? " duration" : "")} {Range(n.Position)})",
        StringLiteral s => $"str({s.Value} {Range(s.Position)})",
        ParenExpr p => $"paren({Of(p.Inner)} {Range(p.Position)})",
        UnaryExpr u => $"unary({(u.Negative ? "-" : "+")} {Of(u.Operand)} from {u.Position.Start})",
        BinaryExpr b => $"binary({Of(b.Left)} {b.Op.Symbol()}{(b.ReturnBool ? " bool" : "")} {Matching(b.Matching)} {Of(b.Right)})",
        AggregateExpr a => $"aggregate({a.Op.Symbol()} {(a.Without ? "without" : "by")}({string.Join(',', a.Grouping)}) "
            + $"{(a.Parameter is { } p ? Of(p) : "")} {Of(a.Operand)} {Range(a.Position)})",
        CallExpr c => $"call({c.Function.Name} {string.Join(' ', c.Arguments.Select(Of))} {Range(c.Position)})",
        VectorSelector v => $"vector({v.Name} {string.Join(',', v.Matchers.Select(m => $"{m.Name}{Matcher.Symbol(m.Operator)}{m.Value}"))}{(v.MayMatchAll ? " all" : "")} {Shift(v.Shift)} {Range(v.Position)})",
        MatrixSelector m => $"matrix({Of(m.Selector)} {Duration(m.Range)} to {m.Position.End})",
        SubqueryExpr s => $"subquery({Of(s.Inner)} {Duration(s.Range)} {Duration(s.Step ?? QueryDuration.Zero)} {Shift(s.Shift)} to {s.Position.End})",
        _ => throw new InvalidDataException($"node {expr.GetType().Name}"),
    };

    private static string DurationText(JsonElement node)
    {
        if (node.GetProperty("node").GetString() == "NumberLiteral")
            return Of(node);
        var wrapped = Has(node, "wrapped") ? "wrapped " : "";
        var op = Text(node, "op");
        var left = node.TryGetProperty("lHS", out var l) && l.ValueKind != JsonValueKind.Null ? DurationText(l) : null;
        var right = node.TryGetProperty("rHS", out var r) && r.ValueKind != JsonValueKind.Null ? DurationText(r) : null;
        return (op, left, right) switch
        {
            ("step" or "range", _, _) => $"{wrapped}{op}[{Int(node, "startPos")},{Int(node, "endPos")}]",
            ("+", null, _) => $"plus[{Int(node, "startPos")},{Int(node, "endPos")}]({right})",
            ("-", null, _) => $"{wrapped}minus[{Int(node, "startPos")}]({right})",
            ("min_of" or "max_of", _, _) => $"{wrapped}{op}[{Int(node, "startPos")},{Int(node, "endPos")}]({left} {right})",
            _ => $"{wrapped}({left} {op} {right})",
        };
    }

    private static string DurationText(DurationExpr expr)
    {
        var wrapped = expr.Parentheses is null ? "" : "wrapped ";
        switch (expr)
        {
            case DurationNumber { Parentheses: { } at } n:
                return $"plus[{at.Start},{at.End}]({DurationText(n with { Parentheses = null })})";
            case DurationNumber n:
                return $"num({Number(n.Seconds)}{(n.WrittenAsDuration ? " duration" : "")} {Range(n.Position)})";
            case DurationStep s:
                return $"{wrapped}step{Range(s.Position)}";
            case DurationRange s:
                return $"{wrapped}range{Range(s.Position)}";
            case DurationNegate n:
                return $"{wrapped}minus[{n.Position.Start}]({DurationText(n.Operand)})";
            case DurationBinary { Op: DurationOp.MinOf or DurationOp.MaxOf } b:
                return $"{wrapped}{b.Op.Symbol()}{Range(b.Position)}({DurationText(b.Left)} {DurationText(b.Right)})";
            case DurationBinary b:
                Assert.Equal(b.Wrapped, b.Parentheses is not null);
                return $"{wrapped}({DurationText(b.Left)} {b.Op.Symbol()} {DurationText(b.Right)})";
            default:
                throw new InvalidDataException(expr.GetType().Name);
        }
    }

    private static string Duration(JsonElement node, string name) => node.TryGetProperty(name + "Expr", out var expr)
        ? DurationText(expr)
        : (node.TryGetProperty(name + "Ns", out var ns) ? ns.GetInt64() / 1_000_000 : 0).ToString(CultureInfo.InvariantCulture);

    private static string Duration(QueryDuration duration) =>
        duration.Expression is { } expr ? DurationText(expr) : duration.Milliseconds.ToString(CultureInfo.InvariantCulture);

    private static string Shift(JsonElement node)
    {
        var at = node.TryGetProperty("startOrEnd", out var word) ? word.GetString() : node.TryGetProperty("timestampMs", out var ms) ? ms.GetRawText() : "-";
        return $"offset {Duration(node, "originalOffset")} at {at}";
    }

    private static string Shift(TimeShift shift)
    {
        var at = shift.At switch
        {
            AtKind.None => "-",
            AtKind.Start => "start",
            AtKind.End => "end",
            _ => shift.AtTimestamp.ToString(CultureInfo.InvariantCulture),
        };
        return $"offset {Duration(shift.Offset)} at {at}";
    }

    private static string Matching(JsonElement node)
    {
        if (!node.TryGetProperty("matching", out var m) || m.ValueKind == JsonValueKind.Null)
            return "-";
        return $"{(Has(m, "card") ? Text(m, "card") : "one-to-one")} {(Has(m, "on") ? "on" : "ignoring")}({Strings(m, "matchingLabels")}) include({Strings(m, "include")})";
    }

    private static string Matching(VectorMatching? m)
    {
        if (m is null)
            return "-";
        var card = m.Cardinality switch
        {
            MatchCardinality.OneToOne => "one-to-one",
            MatchCardinality.OneToMany => "one-to-many",
            MatchCardinality.ManyToOne => "many-to-one",
            _ => "many-to-many",
        };
        return $"{card} {(m.On ? "on" : "ignoring")}({string.Join(',', m.MatchingLabels)}) include({string.Join(',', m.Include)})";
    }

    private static string Matchers(JsonElement node) => string.Join(
        ',', node.GetProperty("matchers").EnumerateArray().Select(m => m[0].GetString() + m[1].GetString() + Testing.Conformance.ConformanceData.Text(m[2])));

    private static string Strings(JsonElement node, string name) =>
        node.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? string.Join(',', list.EnumerateArray().Select(e => e.GetString())) : "";

    private static bool Has(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False);

    private static string Value(JsonElement node, string name) => Number(Testing.Conformance.ConformanceData.Float(node.GetProperty(name)));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static int Int(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetInt32() : 0;

    private static string Range(JsonElement node) => $"[{node.GetProperty("pos")[0]},{node.GetProperty("pos")[1]}]";

    private static string Range(TextRange range) => $"[{range.Start},{range.End}]";
}
