namespace ActorMon.Templates;

/// <summary>Where a template failed.</summary>
public enum TemplateErrorKind
{
    /// <summary>The text is no template.</summary>
    Syntax,

    /// <summary>The run met a fault of the template or its data.</summary>
    Execution,

    /// <summary>The run exceeded a limit (output, steps, depth, queries).</summary>
    Limit,
}

/// <summary>Why a template did not compile or run. <paramref name="Message"/> is the original's text: <c>template: NAME:LINE:COLUMN: executing "NAME" at &lt;...&gt;: ...</c>.</summary>
public sealed record TemplateError(TemplateErrorKind Kind, string Message)
{
    public override string ToString() => Message;
}
