using ActorMon.Model.Text;
using ActorMon.Templates.Html;
using ActorMon.Templates.Syntax;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Execution;

/// <summary>One run of a template: what its functions may ask, and what it has used of its limits. For one thread.</summary>
public sealed class TemplateRun
{
    private const int StepsPerCancellationCheck = 256;

    private readonly IReadOnlyDictionary<string, ListNode> _templates;
    private readonly FunctionTable _functions;
    private readonly Dictionary<string, QueryAnswer> _answers;
    private readonly CancellationToken _cancellation;

    internal TemplateRun(IReadOnlyDictionary<string, ListNode> templates, FunctionTable functions, TemplateEnvironment environment,
        Dictionary<string, QueryAnswer> answers, int steps, CancellationToken cancellation)
    {
        _templates = templates;
        _functions = functions;
        _answers = answers;
        _cancellation = cancellation;
        Environment = environment;
        Steps = steps;
    }

    public TemplateEnvironment Environment { get; }

    /// <summary>Steps taken, those of earlier replays included.</summary>
    internal int Steps { get; private set; }

    /// <summary>The query the run cannot go on without, after a <see cref="QueryNeededException"/>.</summary>
    internal string? NeededQuery { get; private set; }

    /// <summary>The answer of a query. A run without the answer stops here and is repeated once the answer has come.</summary>
    public QueryAnswer Query(string expression)
    {
        if (_answers.TryGetValue(expression, out var answer))
            return answer;
        if (_answers.Count >= Environment.Limits.MaxQueries)
            TemplateFailure.Throw(TemplateErrorKind.Limit, $"template runs more than {Environment.Limits.MaxQueries} queries");
        NeededQuery = expression;
        throw new QueryNeededException();
    }

    /// <summary>Renders another template of the set by name (tmpl).</summary>
    public FunctionResult Render(string name, TemplateValue data)
    {
        if (!_templates.TryGetValue(name, out var tree))
            return FunctionResult.Fail($"html/template: {GoQuote.Quote(name)} is undefined");
        var sink = NewSink();
        Executor.Run(this, sink, name, tree, data, Depth + 1);
        return sink.Finish(name);
    }

    /// <summary>Counts work: a function over <paramref name="items"/> elements says so.</summary>
    public void Charge(int items)
    {
        Steps += items;
        if (Steps > Environment.Limits.MaxSteps)
            TemplateFailure.Throw(TemplateErrorKind.Limit, $"template takes more than {Environment.Limits.MaxSteps} steps");
        if (items > StepsPerCancellationCheck || Steps % StepsPerCancellationCheck == 0)
            _cancellation.ThrowIfCancellationRequested();
    }

    internal int Depth { get; set; }

    internal LimitedText NewText() => new(Environment.Limits.MaxOutputBytes);

    internal OutputSink NewSink() => Environment.IsHtml ? new HtmlSink(NewText(), Environment.Limits.MaxOutputBytes) : new TextSink(NewText());

    internal ListNode? Template(string name) => _templates.GetValueOrDefault(name);

    internal TemplateFunction? Function(string name) => _functions.Find(name) ?? Builtins.Find(name);
}

/// <summary>Stops a run until a query is answered.</summary>
internal sealed class QueryNeededException : Exception;
