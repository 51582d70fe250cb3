using System.Globalization;
using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Text;
using ActorMon.Model.Time;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Lexing;
using ActorMon.PromQL.Parsing;

namespace ActorMon.PromQL.Printing;

/// <summary>
/// Expressions as text, in the peer's normal form: one line, grouping in front of the parentheses, matchers sorted, no comments. Parsing the text gives
/// the same tree again.
/// </summary>
public sealed class ExprPrinter
{
    private readonly StringBuilder _text = new();
    private readonly Dictionary<Expr, Range>? _places;

    private ExprPrinter(Dictionary<Expr, Range>? places) => _places = places;

    public static string Print(Expr expr) => Print(expr, null);

    public static string Print(DurationExpr expr)
    {
        var printer = new ExprPrinter(null);
        printer.Write(expr);
        return printer._text.ToString();
    }

    /// <summary>A matcher as it stands in braces; names that are no plain label names are quoted.</summary>
    public static string Print(Matcher matcher)
    {
        var text = new StringBuilder();
        if (IsPlainName(matcher.Name))
            text.Append(matcher.Name);
        else
            AppendString(text, matcher.Name);
        text.Append(Matcher.Symbol(matcher.Operator));
        AppendString(text, matcher.Value);
        return text.ToString();
    }

    /// <summary>Prints and notes which part of the text is which node.</summary>
    internal static string Print(Expr expr, Dictionary<Expr, Range>? places)
    {
        var printer = new ExprPrinter(places);
        printer.Write(expr);
        return printer._text.ToString();
    }

    /// <summary>"sum by (a) ", with a space at the end where there is a clause.</summary>
    internal static string AggregateHead(AggregateExpr aggregate)
    {
        var printer = new ExprPrinter(null);
        printer.WriteHead(aggregate);
        return printer._text.ToString();
    }

    /// <summary>"== bool on (a) group_left ()".</summary>
    internal static string OperatorText(BinaryExpr binary)
    {
        var printer = new ExprPrinter(null);
        printer.WriteOperator(binary);
        return printer._text.ToString();
    }

    /// <summary>"[5m:1m] @ 10.000 offset 1m".</summary>
    internal static string SubquerySuffix(SubqueryExpr subquery)
    {
        var printer = new ExprPrinter(null);
        printer.WriteSuffix(subquery);
        return printer._text.ToString();
    }

    private void Write(Expr expr)
    {
        var start = _text.Length;
        switch (expr)
        {
            case NumberLiteral number:
                _text.Append(number.IsDuration ? Seconds(number.Value) : GoFloat.FormatF(number.Value));
                break;
            case StringLiteral text:
                AppendString(_text, text.Value);
                break;
            case ParenExpr paren:
                _text.Append('(');
                Write(paren.Inner);
                _text.Append(')');
                break;
            case UnaryExpr unary:
                _text.Append(unary.Negative ? '-' : '+');
                Write(unary.Operand);
                break;
            case BinaryExpr binary:
                WriteLeft(binary);
                _text.Append(' ');
                WriteOperator(binary);
                _text.Append(' ');
                Write(binary.Right);
                break;
            case AggregateExpr aggregate:
                WriteHead(aggregate);
                _text.Append('(');
                if (aggregate.Parameter is { } parameter)
                {
                    Write(parameter);
                    _text.Append(", ");
                }
                Write(aggregate.Operand);
                _text.Append(')');
                break;
            case CallExpr call:
                WriteCall(call);
                break;
            case VectorSelector selector:
                WriteMatchers(selector);
                WriteAt(selector.Shift);
                WriteExtension(selector.Extension);
                WriteOffset(selector.Shift);
                break;
            case MatrixSelector matrix:
                WriteMatchers(matrix.Selector);
                _text.Append('[');
                Write(matrix.Range);
                _text.Append(']');
                WriteExtension(matrix.Selector.Extension);
                WriteAt(matrix.Selector.Shift);
                WriteOffset(matrix.Selector.Shift);
                break;
            case SubqueryExpr subquery:
                Write(subquery.Inner);
                WriteSuffix(subquery);
                break;
            default:
                throw new ArgumentException($"an expression of type {expr.GetType().Name} has no text", nameof(expr));
        }
        if (_places is not null)
            _places[expr] = start.._text.Length;
    }

    /// <summary>"+Inf ^ x" would be read as +(Inf ^ x), so there the sign is left out.</summary>
    private void WriteLeft(BinaryExpr binary)
    {
        var start = _text.Length;
        Write(binary.Left);
        if (binary is not { Op: BinaryOp.Pow, Left: NumberLiteral { Value: double.PositiveInfinity } })
            return;
        _text.Remove(start, 1);
        if (_places is not null)
            _places[binary.Left] = start.._text.Length;
    }

    private void WriteCall(CallExpr call)
    {
        _text.Append(call.Function.Name).Append('(');
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            if (i > 0)
                _text.Append(", ");
            Write(call.Arguments[i]);
        }
        _text.Append(')');
    }

    private void WriteHead(AggregateExpr aggregate)
    {
        _text.Append(aggregate.Op.Symbol());
        if (!aggregate.Without && aggregate.Grouping.Count == 0)
            return;
        _text.Append(aggregate.Without ? " without (" : " by (");
        WriteLabels(aggregate.Grouping);
        _text.Append(") ");
    }

    private void WriteOperator(BinaryExpr binary)
    {
        _text.Append(binary.Op.Symbol());
        if (binary.ReturnBool)
            _text.Append(" bool");
        if (binary.Matching is not { } matching)
            return;
        var grouped = matching.Cardinality is MatchCardinality.ManyToOne or MatchCardinality.OneToMany;
        if (matching.MatchingLabels.Count > 0 || matching.On || grouped)
        {
            _text.Append(matching.On ? " on (" : " ignoring (");
            WriteLabels(matching.MatchingLabels);
            _text.Append(')');
        }
        if (grouped)
        {
            _text.Append(matching.Cardinality == MatchCardinality.ManyToOne ? " group_left (" : " group_right (");
            WriteLabels(matching.Include);
            _text.Append(')');
        }
        WriteFill(matching);
    }

    private void WriteFill(VectorMatching matching)
    {
        if (matching is { FillLeft: { } both, FillRight: { } right } && both == right)
        {
            _text.Append(" fill (").Append(GoFloat.FormatG(both)).Append(')');
            return;
        }
        if (matching.FillLeft is { } left)
            _text.Append(" fill_left (").Append(GoFloat.FormatG(left)).Append(')');
        if (matching.FillRight is { } other)
            _text.Append(" fill_right (").Append(GoFloat.FormatG(other)).Append(')');
    }

    private void WriteLabels(IReadOnlyList<string> labels)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            if (i > 0)
                _text.Append(", ");
            if (IsPlainName(labels[i]) && !IsNoLabelUnquoted(labels[i]))
                _text.Append(labels[i]);
            else
                AppendString(_text, labels[i]);
        }
    }

    /// <summary>Words the grammar does not take as a label in a list although they look like one; the peer prints them bare, and cannot read that.</summary>
    private static bool IsNoLabelUnquoted(string label) => Keywords.TryFind(label, out var kind) && !kind.CanNameLabel();

    private void WriteMatchers(VectorSelector selector)
    {
        var matchers = new List<string>(selector.Matchers.Count);
        foreach (var matcher in selector.Matchers)
        {
            var isName = matcher is { Name: LabelNames.MetricName, Operator: MatchOperator.Equal, Value.Length: > 0 } && matcher.Value == selector.Name;
            if (!isName)
                matchers.Add(Print(matcher));
        }
        _text.Append(selector.Name);
        // A selector of nothing at all (the second argument of info) still needs its braces.
        if (matchers.Count == 0 && selector.Name.Length > 0)
            return;
        matchers.Sort(ByteText.Compare);
        _text.Append('{').AppendJoin(',', matchers).Append('}');
    }

    private void WriteAt(TimeShift shift)
    {
        switch (shift.At)
        {
            case AtKind.Start:
                _text.Append(" @ start()");
                break;
            case AtKind.End:
                _text.Append(" @ end()");
                break;
            case AtKind.Timestamp:
                _text.Append(CultureInfo.InvariantCulture, $" @ {shift.AtTimestamp / 1000m:F3}");
                break;
        }
    }

    private void WriteExtension(RangeExtension extension)
    {
        if (extension != RangeExtension.None)
            _text.Append(extension == RangeExtension.Anchored ? " anchored" : " smoothed");
    }

    private void WriteOffset(TimeShift shift)
    {
        if (shift.Offset.Milliseconds == 0 && shift.Offset.Expression is null)
            return;
        _text.Append(" offset ");
        Write(shift.Offset);
    }

    private void WriteSuffix(SubqueryExpr subquery)
    {
        _text.Append('[');
        Write(subquery.Range);
        _text.Append(':');
        if (subquery.Step is { } step)
            Write(step);
        _text.Append(']');
        WriteAt(subquery.Shift);
        WriteOffset(subquery.Shift);
    }

    private void Write(QueryDuration duration)
    {
        if (duration.Expression is { } expression)
            Write(expression);
        else
            _text.Append(PrometheusDuration.Format(TimeSpan.FromMilliseconds(duration.Milliseconds)));
    }

    private void Write(DurationExpr expr)
    {
        if (expr.Parentheses is not null)
            _text.Append('(');
        switch (expr)
        {
            case DurationNumber number:
                _text.Append(number.WrittenAsDuration ? Seconds(number.Seconds) : GoFloat.FormatF(number.Seconds));
                break;
            case DurationStep:
                _text.Append("step()");
                break;
            case DurationRange:
                _text.Append("range()");
                break;
            case DurationNegate negate:
                _text.Append('-');
                Write(negate.Operand);
                break;
            case DurationBinary { Op: DurationOp.MinOf or DurationOp.MaxOf } call:
                _text.Append(call.Op == DurationOp.MinOf ? "min_of(" : "max_of(");
                Write(call.Left);
                _text.Append(", ");
                Write(call.Right);
                _text.Append(')');
                break;
            case DurationBinary binary:
                Write(binary.Left);
                _text.Append(' ').Append(binary.Op.Symbol()).Append(' ');
                Write(binary.Right);
                break;
        }
        if (expr.Parentheses is not null)
            _text.Append(')');
    }

    private static string Seconds(double seconds) => PrometheusDuration.Format(TimeSpan.FromMilliseconds((long)Math.Round(seconds * 1000)));

    /// <summary>Go's quoting, but U+FFFD escaped: a query must not hold that character itself, it stands for broken UTF-8.</summary>
    private static void AppendString(StringBuilder text, string value)
    {
        var start = text.Length;
        text.Append('"');
        GoQuote.AppendQuoted(text, value);
        text.Append('"');
        if (value.Contains('\uFFFD'))
            text.Replace("\uFFFD", "\\ufffd", start, text.Length - start);
    }

    private static bool IsPlainName(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (c != '_' && !char.IsAsciiLetter(c) && !(i > 0 && char.IsAsciiDigit(c)))
                return false;
        }
        return name.Length > 0;
    }
}
