using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Text;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Syntax;
using ActorMon.Templates.Values;

namespace ActorMon.Templates;

/// <summary>What a run gave: the output, or the error.</summary>
public readonly record struct TemplateResult(string? Output, TemplateError? Error);

/// <summary>Templates that may call each other by name, parsed. Immutable: runs of any number of threads share it.</summary>
public sealed class TemplateSet
{
    private readonly FrozenDictionary<string, ListNode> _templates;
    private readonly FunctionTable _functions;

    private TemplateSet(FrozenDictionary<string, ListNode> templates, FunctionTable functions)
    {
        _templates = templates;
        _functions = functions;
    }

    /// <summary>The names of all templates, in the order of their letters.</summary>
    public IEnumerable<string> Names => _templates.Keys.Order(StringComparer.Ordinal);

    /// <summary>A set without templates.</summary>
    public static TemplateSet Empty(FunctionTable functions) => new(FrozenDictionary<string, ListNode>.Empty, functions);

    /// <summary>
    /// Parses a text and adds what it defines; a definition replaces one of the same name unless it is empty. The text's own template has <paramref name="name"/>.
    /// </summary>
    /// <param name="error">The original's text when false: <c>template: NAME:LINE: ...</c>.</param>
    public bool TryAdd(string name, string text, [NotNullWhen(true)] out TemplateSet? set, [NotNullWhen(false)] out TemplateError? error)
    {
        set = null;
        error = null;
        try
        {
            var templates = new Dictionary<string, ListNode>(_templates, StringComparer.Ordinal);
            foreach (var (defined, tree) in Parser.Parse(name, text, _functions))
                if (!tree.IsEmpty || !templates.ContainsKey(defined))
                    templates[defined] = tree;
            set = new TemplateSet(templates.ToFrozenDictionary(StringComparer.Ordinal), _functions);
            return true;
        }
        catch (TemplateFailure failure)
        {
            error = failure.Error;
            return false;
        }
    }

    /// <summary>Runs a template. One that asks <c>query</c> gets an error: see <see cref="RunAsync"/>.</summary>
    /// <exception cref="OperationCanceledException">The deadline passed.</exception>
    public TemplateResult Run(string name, TemplateValue data, TemplateEnvironment environment, CancellationToken cancellation)
    {
        var result = Attempt(new TemplateRun(_templates, _functions, environment, [], 0, cancellation), name, data);
        return result ?? new TemplateResult(null, new TemplateError(TemplateErrorKind.Execution, $"template: {name}: queries are not available here"));
    }

    /// <summary>
    /// Runs a template whose queries are answered by <paramref name="query"/>. A run that meets a query without an answer stops, waits for it without holding
    /// a thread, and starts again: everything else it sees is constant, so it comes to the same place.
    /// </summary>
    /// <exception cref="OperationCanceledException">The deadline passed.</exception>
    public async ValueTask<TemplateResult> RunAsync(string name, TemplateValue data, TemplateEnvironment environment, TemplateQuery query, CancellationToken cancellation)
    {
        var answers = new Dictionary<string, QueryAnswer>(StringComparer.Ordinal);
        var steps = 0;
        while (true)
        {
            var run = new TemplateRun(_templates, _functions, environment, answers, steps, cancellation);
            if (Attempt(run, name, data) is { } result)
                return result;
            steps = run.Steps;
            answers[run.NeededQuery!] = await query(run.NeededQuery!, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>One attempt; null when it needs a query's answer.</summary>
    private TemplateResult? Attempt(TemplateRun run, string name, TemplateValue data)
    {
        if (!_templates.TryGetValue(name, out var tree))
            return new TemplateResult(null, new TemplateError(TemplateErrorKind.Execution, $"template: no template {GoQuote.Quote(name)} associated with template \"\""));
        try
        {
            var sink = run.NewSink();
            Executor.Run(run, sink, name, tree, data, 0);
            var output = sink.Finish(name);
            return output.Error is { } error
                ? new TemplateResult(null, new TemplateError(TemplateErrorKind.Execution, error))
                : new TemplateResult(((StringValue)output.Value).Value, null);
        }
        catch (TemplateFailure failure)
        {
            return new TemplateResult(null, failure.Error);
        }
        catch (QueryNeededException)
        {
            return null;
        }
    }
}
