using System.Text;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;

namespace ActorMon.PromQL.Printing;

/// <summary>
/// Formats an expression over several lines: a node whose one-line text is wider than the limit (in bytes) is split, its parts indented by two spaces
/// (format_query, promtool promql format).
/// </summary>
public sealed class PrettyPrinter
{
    public const int DefaultWidth = 100;

    private readonly Dictionary<Expr, Range> _places = new(ReferenceEqualityComparer.Instance);
    private readonly StringBuilder _output = new();
    private readonly string _line;
    private readonly int _width;

    private PrettyPrinter(Expr expr, int width)
    {
        _width = width;
        _line = ExprPrinter.Print(expr, _places);
    }

    public static string Format(Expr expr, int width = DefaultWidth)
    {
        var printer = new PrettyPrinter(expr, width);
        printer.Write(expr, 0);
        return printer._output.ToString();
    }

    private ReadOnlySpan<char> LineOf(Expr expr) => _line.AsSpan(_places[expr]);

    private bool Fits(Expr expr)
    {
        var line = LineOf(expr);
        // No char is less than a byte, so counting bytes is left to lines that are short anyway.
        return line.Length <= _width && ByteText.ByteCount(line) <= _width;
    }

    private void Write(Expr expr, int level)
    {
        switch (expr)
        {
            case SubqueryExpr subquery:
                // A subquery that fits is not indented, in the peer neither.
                if (Fits(expr))
                {
                    _output.Append(LineOf(expr));
                    break;
                }
                Write(subquery.Inner, level);
                _output.Append(ExprPrinter.SubquerySuffix(subquery));
                break;
            case UnaryExpr unary:
                Indent(level).Append(unary.Negative ? '-' : '+');
                WriteWithoutIndent(unary.Operand, level);
                break;
            case AggregateExpr or BinaryExpr or CallExpr or ParenExpr when !Fits(expr):
                WriteSplit(expr, level);
                break;
            default:
                Indent(level).Append(LineOf(expr));
                break;
        }
    }

    private void WriteSplit(Expr expr, int level)
    {
        switch (expr)
        {
            case AggregateExpr aggregate:
                Indent(level).Append(ExprPrinter.AggregateHead(aggregate)).Append("(\n");
                if (aggregate.Parameter is { } parameter)
                {
                    Write(parameter, level + 1);
                    _output.Append(",\n");
                }
                Write(aggregate.Operand, level + 1);
                CloseParenthesis(level);
                break;
            case BinaryExpr binary:
                Write(binary.Left, level + 1);
                _output.Append('\n');
                Indent(level).Append(ExprPrinter.OperatorText(binary)).Append('\n');
                Write(binary.Right, level + 1);
                break;
            case CallExpr call:
                Indent(level).Append(call.Function.Name).Append("(\n");
                for (var i = 0; i < call.Arguments.Count; i++)
                {
                    if (i > 0)
                        _output.Append(",\n");
                    Write(call.Arguments[i], level + 1);
                }
                CloseParenthesis(level);
                break;
            case ParenExpr paren:
                Indent(level).Append("(\n");
                Write(paren.Inner, level + 1);
                CloseParenthesis(level);
                break;
        }
    }

    private void WriteWithoutIndent(Expr expr, int level)
    {
        var start = _output.Length;
        Write(expr, level);
        var spaces = 0;
        while (start + spaces < _output.Length && _output[start + spaces] == ' ')
            spaces++;
        _output.Remove(start, spaces);
    }

    private void CloseParenthesis(int level)
    {
        _output.Append('\n');
        Indent(level).Append(')');
    }

    private StringBuilder Indent(int level) => _output.Append(' ', 2 * level);
}
