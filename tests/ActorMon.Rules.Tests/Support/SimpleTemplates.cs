using ActorMon.Model.Samples;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Templating;

namespace ActorMon.Rules.Tests.Support;

/// <summary>As little of the template language as these tests need: {{ $labels.x }}, {{ $value }}, {{ query "q" }} (a count), {{ fail }}; {{ broken }} does not compile.</summary>
public sealed class SimpleTemplates : IRuleTemplates
{
    public static readonly SimpleTemplates Instance = new();

    public CompiledTemplate Compile(string alert, string text) =>
        text.Contains("broken", StringComparison.Ordinal) ? new CompiledTemplate(null, $"error parsing template __alert_{alert}: template: __alert_{alert}:1: broken") : new CompiledTemplate(new Template(text), null);

    private sealed class Template(string text) : IRuleTemplate
    {
        public async ValueTask<ExpandedTemplate> ExpandAsync(RuleTemplateData data, CancellationToken cancellation)
        {
            if (text.Contains("{{ fail }}", StringComparison.Ordinal))
                return new ExpandedTemplate("", "it fails");
            var expanded = text.Replace("{{ $value }}", data.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
            foreach (var label in data.Labels)
                expanded = expanded.Replace($"{{{{ $labels.{label.Name} }}}}", label.Value, StringComparison.Ordinal);
            foreach (var label in data.ExternalLabels)
                expanded = expanded.Replace($"{{{{ $externalLabels.{label.Name} }}}}", label.Value, StringComparison.Ordinal);
            var query = expanded.IndexOf("{{ query ", StringComparison.Ordinal);
            if (query < 0)
                return new ExpandedTemplate(expanded, null);
            var end = expanded.IndexOf(" }}", query, StringComparison.Ordinal);
            var result = await data.Query(expanded[(query + 9)..end].Trim('"'), data.At, cancellation);
            return result.IsSuccess
                ? new ExpandedTemplate($"{((VectorValue)result.Value).Count} series", null)
                : new ExpandedTemplate("", result.Error.Text);
        }
    }
}
