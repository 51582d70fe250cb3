using System.Diagnostics.CodeAnalysis;

namespace ActorMon.Templates;

/// <summary>Unwinds a compilation or run to its entry, which gives the error back as a value.</summary>
internal sealed class TemplateFailure(TemplateErrorKind kind, string message) : Exception(message)
{
    public TemplateError Error => new(kind, Message);

    [DoesNotReturn]
    public static void Throw(TemplateErrorKind kind, string message) => throw new TemplateFailure(kind, message);
}
