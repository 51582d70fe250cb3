using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Relabelling;
using ActorMon.Model.Text;
using ActorMon.PromQL.Parsing;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/targets/metadata and /api/v1/targets/relabel_steps.</summary>
public sealed class TargetDetailEndpoints(ITargetsPort targets, ApiSettings settings)
{
    /// <summary>Families by target. The limit is looked at between targets, as in the original, so the last target may exceed it.</summary>
    public Task MetadataAsync(HttpContext context, string _)
    {
        var limit = 0;
        var metric = "";
        IReadOnlyList<Matcher> matchers = [];
        return ClusterAnswer.WriteAsync<IReadOnlyList<TargetFamilies>>(
            context, settings,
            reader =>
            {
                limit = reader.Integer("limit", -1, "limit must be a number");
                if (reader.Text("match_target") is { Length: > 0 } selector)
                {
                    var parsed = PromQLParser.ParseMatchers(selector);
                    matchers = parsed.Matchers ?? [];
                    if (parsed.Matchers is null)
                        reader.Fail("match_target", parsed.ErrorText!);
                }
                metric = reader.Text("metric");
                return targets.FamiliesAsync;
            },
            (families, missing) => WriteAsync(context, families, missing, limit, metric, matchers));
    }

    private static Task WriteAsync(
        HttpContext context, IReadOnlyList<TargetFamilies> families, IReadOnlyList<string> missing, int limit, string metric, IReadOnlyList<Matcher> matchers) =>
        ApiResponse.StreamAsync(
            context,
            async (json, flush) =>
            {
                json.Raw((byte)'[');
                var shown = 0;
                foreach (var target in families)
                {
                    if (limit >= 0 && shown >= limit)
                        break;
                    if (!matchers.All(m => m.Matches(target.Labels.Get(m.Name))))
                        continue;
                    foreach (var (family, metadata) in target.Families)
                    {
                        if (metric.Length > 0 && family != metric)
                            continue;
                        if (shown++ > 0)
                            json.Raw((byte)',');
                        Write(json, target.Labels, metric.Length > 0 ? "" : family, metadata);
                    }
                    await flush();
                }
                json.Raw((byte)']');
            },
            context.RequestAborted, missing);

    /// <summary>What each relabelling rule of a pool makes of a label set; the rules after the one that drops it are shown with keep false.</summary>
    public async Task RelabelStepsAsync(HttpContext context, string _)
    {
        var cancellation = context.RequestAborted;
        var (parameters, formError) = await ApiParameters.ReadAsync(context.Request, cancellation);
        if (parameters is null)
        {
            await ApiResponse.BadDataAsync(context, formError!, cancellation);
            return;
        }
        var pool = parameters.Get("scrapePool");
        var (labels, error) = LabelsParameter.Parse(parameters.Get("labels"));
        var rules = targets.RelabelRules(pool);
        if (pool.Length == 0)
            error = "no scrapePool parameter provided";
        else if (error is null && rules is null)
            error = $"error retrieving scrape config: scrape pool {GoQuote.Quote(pool)} not found";
        if (error is not null)
            await ApiResponse.BadDataAsync(context, error, cancellation);
        else
            await ApiResponse.SuccessAsync(context, json => WriteSteps(json, labels!, rules!), cancellation);
    }

    private static void WriteSteps(JsonOut json, LabelSet labels, IReadOnlyList<RelabelRule> rules)
    {
        json.Raw("{\"steps\":["u8);
        var builder = new LabelSetBuilder(labels);
        var keep = true;
        for (var i = 0; i < rules.Count; i++)
        {
            keep = keep && Relabeller.Apply(builder, [rules[i]]);
            if (i > 0)
                json.Raw((byte)',');
            JsonObject.Begin(json).Field("rule", rules[i], WriteRule).Field("output", keep ? builder.Build() : LabelSet.Empty, LabelsJson.Write).Field("keep", keep).End();
        }
        json.Raw("]}"u8);
    }

    private static void WriteRule(JsonOut json, RelabelRule rule)
    {
        var shown = JsonObject.Begin(json);
        if (rule.SourceLabels.Length > 0)
            shown = shown.List("source_labels", rule.SourceLabels, static (json, name) => json.String(name));
        shown = shown.Field("separator", rule.Separator).Field("regex", rule.Regex.Pattern);
        if (rule.Modulus > 0)
            shown = shown.Field("modulus", (long)rule.Modulus);
        if (rule.TargetLabel.Length > 0)
            shown = shown.Field("target_label", rule.TargetLabel);
        shown.Field("replacement", rule.Replacement).Field("action", rule.Action.ToString().ToLowerInvariant()).End();
    }

    private static void Write(JsonOut json, LabelSet target, string family, MetricMetadata metadata)
    {
        var shown = JsonObject.Begin(json).Field("target", target, LabelsJson.Write);
        if (family.Length > 0)
            shown = shown.Field("metric", family);
        MetadataJson.Fields(shown, metadata).End();
    }
}
