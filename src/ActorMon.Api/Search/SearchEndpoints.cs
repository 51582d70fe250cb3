using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Reading;
using ActorMon.Model.Text;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Search;

/// <summary>
/// /api/v1/search/metric_names, label_names, label_values (--enable-feature=search-api): names that fit a few letters, for completion. Newline-delimited JSON: batches
/// {results}, then {status, has_more}.
/// </summary>
public sealed class SearchEndpoints(IStoragePort storage, ApiSettings settings, TimeProvider time)
{
    public Task MetricNamesAsync(HttpContext context, string _) => HandleAsync(
        context, "metric_names", "name",
        (search, _) => storage.LabelValuesAsync(LabelNames.MetricName, search.MatcherSets, search.Start, search.End, context.RequestAborted),
        withMetadata: true);

    public Task LabelNamesAsync(HttpContext context, string _) => HandleAsync(
        context, "label_names", "name", (search, _) => storage.LabelNamesAsync(search.MatcherSets, search.Start, search.End, context.RequestAborted));

    public Task LabelValuesAsync(HttpContext context, string _) => HandleAsync(
        context, "label_values", "value",
        (search, reader) => storage.LabelValuesAsync(reader.Text("label"), search.MatcherSets, search.Start, search.End, context.RequestAborted), needsLabel: true);

    private async Task HandleAsync(
        HttpContext context, string endpoint, string key, Func<SearchParameters, ParameterReader, ValueTask<Partial<IReadOnlyList<string>>>> values, bool withMetadata = false,
        bool needsLabel = false)
    {
        var cancellation = context.RequestAborted;
        if (!settings.EnableSearch)
        {
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Unavailable, "search API disabled"), cancellation);
            return;
        }
        var (parameters, formError) = await ApiParameters.ReadAsync(context.Request, cancellation);
        if (parameters is null)
        {
            await ApiResponse.BadDataAsync(context, formError!, cancellation);
            return;
        }
        var reader = new ParameterReader(parameters, settings.Parser);
        var search = SearchParameters.Read(reader, endpoint, time.GetUtcNow(), settings.MaxSearchLimit);
        var includeMetadata = withMetadata && reader.Bool("include_metadata", false);
        if (needsLabel && reader.Text("label").Length == 0)
            reader.FailPlain("missing required parameter \"label\"");
        var deny = reader.DeniesPartial(settings.DenyPartial);
        if (reader.Error is { } error)
        {
            await ApiResponse.BadDataAsync(context, error, cancellation);
            return;
        }
        var (found, missing) = await values(search, reader);
        if (await IncompleteReads.RefusedAsync(context, deny, missing))
            return;
        var hits = Hits(found, search, out var hasMore);
        var metadata = includeMetadata && hits.Count > 0 ? (await storage.MetadataAsync(null, cancellation)).Value : null;
        await WriteAsync(context, search, hits, hasMore, key, metadata, missing);
    }

    /// <summary>The first hits in the order asked for. Values come sorted.</summary>
    private static List<(string Value, double Score)> Hits(IReadOnlyList<string> values, SearchParameters search, out bool hasMore)
    {
        var hits = new List<(string Value, double Score)>();
        hasMore = false;
        for (var i = 0; i < values.Count; i++)
        {
            var value = values[search.Order == SearchOrder.Descending ? values.Count - 1 - i : i];
            if (!search.Filter.Accept(value, out var score))
                continue;
            hits.Add((value, score));
            // In the order of the values the rest need not be looked at.
            if (search.Order != SearchOrder.Score && hits.Count > search.Limit)
                break;
        }
        if (search.Order == SearchOrder.Score)
            hits.Sort(static (a, b) => b.Score.CompareTo(a.Score) is var order && order != 0 ? order : ByteText.Compare(a.Value, b.Value));
        hasMore = hits.Count > search.Limit;
        return hasMore ? hits[..search.Limit] : hits;
    }

    private static async Task WriteAsync(
        HttpContext context, SearchParameters search, List<(string Value, double Score)> hits, bool hasMore, string key, IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>? metadata,
        IReadOnlyList<string> missing)
    {
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        var json = new JsonOut(context.Response.BodyWriter);
        var at = 0;
        do
        {
            json.Raw("{\"results\":["u8);
            for (var i = 0; i < search.BatchSize && at < hits.Count; i++, at++)
            {
                json.Raw(i > 0 ? ",{"u8 : "{"u8);
                json.Name(key);
                json.String(hits[at].Value);
                if (search.IncludeScore)
                {
                    json.Raw(",\"score\":"u8);
                    json.Number(hits[at].Score);
                }
                if (metadata is not null && metadata.TryGetValue(hits[at].Value, out var entries) && entries.Count > 0)
                    WriteMetadata(json, entries[0]);
                json.Raw((byte)'}');
            }
            json.Raw("]}\n"u8);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        while (at < hits.Count);
        json.Raw(hasMore ? "{\"status\":\"success\",\"has_more\":true"u8 : "{\"status\":\"success\",\"has_more\":false"u8);
        for (var i = 0; i < missing.Count; i++)
        {
            json.Raw(i == 0 ? ",\"warnings\":["u8 : ","u8);
            json.String(missing[i]);
        }
        json.Raw(missing.Count > 0 ? "]}\n"u8 : "}\n"u8);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void WriteMetadata(JsonOut json, MetricMetadata metadata)
    {
        json.Raw(",\"type\":"u8);
        json.String(MetricTypeNames.NameOf(metadata.Type));
        if (metadata.Help.Length > 0)
        {
            json.Raw(",\"help\":"u8);
            json.String(metadata.Help);
        }
        if (metadata.Unit.Length > 0)
        {
            json.Raw(",\"unit\":"u8);
            json.String(metadata.Unit);
        }
    }
}
