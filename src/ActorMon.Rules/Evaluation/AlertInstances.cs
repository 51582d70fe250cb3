using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Printing;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Groups;
using ActorMon.Rules.Templating;

namespace ActorMon.Rules.Evaluation;

/// <summary>Makes alerts of a result: labels and annotations of each, templates expanded.</summary>
internal sealed class AlertInstances(RuleSettings settings, IRuleQueries queries)
{
    private const string Duplicate = "vector contains metrics with the same labelset after applying alert labels";

    /// <summary>Fills <paramref name="into"/>; gives the error when two series are the same alert.</summary>
    public async ValueTask<string?> CollectAsync(
        AlertingRule rule, OutputLabels output, VectorValue vector, RuleTurn turn, Dictionary<LabelSet, AlertInstance> into, CancellationToken cancellation)
    {
        output.Expect(vector.Count);
        for (var i = 0; i < vector.Count; i++)
        {
            var histogram = vector.HistogramAt(i);
            var value = histogram is null ? vector.Values[i] : 0;
            var labels = rule.HasPlainLabels ? output.Of(vector.Series[i]) : null;
            var annotations = rule.HasPlainAnnotations ? rule.Annotations : null;
            if (labels is null || annotations is null)
            {
                var data = new RuleTemplateData(vector.Series[i], value, histogram, settings.ExternalLabels, settings.ExternalUrl, turn.At, QueryAsync);
                labels ??= await LabelsAsync(rule, data, turn, cancellation).ConfigureAwait(false);
                annotations ??= await AnnotationsAsync(rule, data, turn, cancellation).ConfigureAwait(false);
            }
            if (!into.TryAdd(labels, new AlertInstance(labels, annotations, value)))
                return Duplicate;
        }
        return null;
    }

    private static async ValueTask<LabelSet> LabelsAsync(AlertingRule rule, RuleTemplateData data, RuleTurn turn, CancellationToken cancellation)
    {
        var labels = new LabelSetBuilder(data.Labels).Remove(LabelNames.MetricName);
        for (var i = 0; i < rule.LabelTexts.Length; i++)
            labels.Set(rule.Labels[i].Name, await ExpandAsync(rule.LabelTexts[i], data, turn, cancellation).ConfigureAwait(false));
        return labels.Set(RuleLabels.AlertName, rule.Name).Build();
    }

    private static async ValueTask<LabelSet> AnnotationsAsync(AlertingRule rule, RuleTemplateData data, RuleTurn turn, CancellationToken cancellation)
    {
        // An annotation may be empty, so the builder, which drops what is empty, is not for them. The names are sorted already.
        var annotations = new Label[rule.AnnotationTexts.Length];
        for (var i = 0; i < annotations.Length; i++)
            annotations[i] = new Label(rule.Annotations[i].Name, await ExpandAsync(rule.AnnotationTexts[i], data, turn, cancellation).ConfigureAwait(false));
        return LabelSet.FromSortedUnchecked(annotations);
    }

    private static async ValueTask<string> ExpandAsync(TemplatedText text, RuleTemplateData data, RuleTurn turn, CancellationToken cancellation)
    {
        if (text.IsPlain)
            return text.Source;
        var expanded = await text.ExpandAsync(data, cancellation).ConfigureAwait(false);
        turn.Expansions++;
        if (expanded.Error is not null)
            turn.FailedExpansions++;
        return expanded.Text;
    }

    private async ValueTask<QueryResult> QueryAsync(string query, TimestampMs at, CancellationToken cancellation)
    {
        var parsed = PromQLParser.Parse(query, settings.Parser);
        if (!parsed.Success)
            return Failed(new QueryError(QueryErrorKind.BadData, parsed.ErrorText));
        var results = await queries.RunAsync(
            [new QueryRequest { Expression = parsed.Expr, Text = ExprPrinter.Print(parsed.Expr), Start = at.Value }], cancellation).ConfigureAwait(false);
        var result = results[0];
        if (!result.IsSuccess)
            return result;
        return RuleVector.Of(result.Value) is { } vector
            ? result with { Value = vector }
            : Failed(new QueryError(QueryErrorKind.BadData, "rule result is not a vector or scalar"));
    }

    private static QueryResult Failed(QueryError error) => new(null, error, [], [], QueryStats.None);
}
