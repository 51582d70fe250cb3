using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Text;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Syntax;

/// <summary>
/// Parses a template's text into its tree and those of the templates it defines (text/template's grammar and error texts). Statements are here, pipelines
/// in the other part.
/// </summary>
internal sealed partial class Parser
{
    /// <summary>How deep statements and parentheses may nest.</summary>
    public const int MaxDepth = 250;

    private readonly Source _source;
    private readonly FunctionTable _functions;
    private readonly Lexer _lexer;
    private readonly Dictionary<string, ListNode> _definitions;
    private readonly Stack<Token> _pushedBack = new();
    private List<string> _variables = ["$"];
    private int _lastLine = 1;
    private int _actionLine;
    private int _rangeDepth;
    private int _depth;

    private Parser(Source source, FunctionTable functions, Dictionary<string, ListNode> definitions)
    {
        _source = source;
        _functions = functions;
        _definitions = definitions;
        _lexer = new Lexer(source.Text);
    }

    /// <summary>Parses; what the text defines, itself included under its name, by name.</summary>
    /// <exception cref="TemplateFailure">The text is no template.</exception>
    public static Dictionary<string, ListNode> Parse(string name, string text, FunctionTable functions)
    {
        var definitions = new Dictionary<string, ListNode>(StringComparer.Ordinal);
        var parser = new Parser(new Source(name, text), functions, definitions);
        parser.Add(name, parser.TopLevel());
        return definitions;
    }

    private ListNode TopLevel()
    {
        var root = new ListNode(_source, 0);
        while (Peek().Kind != TokenKind.End)
        {
            if (Peek().Kind == TokenKind.LeftDelimiter)
            {
                var delimiter = Next();
                var word = NextNonSpace();
                if (word.Kind == TokenKind.Define)
                {
                    Definition();
                    continue;
                }
                Back(word);
                Back(delimiter);
            }
            var node = TextOrAction();
            if (node is WordNode { Word: TokenKind.EndWord or TokenKind.Else })
                Fail($"unexpected {node}");
            root.Nodes.Add(node);
        }
        return root;
    }

    private void Definition()
    {
        const string context = "define clause";
        var name = TemplateName(NextNonSpace(), context);
        Expect(TokenKind.RightDelimiter, context);
        Add(name, InScope(() => Body(context)));
    }

    /// <summary>A definition's statements: variables and loops around it do not reach into it.</summary>
    private ListNode InScope(Func<ListNode> body)
    {
        var (variables, ranges) = (_variables, _rangeDepth);
        (_variables, _rangeDepth) = (["$"], 0);
        var list = body();
        (_variables, _rangeDepth) = (variables, ranges);
        return list;
    }

    private ListNode Body(string context)
    {
        var list = ItemList(out var end);
        if (end.Word != TokenKind.EndWord)
            Fail($"unexpected {end} in {context}");
        return list;
    }

    private void Add(string name, ListNode tree)
    {
        if (_definitions.TryGetValue(name, out var present) && !present.IsEmpty)
        {
            if (!tree.IsEmpty)
                Fail($"template: multiple definition of template {GoQuote.Quote(name)}");
            return;
        }
        _definitions[name] = tree;
    }

    private ListNode ItemList(out WordNode end)
    {
        Enter();
        var list = new ListNode(_source, PeekNonSpace().Position);
        while (PeekNonSpace().Kind != TokenKind.End)
        {
            var node = TextOrAction();
            if (node is WordNode { Word: TokenKind.EndWord or TokenKind.Else } word)
            {
                _depth--;
                end = word;
                return list;
            }
            list.Nodes.Add(node);
        }
        Fail("unexpected EOF");
        end = null;
        return list;
    }

    private Node TextOrAction()
    {
        var token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Text:
                return new TextNode(_source, token.Position, token.Text);
            case TokenKind.LeftDelimiter:
                _actionLine = token.Line;
                var node = Action();
                _actionLine = 0;
                return node;
        }
        Unexpected(token, "input");
        return null;
    }

    private Node Action()
    {
        var token = NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Block:
                return Block();
            case TokenKind.Break:
                return LoopWord(token, "{{break}} outside {{range}}");
            case TokenKind.Continue:
                return LoopWord(token, "{{continue}} outside {{range}}");
            case TokenKind.Else:
                return Else();
            case TokenKind.EndWord:
                return new WordNode(_source, Expect(TokenKind.RightDelimiter, "end").Position, TokenKind.EndWord);
            case TokenKind.If:
                return Branch(BranchKind.If, "if");
            case TokenKind.Range:
                return Branch(BranchKind.Range, "range");
            case TokenKind.With:
                return Branch(BranchKind.With, "with");
            case TokenKind.Template:
                return Call();
        }
        Back(token);
        return new ActionNode(_source, token.Position, Pipeline("command", TokenKind.RightDelimiter));
    }

    private WordNode LoopWord(Token token, string outside)
    {
        if (NextNonSpace() is var end && end.Kind != TokenKind.RightDelimiter)
            Unexpected(end, $"{{{{{token.Text}}}}}");
        if (_rangeDepth == 0)
            Fail(outside);
        return new WordNode(_source, token.Position, token.Kind);
    }

    private WordNode Else()
    {
        var next = PeekNonSpace();
        // "else if" and "else with": the branch that is open takes the word.
        if (next.Kind is TokenKind.If or TokenKind.With)
            return new WordNode(_source, next.Position, TokenKind.Else);
        return new WordNode(_source, Expect(TokenKind.RightDelimiter, "else").Position, TokenKind.Else);
    }

    private BranchNode Branch(BranchKind kind, string context)
    {
        var variables = _variables.Count;
        var pipe = Pipeline(context, TokenKind.RightDelimiter);
        if (kind == BranchKind.Range)
            _rangeDepth++;
        var body = ItemList(out var end);
        if (kind == BranchKind.Range)
            _rangeDepth--;
        ListNode? otherwise = null;
        if (end.Word == TokenKind.Else)
        {
            var chained = Peek().Kind;
            if ((kind == BranchKind.If && chained == TokenKind.If) || (kind == BranchKind.With && chained == TokenKind.With))
            {
                Enter();
                Next();
                otherwise = new ListNode(_source, end.Position);
                otherwise.Nodes.Add(Branch(kind, context));
                _depth--;
            }
            else
            {
                otherwise = ItemList(out end);
                if (end.Word != TokenKind.EndWord)
                    Fail($"expected end; found {end}");
            }
        }
        _variables.RemoveRange(variables, _variables.Count - variables);
        return new BranchNode(kind, pipe.Position, pipe, body, otherwise);
    }

    private TemplateNode Block()
    {
        const string context = "block clause";
        var token = NextNonSpace();
        var name = TemplateName(token, context);
        var pipe = Pipeline(context, TokenKind.RightDelimiter);
        Add(name, InScope(() => Body(context)));
        return new TemplateNode(_source, token.Position, name, pipe);
    }

    private TemplateNode Call()
    {
        const string context = "template clause";
        var token = NextNonSpace();
        var name = TemplateName(token, context);
        var next = NextNonSpace();
        if (next.Kind == TokenKind.RightDelimiter)
            return new TemplateNode(_source, token.Position, name, null);
        Back(next);
        return new TemplateNode(_source, token.Position, name, Pipeline(context, TokenKind.RightDelimiter));
    }

    private string TemplateName(Token token, string context)
    {
        if (token.Kind is not (TokenKind.String or TokenKind.RawString))
            Unexpected(token, context);
        var name = Constants.Unquote(token.Text);
        if (name is null)
            Fail("invalid syntax");
        return name;
    }

    private void Enter()
    {
        if (++_depth > MaxDepth || !StackRoom.IsLeft)
            Fail("max expression depth exceeded");
    }

    private Token Expect(TokenKind kind, string context)
    {
        var token = NextNonSpace();
        if (token.Kind != kind)
            Unexpected(token, context);
        return token;
    }

    private Token Next()
    {
        if (_pushedBack.TryPop(out var token))
            return token;
        token = _lexer.Next();
        _lastLine = token.Line;
        return token;
    }

    private void Back(Token token) => _pushedBack.Push(token);

    private Token Peek()
    {
        var token = Next();
        Back(token);
        return token;
    }

    private Token NextNonSpace()
    {
        Token token;
        do
            token = Next();
        while (token.Kind == TokenKind.Space);
        return token;
    }

    private Token PeekNonSpace()
    {
        var token = NextNonSpace();
        Back(token);
        return token;
    }

    [DoesNotReturn]
    private void Unexpected(Token token, string context)
    {
        if (token.Kind != TokenKind.Error)
            Fail($"unexpected {token} in {context}");
        var extra = _actionLine == 0 || _actionLine == token.Line ? "" : $" in action started at {_source.Name}:{_actionLine}";
        if (token.Text.EndsWith(" action", StringComparison.Ordinal) && extra.Length > 0)
            extra = extra[" in action".Length..];
        Fail($"{token}{extra}");
    }

    [DoesNotReturn]
    private void Fail(string message) => TemplateFailure.Throw(TemplateErrorKind.Syntax, $"template: {_source.Name}:{_lastLine}: {message}");
}
