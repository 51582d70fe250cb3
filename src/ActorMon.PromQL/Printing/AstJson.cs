using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorMon.Model.Matchers;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;

namespace ActorMon.PromQL.Printing;

/// <summary>A syntax tree as the JSON of /api/v1/parse_query: one object a node, its kind under "type", members in alphabetical order.</summary>
public static class AstJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 4 * PromQLParser.MaxDepth };

    public static void Write(Expr expr, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        Write(expr, writer);
    }

    /// <summary>Writes one value. Trees nest up to <see cref="PromQLParser.MaxDepth"/> levels, two JSON levels each: the writer's MaxDepth must allow it.</summary>
    public static void Write(Expr expr, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        switch (expr)
        {
            case AggregateExpr aggregate:
                WriteAggregate(aggregate, writer);
                break;
            case BinaryExpr binary:
                WriteBinary(binary, writer);
                break;
            case CallExpr call:
                WriteCall(call, writer);
                break;
            case MatrixSelector matrix:
                WriteSelector(matrix.Selector, matrix.Range, "matrixSelector", writer);
                break;
            case VectorSelector vector:
                WriteSelector(vector, null, "vectorSelector", writer);
                break;
            case SubqueryExpr subquery:
                WriteSubquery(subquery, writer);
                break;
            case NumberLiteral number:
                writer.WriteString("type", "numberLiteral");
                writer.WriteString("val", GoFloat.FormatF(number.Value));
                break;
            case StringLiteral text:
                writer.WriteString("type", "stringLiteral");
                writer.WriteString("val", Valid(text.Value));
                break;
            case ParenExpr paren:
                writer.WritePropertyName("expr");
                Write(paren.Inner, writer);
                writer.WriteString("type", "parenExpr");
                break;
            case UnaryExpr unary:
                writer.WritePropertyName("expr");
                Write(unary.Operand, writer);
                writer.WriteString("op", unary.Negative ? "-" : "+");
                writer.WriteString("type", "unaryExpr");
                break;
        }
        writer.WriteEndObject();
    }

    private static void WriteAggregate(AggregateExpr aggregate, Utf8JsonWriter writer)
    {
        writer.WritePropertyName("expr");
        Write(aggregate.Operand, writer);
        WriteStrings("grouping", aggregate.Grouping, writer);
        writer.WriteString("op", aggregate.Op.Symbol());
        writer.WritePropertyName("param");
        if (aggregate.Parameter is { } parameter)
            Write(parameter, writer);
        else
            writer.WriteNullValue();
        writer.WriteString("type", "aggregation");
        writer.WriteBoolean("without", aggregate.Without);
    }

    private static void WriteBinary(BinaryExpr binary, Utf8JsonWriter writer)
    {
        writer.WriteBoolean("bool", binary.ReturnBool);
        writer.WritePropertyName("lhs");
        Write(binary.Left, writer);
        writer.WritePropertyName("matching");
        if (binary.Matching is { } matching)
            WriteMatching(matching, writer);
        else
            writer.WriteNullValue();
        writer.WriteString("op", binary.Op.Symbol());
        writer.WritePropertyName("rhs");
        Write(binary.Right, writer);
        writer.WriteString("type", "binaryExpr");
    }

    private static void WriteMatching(VectorMatching matching, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("card", matching.Cardinality switch
        {
            MatchCardinality.OneToOne => "one-to-one",
            MatchCardinality.ManyToOne => "many-to-one",
            MatchCardinality.OneToMany => "one-to-many",
            _ => "many-to-many",
        });
        writer.WriteStartObject("fillValues");
        WriteFill("lhs", matching.FillLeft, writer);
        WriteFill("rhs", matching.FillRight, writer);
        writer.WriteEndObject();
        WriteStrings("include", matching.Include, writer);
        WriteStrings("labels", matching.MatchingLabels, writer);
        writer.WriteBoolean("on", matching.On);
        writer.WriteEndObject();
    }

    /// <summary>Infinities and NaN have no JSON number; they go as the text the rest of the API uses for them.</summary>
    private static void WriteFill(string name, double? value, Utf8JsonWriter writer)
    {
        if (value is not { } number)
            writer.WriteNull(name);
        else if (double.IsFinite(number))
            writer.WriteNumber(name, number);
        else
            writer.WriteString(name, GoFloat.FormatF(number));
    }

    private static void WriteCall(CallExpr call, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("args");
        foreach (var argument in call.Arguments)
            Write(argument, writer);
        writer.WriteEndArray();
        var function = call.Function;
        writer.WriteStartObject("func");
        writer.WriteStartArray("argTypes");
        foreach (var kind in function.Arguments)
            writer.WriteStringValue(NameOf(kind));
        writer.WriteEndArray();
        writer.WriteString("name", function.Name);
        writer.WriteString("returnType", NameOf(function.Returns));
        writer.WriteNumber("variadic", function.Variadic);
        writer.WriteEndObject();
        writer.WriteString("type", "call");
    }

    private static string NameOf(ValueKind kind) => kind switch
    {
        ValueKind.Vector => "vector",
        ValueKind.Matrix => "matrix",
        ValueKind.Scalar => "scalar",
        ValueKind.String => "string",
        _ => "none",
    };

    private static void WriteSelector(VectorSelector selector, QueryDuration? range, string type, Utf8JsonWriter writer)
    {
        writer.WriteBoolean("anchored", selector.Extension == RangeExtension.Anchored);
        writer.WriteStartArray("matchers");
        foreach (var matcher in selector.Matchers)
        {
            writer.WriteStartObject();
            writer.WriteString("name", Valid(matcher.Name));
            writer.WriteString("type", Matcher.Symbol(matcher.Operator));
            writer.WriteString("value", Valid(matcher.Value));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteString("name", selector.Name);
        WriteDuration("offset", selector.Shift.Offset, writer);
        if (range is not null)
            WriteDuration("range", range, writer);
        writer.WriteBoolean("smoothed", selector.Extension == RangeExtension.Smoothed);
        WriteAt(selector.Shift, writer);
        writer.WriteString("type", type);
    }

    private static void WriteSubquery(SubqueryExpr subquery, Utf8JsonWriter writer)
    {
        writer.WritePropertyName("expr");
        Write(subquery.Inner, writer);
        WriteDuration("offset", subquery.Shift.Offset, writer);
        WriteDuration("range", subquery.Range, writer);
        writer.WritePropertyName("startOrEnd");
        WriteStartOrEnd(subquery.Shift, writer);
        WriteDuration("step", subquery.Step ?? QueryDuration.Zero, writer);
        WriteTimestamp(subquery.Shift, writer);
        writer.WriteString("type", "subquery");
    }

    private static void WriteAt(TimeShift shift, Utf8JsonWriter writer)
    {
        writer.WritePropertyName("startOrEnd");
        WriteStartOrEnd(shift, writer);
        WriteTimestamp(shift, writer);
    }

    private static void WriteStartOrEnd(TimeShift shift, Utf8JsonWriter writer)
    {
        if (shift.At is AtKind.Start or AtKind.End)
            writer.WriteStringValue(shift.At == AtKind.Start ? "start" : "end");
        else
            writer.WriteNullValue();
    }

    private static void WriteTimestamp(TimeShift shift, Utf8JsonWriter writer)
    {
        if (shift.At == AtKind.Timestamp)
            writer.WriteNumber("timestamp", shift.AtTimestamp);
        else
            writer.WriteNull("timestamp");
    }

    /// <summary>NAME in milliseconds and NAMEExpr, null for a plain duration.</summary>
    private static void WriteDuration(string name, QueryDuration duration, Utf8JsonWriter writer)
    {
        writer.WriteNumber(name, duration.Milliseconds);
        writer.WritePropertyName(name + "Expr");
        if (duration.Expression is { } expression)
            Write(expression, writer);
        else
            writer.WriteNullValue();
    }

    private static void Write(DurationExpr expr, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        switch (expr)
        {
            case DurationNumber { Parentheses: null } number:
                writer.WriteBoolean("duration", number.WrittenAsDuration);
                writer.WriteString("type", "numberLiteral");
                writer.WriteString("val", GoFloat.FormatF(number.Seconds));
                break;
            case DurationNumber number:
                // A number in parentheses is a unary plus in the peer's tree.
                WriteOperation("+", null, number with { Parentheses = null }, true, writer);
                break;
            case DurationNegate negate:
                WriteOperation("-", null, negate.Operand, negate.Parentheses is not null, writer);
                break;
            case DurationBinary binary:
                WriteOperation(binary.Op.Symbol(), binary.Left, binary.Right, binary.Parentheses is not null, writer);
                break;
            default:
                WriteOperation(expr is DurationStep ? "step" : "range", null, null, expr.Parentheses is not null, writer);
                break;
        }
        writer.WriteEndObject();
    }

    private static void WriteOperation(string op, DurationExpr? left, DurationExpr? right, bool wrapped, Utf8JsonWriter writer)
    {
        writer.WritePropertyName("lhs");
        WriteOrNull(left, writer);
        writer.WriteString("op", op);
        writer.WritePropertyName("rhs");
        WriteOrNull(right, writer);
        writer.WriteString("type", "durationExpr");
        writer.WriteBoolean("wrapped", wrapped);
    }

    private static void WriteOrNull(DurationExpr? expr, Utf8JsonWriter writer)
    {
        if (expr is null)
            writer.WriteNullValue();
        else
            Write(expr, writer);
    }

    private static void WriteStrings(string name, IReadOnlyList<string> values, Utf8JsonWriter writer)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(Valid(value));
        writer.WriteEndArray();
    }

    /// <summary>JSON is UTF-8: bytes that are none become U+FFFD, as in Go's encoder.</summary>
    private static string Valid(string text)
    {
        if (ByteText.IsValid(text))
            return text;
        var valid = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            valid.Append(CultureInfo.InvariantCulture, $"{rune}");
        return valid.ToString();
    }
}
