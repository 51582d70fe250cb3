using System.Diagnostics.CodeAnalysis;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Functions;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Rules;

/// <summary>A template as Prometheus expands it: in alerts' labels and annotations, and in consoles (HTML, with library files). Immutable, compiled once.</summary>
public sealed class PrometheusTemplate
{
    private readonly string _name;
    private readonly TemplateSet _set;

    private PrometheusTemplate(string name, TemplateSet set)
    {
        _name = name;
        _set = set;
    }

    /// <param name="error">The original's text when false: <c>error parsing template NAME: ...</c>.</param>
    public static bool TryCompile(string name, string text, bool isConsole, [NotNullWhen(true)] out PrometheusTemplate? template, [NotNullWhen(false)] out TemplateError? error)
    {
        var empty = TemplateSet.Empty(isConsole ? PrometheusFunctions.Consoles : PrometheusFunctions.Alerts);
        template = empty.TryAdd(name, text, out var set, out error) ? new PrometheusTemplate(name, set) : null;
        error = error is null ? null : error with { Message = $"error parsing template {name}: {error.Message}" };
        return template is not null;
    }

    /// <summary>Adds a console library's definitions.</summary>
    public bool TryAddLibrary(string file, string text, [NotNullWhen(true)] out PrometheusTemplate? template, [NotNullWhen(false)] out TemplateError? error)
    {
        template = _set.TryAdd(file, text, out var set, out error) ? new PrometheusTemplate(_name, set) : null;
        error = error is null ? null : error with { Message = $"error parsing template files for {_name}: {error.Message}" };
        return template is not null;
    }

    /// <summary>Expands; errors have the original's text: <c>error executing template NAME: ...</c>.</summary>
    /// <exception cref="OperationCanceledException">The deadline passed.</exception>
    public async ValueTask<TemplateResult> ExpandAsync(TemplateValue data, TemplateEnvironment environment, TemplateQuery query, CancellationToken cancellation)
    {
        var result = await _set.RunAsync(_name, data, environment, query, cancellation).ConfigureAwait(false);
        return result.Error is { } error ? result with { Error = error with { Message = $"error executing template {_name}: {error.Message}" } } : result;
    }
}
