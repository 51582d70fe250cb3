using ActorMon.Model.Text;
using ActorMon.Templates.Execution;

namespace ActorMon.Templates.Syntax;

/// <summary>Pipelines, commands and operands.</summary>
internal sealed partial class Parser
{
    /// <param name="context">What the pipeline is part of, for messages.</param>
    /// <param name="end">The token that closes it; it is consumed.</param>
    private PipeNode Pipeline(string context, TokenKind end)
    {
        Enter();
        var pipe = new PipeNode(_source, PeekNonSpace().Position);
        Declarations(pipe, context);
        while (true)
        {
            var token = NextNonSpace();
            if (token.Kind == end)
                break;
            if (!StartsOperand(token.Kind))
                Unexpected(token, context);
            Back(token);
            pipe.Commands.Add(Command());
        }
        if (pipe.Commands.Count == 0)
            Fail($"missing value for {context}");
        for (var stage = 1; stage < pipe.Commands.Count; stage++)
            if (pipe.Commands[stage].Arguments[0] is BoolNode or DotNode or NilNode or NumberNode or StringNode)
                Fail($"non executable command in pipeline stage {stage + 1}");
        _depth--;
        return pipe;
    }

    private void Declarations(PipeNode pipe, string context)
    {
        while (PeekNonSpace() is { Kind: TokenKind.Variable } variable)
        {
            NextNonSpace();
            var after = Next();
            var next = after.Kind == TokenKind.Space ? NextNonSpace() : after;
            if (next.Kind is TokenKind.Assign or TokenKind.Declare)
            {
                pipe.IsAssignment = next.Kind == TokenKind.Assign;
                Declare(pipe, variable.Text);
                return;
            }
            if (next is not { Kind: TokenKind.Character, Text: "," })
            {
                // An operand: it and the space that parts it from the next go back.
                Back(next);
                if (after.Kind == TokenKind.Space)
                    Back(after);
                Back(variable);
                return;
            }
            Declare(pipe, variable.Text);
            if (context != "range" || pipe.Variables.Count >= 2)
                Fail($"too many declarations in {context}");
            if (PeekNonSpace().Kind is not (TokenKind.Variable or TokenKind.RightDelimiter or TokenKind.RightParenthesis))
                Fail("range can only initialize variables");
        }
    }

    private void Declare(PipeNode pipe, string name)
    {
        pipe.Variables.Add(name);
        _variables.Add(name);
    }

    private CommandNode Command()
    {
        var command = new CommandNode(_source, PeekNonSpace().Position);
        while (true)
        {
            PeekNonSpace();
            if (Operand() is { } operand)
                command.Arguments.Add(operand);
            var token = Next();
            if (token.Kind == TokenKind.Space)
                continue;
            if (token.Kind is TokenKind.RightDelimiter or TokenKind.RightParenthesis)
                Back(token);
            else if (token.Kind != TokenKind.Pipe)
                Unexpected(token, "operand");
            break;
        }
        if (command.Arguments.Count == 0)
            Fail("empty command");
        return command;
    }

    private Node? Operand()
    {
        if (Term() is not { } term)
            return null;
        if (Peek() is not { Kind: TokenKind.Field } first)
            return term;
        var fields = new List<string>();
        while (Peek().Kind == TokenKind.Field)
            fields.Add(Next().Text[1..]);
        // A chain is said to be where its first further field is.
        switch (term)
        {
            case FieldNode field:
                return new FieldNode(_source, first.Position, [.. field.Fields, .. fields]);
            case VariableNode variable:
                return new VariableNode(_source, first.Position, variable.Name, [.. variable.Fields, .. fields]);
            case BoolNode or StringNode or NumberNode or NilNode or DotNode:
                Fail($"unexpected . after term {GoQuote.Quote(term.ToString()!)}");
                return null;
            default:
                return new ChainNode(_source, first.Position, term, [.. fields]);
        }
    }

    private Node? Term()
    {
        var token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                if (!Builtins.Exists(token.Text) && _functions.Find(token.Text) is null)
                    Fail($"function {GoQuote.Quote(token.Text)} not defined");
                return new IdentifierNode(_source, token.Position, token.Text);
            case TokenKind.Dot:
                return new DotNode(_source, token.Position);
            case TokenKind.Nil:
                return new NilNode(_source, token.Position);
            case TokenKind.Variable:
                if (!_variables.Contains(token.Text))
                    Fail($"undefined variable {GoQuote.Quote(token.Text)}");
                return new VariableNode(_source, token.Position, token.Text, []);
            case TokenKind.Field:
                return new FieldNode(_source, token.Position, [token.Text[1..]]);
            case TokenKind.Bool:
                return new BoolNode(_source, token.Position, token.Text == "true");
            case TokenKind.CharacterConstant or TokenKind.Complex or TokenKind.Number:
                var number = Constants.Number(_source, token);
                if (number is null)
                    Fail(token.Kind == TokenKind.CharacterConstant ? $"malformed character constant: {token.Text}" : $"illegal number syntax: {GoQuote.Quote(token.Text)}");
                return number;
            case TokenKind.LeftParenthesis:
                return Pipeline("parenthesized pipeline", TokenKind.RightParenthesis);
            case TokenKind.String or TokenKind.RawString:
                var text = Constants.Unquote(token.Text);
                if (text is null)
                    Fail("invalid syntax");
                return new StringNode(_source, token.Position, token.Text, text);
        }
        Back(token);
        return null;
    }

    private static bool StartsOperand(TokenKind kind) => kind is TokenKind.Bool or TokenKind.CharacterConstant or TokenKind.Complex or TokenKind.Dot
        or TokenKind.Field or TokenKind.Identifier or TokenKind.Number or TokenKind.Nil or TokenKind.RawString or TokenKind.String or TokenKind.Variable
        or TokenKind.LeftParenthesis;
}
