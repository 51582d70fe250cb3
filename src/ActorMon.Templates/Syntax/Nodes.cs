using System.Numerics;
using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Templates.Syntax;

/// <summary>A part of a parsed template. Immutable after parsing; its text is the one error messages show.</summary>
/// <param name="source">The text it was parsed from.</param>
/// <param name="position">Where the node is said to be, in UTF-16 units.</param>
internal abstract class Node(Source source, int position)
{
    public Source Source => source;
    public int Position => position;
}

/// <summary>A template's text and the name of the file or expression it came from.</summary>
internal sealed record Source(string Name, string Text)
{
    /// <summary>NAME:LINE:COLUMN, lines from 1, columns in bytes from 0.</summary>
    public string Locate(int position)
    {
        var before = Text.AsSpan(0, Math.Min(position, Text.Length));
        var line = before.LastIndexOf('\n') + 1;
        return $"{Name}:{before.Count('\n') + 1}:{ByteText.ByteCount(before[line..])}";
    }
}

internal sealed class TextNode(Source source, int position, string text) : Node(source, position)
{
    public string Text => text;
    public override string ToString() => GoQuote.Quote(text);
}

internal sealed class ListNode(Source source, int position) : Node(source, position)
{
    public List<Node> Nodes { get; } = [];

    /// <summary>Nothing but space.</summary>
    public bool IsEmpty => Nodes.TrueForAll(n => n is TextNode text && string.IsNullOrWhiteSpace(text.Text));

    public override string ToString() => string.Concat(Nodes);
}

internal sealed class ActionNode(Source source, int position, PipeNode pipe) : Node(source, position)
{
    public PipeNode Pipe => pipe;
    public override string ToString() => $"{{{{{pipe}}}}}";
}

internal enum BranchKind : byte
{
    If,
    With,
    Range,
}

internal sealed class BranchNode(BranchKind kind, int position, PipeNode pipe, ListNode body, ListNode? otherwise) : Node(pipe.Source, position)
{
    public BranchKind Kind => kind;
    public PipeNode Pipe => pipe;
    public ListNode Body => body;
    public ListNode? Otherwise => otherwise;

    public override string ToString()
    {
        var name = kind switch { BranchKind.If => "if", BranchKind.With => "with", _ => "range" };
        return $"{{{{{name} {pipe}}}}}{body}{(otherwise is null ? "" : "{{else}}" + otherwise)}{{{{end}}}}";
    }
}

internal sealed class TemplateNode(Source source, int position, string name, PipeNode? pipe) : Node(source, position)
{
    public string Name => name;
    public PipeNode? Pipe => pipe;
    public override string ToString() => $"{{{{template {GoQuote.Quote(name)}{(pipe is null ? "" : $" {pipe}")}}}}}";
}

/// <summary>break and continue, and while parsing end and else.</summary>
internal sealed class WordNode(Source source, int position, TokenKind word) : Node(source, position)
{
    public TokenKind Word => word;

    public override string ToString() => word switch
    {
        TokenKind.Break => "{{break}}",
        TokenKind.Continue => "{{continue}}",
        TokenKind.Else => "{{else}}",
        _ => "{{end}}",
    };
}

internal sealed class PipeNode(Source source, int position) : Node(source, position)
{
    /// <summary>Names of the variables it sets, dollar included.</summary>
    public List<string> Variables { get; } = [];
    public bool IsAssignment { get; set; }
    public List<CommandNode> Commands { get; } = [];

    public override string ToString() =>
        (Variables.Count == 0 ? "" : string.Join(", ", Variables) + (IsAssignment ? " = " : " := ")) + string.Join(" | ", Commands);
}

internal sealed class CommandNode(Source source, int position) : Node(source, position)
{
    public List<Node> Arguments { get; } = [];
    public override string ToString() => string.Join(' ', Arguments.Select(a => a is PipeNode ? $"({a})" : a.ToString()));
}

internal sealed class IdentifierNode(Source source, int position, string name) : Node(source, position)
{
    public string Name => name;
    public override string ToString() => name;
}

/// <summary>A variable, and fields of it: $x.a.b.</summary>
internal sealed class VariableNode(Source source, int position, string name, string[] fields) : Node(source, position)
{
    public string Name => name;
    public string[] Fields => fields;
    public override string ToString() => string.Join('.', [name, .. fields]);
}

/// <summary>Fields of dot: .a.b.</summary>
internal sealed class FieldNode(Source source, int position, string[] fields) : Node(source, position)
{
    public string[] Fields => fields;
    public override string ToString() => "." + string.Join('.', fields);
}

/// <summary>Fields of another term: (pipeline).a.b.</summary>
internal sealed class ChainNode(Source source, int position, Node term, string[] fields) : Node(source, position)
{
    public Node Term => term;
    public string[] Fields => fields;

    public override string ToString() => new StringBuilder().Append(term is PipeNode ? $"({term})" : term.ToString()).Append('.').AppendJoin('.', fields).ToString();
}

internal sealed class DotNode(Source source, int position) : Node(source, position)
{
    public override string ToString() => ".";
}

internal sealed class NilNode(Source source, int position) : Node(source, position)
{
    public override string ToString() => "nil";
}

internal sealed class BoolNode(Source source, int position, bool value) : Node(source, position)
{
    public bool Value => value;
    public override string ToString() => value ? "true" : "false";
}

internal sealed class StringNode(Source source, int position, string quoted, string value) : Node(source, position)
{
    public string Value => value;
    public override string ToString() => quoted;
}

/// <summary>A constant number: every kind of number its digits can be.</summary>
internal sealed class NumberNode(Source source, int position, string text) : Node(source, position)
{
    public long? Int { get; init; }
    public ulong? Uint { get; init; }
    public double? Float { get; init; }
    public Complex? Complex { get; init; }

    /// <summary>The digits show a float: a point or an exponent, unless they are a rune or a hexadecimal integer.</summary>
    public bool LooksLikeFloat => Float is not null && text[0] != '\'' && !IsHexInteger && text.AsSpan().IndexOfAny(".eEpP") >= 0;

    public override string ToString() => text;

    private bool IsHexInteger => text.Length > 2 && text[0] == '0' && text[1] is 'x' or 'X' && text.AsSpan().IndexOfAny('p', 'P') < 0;
}
