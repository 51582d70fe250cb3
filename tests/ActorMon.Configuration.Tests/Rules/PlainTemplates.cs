using ActorMon.Model.Names;
using ActorMon.PromQL.Parsing;
using ActorMon.Rules.Files;
using ActorMon.Rules.Templating;

namespace ActorMon.Configuration.Tests.Rules;

/// <summary>Takes every text for a template, but those with {{{ in them.</summary>
internal sealed class PlainTemplates : IRuleTemplates
{
    public static readonly RuleChecks Checks = new(NameValidation.Utf8, ParserOptions.Default, new PlainTemplates());

    public CompiledTemplate Compile(string alert, string text) =>
        text.Contains("{{{", StringComparison.Ordinal) ? new CompiledTemplate(null, "too many braces") : new CompiledTemplate(new Same(text), null);

    private sealed class Same(string text) : IRuleTemplate
    {
        public ValueTask<ExpandedTemplate> ExpandAsync(RuleTemplateData data, CancellationToken cancellation) => ValueTask.FromResult(new ExpandedTemplate(text, null));
    }
}
