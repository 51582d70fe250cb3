using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Results;

namespace ActorMon.Rules.Templating;

/// <summary>The language of alert labels and annotations, as rules need it. Thread-safe.</summary>
public interface IRuleTemplates
{
    /// <summary>Compiles a text in which $labels, $value, $externalLabels and $externalURL stand for the alert's data.</summary>
    /// <param name="alert">The rule's name; it names the template in its errors.</param>
    CompiledTemplate Compile(string alert, string text);
}

/// <summary>A template, or why there is none, in the peer's words: <c>error parsing template NAME: ...</c>.</summary>
public sealed record CompiledTemplate(IRuleTemplate? Template, string? Error)
{
    [MemberNotNullWhen(true, nameof(Template))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsCompiled => Template is not null;
}

/// <summary>One compiled text. Thread-safe.</summary>
public interface IRuleTemplate
{
    ValueTask<ExpandedTemplate> ExpandAsync(RuleTemplateData data, CancellationToken cancellation);
}

/// <summary>The text, or why there is none, in the peer's words.</summary>
public readonly record struct ExpandedTemplate(string Text, string? Error);

/// <summary>Answers the queries that templates ask; the value is a vector or an error.</summary>
public delegate ValueTask<QueryResult> RuleQuery(string query, TimestampMs at, CancellationToken cancellation);

/// <summary>What a template of an alert may look at.</summary>
/// <param name="Labels">Those of the sample that raised the alert, its metric name among them.</param>
/// <param name="Value">The sample's value; not meaningful when there is a histogram.</param>
/// <param name="At">Time of the evaluation.</param>
public sealed record RuleTemplateData(LabelSet Labels, double Value, NativeHistogram? Histogram, LabelSet ExternalLabels, string ExternalUrl, TimestampMs At, RuleQuery Query);
