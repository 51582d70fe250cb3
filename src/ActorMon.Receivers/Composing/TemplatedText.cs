using ActorMon.Templates;
using ActorMon.Templates.Notifications;

namespace ActorMon.Receivers.Composing;

/// <summary>A receiver's text, compiled when the configuration is loaded. One that is no template fails each notification, as in the original, and is warned of.</summary>
internal sealed class TemplatedText
{
    public static readonly TemplatedText Empty = new("", null, null);

    private TemplatedText(string literal, NotificationTemplate? template, TemplateError? error)
    {
        Literal = literal;
        Template = template;
        Error = error;
    }

    /// <summary>What the text is when it holds no action.</summary>
    public string Literal { get; }
    public NotificationTemplate? Template { get; }
    public TemplateError? Error { get; }

    public static TemplatedText Of(string text, NotificationTemplates templates)
    {
        if (!text.Contains("{{", StringComparison.Ordinal))
            return text.Length == 0 ? Empty : new TemplatedText(text, null, null);
        return templates.TryCompile(text, out var template, out var error) ? new TemplatedText("", template, null) : new TemplatedText("", null, error);
    }
}
