using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Names;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.PromQL.Parsing;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/series, labels, label/{name}/values, metadata, query_exemplars: what is stored, without samples.</summary>
public sealed class LabelEndpoints(IStoragePort storage, ApiSettings settings)
{
    private const string Truncated = "results truncated due to limit";

    public Task SeriesAsync(HttpContext context, string _) => WithParameters(context, async reader =>
    {
        reader.RequireSoundForm();
        if (reader.All("match[]").Count == 0)
            reader.FailPlain("no match[] parameter provided");
        var limit = reader.Limit();
        var (min, max) = Range(reader);
        var sets = reader.MatcherSets(named: true);
        var deny = reader.DeniesPartial(settings.DenyPartial);
        if (reader.Error is { } error)
        {
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
            return;
        }
        var (series, missing) = await storage.SeriesAsync(sets, min, max, context.RequestAborted);
        if (await IncompleteReads.RefusedAsync(context, deny, missing))
            return;
        var shown = Shown(series.Count, limit);
        await ApiResponse.StreamAsync(
            context,
            async (json, flush) =>
            {
                json.Raw((byte)'[');
                for (var i = 0; i < shown; i++)
                {
                    if (i > 0)
                        json.Raw((byte)',');
                    LabelsJson.Write(json, series[i]);
                    await flush();
                }
                json.Raw((byte)']');
            },
            context.RequestAborted, Warnings(missing, shown < series.Count));
    });

    public Task NamesAsync(HttpContext context, string _) => WithParameters(context, async reader =>
    {
        var limit = reader.Limit();
        var (min, max) = Range(reader);
        var sets = reader.MatcherSets(named: false);
        var deny = reader.DeniesPartial(settings.DenyPartial);
        if (reader.Error is { } error)
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
        else
            await StringsAsync(context, await storage.LabelNamesAsync(sets, min, max, context.RequestAborted), deny, limit);
    });

    public Task ValuesAsync(HttpContext context, string name) => WithParameters(context, async reader =>
    {
        if (name.StartsWith("U__", StringComparison.Ordinal))
            name = NameEscaping.Unescape(name, EscapingScheme.Values);
        if (!NameValidator.IsValidLabelName(name, NameValidation.Utf8))
            reader.FailPlain("invalid label name: " + GoQuote.Quote(name));
        var limit = reader.Limit();
        var (min, max) = Range(reader);
        var sets = reader.MatcherSets(named: false);
        var deny = reader.DeniesPartial(settings.DenyPartial);
        if (reader.Error is { } error)
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
        else
            await StringsAsync(context, await storage.LabelValuesAsync(name, sets, min, max, context.RequestAborted), deny, limit);
    });

    public Task MetadataAsync(HttpContext context, string _) => WithParameters(context, async reader =>
    {
        var limit = reader.Integer("limit", -1, "limit must be a number");
        var perMetric = reader.Integer("limit_per_metric", -1, "limit_per_metric must be a number");
        var deny = reader.DeniesPartial(settings.DenyPartial);
        if (reader.Error is { } error)
        {
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
            return;
        }
        var metric = reader.Text("metric");
        var (families, missing) = await storage.MetadataAsync(metric.Length > 0 ? metric : null, context.RequestAborted);
        if (!await IncompleteReads.RefusedAsync(context, deny, missing))
            await ApiResponse.SuccessAsync(context, json => WriteMetadata(json, families, limit, perMetric), context.RequestAborted, missing);
    });

    public Task ExemplarsAsync(HttpContext context, string _) => WithParameters(context, async reader =>
    {
        var (min, max) = Range(reader);
        if (reader.Error is null && max < min)
            reader.FailPlain("end timestamp must not be before start timestamp");
        var deny = reader.DeniesPartial(settings.DenyPartial);
        IReadOnlyList<IReadOnlyList<Matcher>> selectors = [.. SelectorExtraction.Of(reader.Query("query", named: false)).Select(s => s.Matchers)];
        if (reader.Error is { } error)
        {
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
            return;
        }
        if (selectors.Count == 0)
        {
            context.Response.StatusCode = 204;
            return;
        }
        var (found, missing) = await storage.ExemplarsAsync(selectors, min, max, context.RequestAborted);
        if (await IncompleteReads.RefusedAsync(context, deny, missing))
            return;
        await ApiResponse.SuccessAsync(context, json => JsonList.Write(json, found, ExemplarsOfSeries), context.RequestAborted, missing);
    });

    private static void ExemplarsOfSeries(JsonOut json, ExemplarSeries series) => JsonObject.Begin(json).Field("seriesLabels", series.Series, LabelsJson.Write)
        .List("exemplars", series.Exemplars, static (json, exemplar) => JsonObject.Begin(json).Field("labels", exemplar.Labels, LabelsJson.Write)
            .Field("value", exemplar.Value, static (json, value) => json.SampleValue(value))
            .Field("timestamp", exemplar.Timestamp.Value, static (json, time) => json.Timestamp(time)).End()).End();

    /// <summary>{family: [{type, help, unit}]}; families sorted by name.</summary>
    private static void WriteMetadata(JsonOut json, IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> families, int limit, int perMetric)
    {
        var shown = JsonObject.Begin(json);
        foreach (var (family, entries) in families.OrderBy(f => f.Key, StringComparer.Ordinal).Take(limit >= 0 ? limit : int.MaxValue))
            shown = shown.List(family, entries, MetadataJson.Write, perMetric > 0 ? perMetric : int.MaxValue);
        shown.End();
    }

    private static async Task StringsAsync(HttpContext context, Partial<IReadOnlyList<string>> answer, bool deny, int limit)
    {
        var (values, missing) = answer;
        if (await IncompleteReads.RefusedAsync(context, deny, missing))
            return;
        var shown = Shown(values.Count, limit);
        await ApiResponse.SuccessAsync(
            context,
            json => JsonList.Write(json, values, static (json, value) => json.String(value), shown),
            context.RequestAborted, Warnings(missing, shown < values.Count));
    }

    private async Task WithParameters(HttpContext context, Func<ParameterReader, Task> handle)
    {
        var (parameters, formError) = await ApiParameters.ReadAsync(context.Request, context.RequestAborted);
        if (parameters is null)
            await ApiResponse.BadDataAsync(context, formError!, context.RequestAborted);
        else
            await handle(new ParameterReader(parameters, settings.Parser));
    }

    private static (TimestampMs Min, TimestampMs Max) Range(ParameterReader reader) => (reader.Time("start", TimestampMs.Min), reader.Time("end", TimestampMs.Max));

    private static IReadOnlyList<string> Warnings(IReadOnlyList<string> missing, bool truncated) => truncated ? [.. missing, Truncated] : missing;

    private static int Shown(int count, int limit) => limit > 0 ? Math.Min(count, limit) : count;
}
