using ActorMon.Model.Samples;
using ActorMon.PromQL.Results;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Rules;
using ActorMon.Templates.Time;

namespace ActorMon.Rules.Templating;

/// <summary>Alert templates in the language of Prometheus: Go's text/template with its functions.</summary>
public sealed class GoRuleTemplates : IRuleTemplates
{
    public static readonly GoRuleTemplates Instance = new();

    private GoRuleTemplates()
    {
    }

    public CompiledTemplate Compile(string alert, string text) => AlertTemplate.TryCompile(alert, text, out var template, out var error)
        ? new CompiledTemplate(new Template(template), null)
        : new CompiledTemplate(null, error.Message);

    private sealed class Template(PrometheusTemplate template) : IRuleTemplate
    {
        public async ValueTask<ExpandedTemplate> ExpandAsync(RuleTemplateData data, CancellationToken cancellation)
        {
            var environment = new TemplateEnvironment { Now = GoTime.FromMilliseconds(data.At.Value), ExternalUrl = data.ExternalUrl };
            var result = await template.ExpandAsync(
                AlertTemplate.DataOf(data.Labels, data.ExternalLabels, data.ExternalUrl, data.Value, data.Histogram), environment,
                (query, token) => AnswerAsync(data.Query, query, data.At, token), cancellation).ConfigureAwait(false);
            return new ExpandedTemplate(result.Output ?? "", result.Error?.Message);
        }

        private static async ValueTask<QueryAnswer> AnswerAsync(RuleQuery ask, string query, TimestampMs at, CancellationToken cancellation)
        {
            var result = await ask(query, at, cancellation).ConfigureAwait(false);
            using (result.Memory)
            {
                if (result.Value is not VectorValue vector)
                    return new QueryAnswer([], result.Error?.Text ?? "the query gave no vector");
                var samples = new QuerySample[vector.Count];
                for (var i = 0; i < samples.Length; i++)
                    samples[i] = new QuerySample(vector.Series[i], vector.Values[i], vector.HistogramAt(i));
                return new QueryAnswer(samples);
            }
        }
    }
}
