namespace ActorMon.Rules.Templating;

/// <summary>
/// A label's or annotation's text: plain, or a template. What cannot be expanded becomes <c>&lt;error expanding template: ...&gt;</c> in its place, so that an alert
/// is never lost to its decoration.
/// </summary>
public sealed class TemplatedText
{
    private readonly CompiledTemplate? _compiled;

    private TemplatedText(string source, CompiledTemplate? compiled)
    {
        Source = source;
        _compiled = compiled;
    }

    /// <summary>As it was written.</summary>
    public string Source { get; }

    /// <summary>Without an action in it the text is itself; most are.</summary>
    public bool IsPlain => _compiled is null;

    public static TemplatedText Of(string alert, string source, IRuleTemplates templates) =>
        new(source, source.Contains("{{", StringComparison.Ordinal) ? templates.Compile(alert, source) : null);

    /// <returns>Always a text; with an error it says so.</returns>
    public async ValueTask<ExpandedTemplate> ExpandAsync(RuleTemplateData data, CancellationToken cancellation)
    {
        if (_compiled is null)
            return new ExpandedTemplate(Source, null);
        if (!_compiled.IsCompiled)
            return Failed(_compiled.Error);
        var expanded = await _compiled.Template.ExpandAsync(data, cancellation).ConfigureAwait(false);
        return expanded.Error is { } error ? Failed(error) : expanded;
    }

    private static ExpandedTemplate Failed(string error) => new($"<error expanding template: {error}>", error);
}
