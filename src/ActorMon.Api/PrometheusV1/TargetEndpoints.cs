using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Text;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/targets, scrape_pools, scrape_pools/config.</summary>
public sealed class TargetEndpoints(ITargetsPort targets, INodePort node, ApiSettings settings)
{
    public Task TargetsAsync(HttpContext context, string _)
    {
        var (state, pool) = ("", "");
        return ClusterAnswer.WriteAsync<KnownTargets>(
            context, settings,
            reader =>
            {
                (state, pool) = (reader.Text("state").ToLowerInvariant(), reader.Text("scrapePool"));
                return targets.TargetsAsync;
            },
            (known, missing) => WriteAsync(context, known, missing, state, pool));
    }

    private Task WriteAsync(HttpContext context, KnownTargets known, IReadOnlyList<string> missing, string state, string pool)
    {
        var showActive = state is "" or "any" or "active";
        var showDropped = state is "" or "any" or "dropped";
        var active = showActive ? known.Active.Where(t => pool.Length == 0 || t.Job == pool).ToList() : [];
        var dropped = showDropped ? known.Dropped.Where(t => pool.Length == 0 || t.Job == pool).ToList() : [];
        return ApiResponse.StreamAsync(
            context,
            async (json, flush) =>
            {
                json.Raw("{\"activeTargets\":["u8);
                for (var i = 0; i < active.Count; i++)
                {
                    if (i > 0)
                        json.Raw((byte)',');
                    Write(json, active[i]);
                    await flush();
                }
                json.Raw("],\"droppedTargets\":["u8);
                for (var i = 0; i < dropped.Count; i++)
                {
                    json.Raw(i > 0 ? ",{\"discoveredLabels\":"u8 : "{\"discoveredLabels\":"u8);
                    LabelsJson.Write(json, dropped[i].Discovered);
                    json.Raw(",\"scrapePool\":"u8);
                    json.String(dropped[i].Job);
                    json.Raw((byte)'}');
                    await flush();
                }
                json.Raw("],\"droppedTargetCounts\":"u8);
                Counts(json, known.DroppedCounts, showDropped);
                json.Raw((byte)'}');
            },
            context.RequestAborted, missing);
    }

    public Task PoolsAsync(HttpContext context, string _) => ApiResponse.SuccessAsync(
        context,
        json =>
        {
            json.Raw("{\"scrapePools\":["u8);
            var pools = targets.Pools;
            for (var i = 0; i < pools.Count; i++)
            {
                if (i > 0)
                    json.Raw((byte)',');
                json.String(pools[i]);
            }
            json.Raw("]}"u8);
        },
        context.RequestAborted);

    public async Task PoolConfigAsync(HttpContext context, string _)
    {
        var pool = context.Request.Query["scrapePool"].ToString();
        if (pool.Length == 0)
            await ApiResponse.BadDataAsync(context, "no scrapePool parameter provided", context.RequestAborted);
        else if (node.PoolYaml(pool) is { } yaml)
            await ApiResponse.SuccessAsync(context, json => { json.Raw("{\"yaml\":"u8); json.String(yaml); json.Raw((byte)'}'); }, context.RequestAborted);
        else
            await ApiResponse.BadDataAsync(context, $"error retrieving scrape config: scrape pool {GoQuote.Quote(pool)} not found", context.RequestAborted);
    }

    private static void Write(JsonOut json, ActiveTarget target)
    {
        json.Raw("{\"discoveredLabels\":"u8);
        LabelsJson.Write(json, target.Discovered);
        json.Raw(",\"labels\":"u8);
        LabelsJson.Write(json, target.Labels);
        json.Raw(",\"scrapePool\":"u8);
        json.String(target.Job);
        json.Raw(",\"scrapeUrl\":"u8);
        json.String(target.Url);
        json.Raw(",\"globalUrl\":"u8);
        json.String(target.GlobalUrl);
        json.Raw(",\"lastError\":"u8);
        json.String(target.LastError);
        json.Raw(",\"lastScrape\":"u8);
        json.String(TimeText.Rfc3339(target.LastScrape));
        json.Raw(",\"lastScrapeDuration\":"u8);
        json.Number(target.LastDuration.TotalSeconds);
        json.Raw(",\"health\":"u8);
        json.String(target.Health switch { TargetHealth.Up => "up", TargetHealth.Down => "down", _ => "unknown" });
        json.Raw(",\"scrapeInterval\":"u8);
        json.String(TimeText.Duration(target.Interval));
        json.Raw(",\"scrapeTimeout\":"u8);
        json.String(TimeText.Duration(target.Timeout));
        json.Raw((byte)'}');
    }

    private static void Counts(JsonOut json, IReadOnlyDictionary<string, int> counts, bool shown)
    {
        if (!shown)
        {
            json.Raw("null"u8);
            return;
        }
        json.Raw((byte)'{');
        var first = true;
        foreach (var (job, count) in counts.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            if (!first)
                json.Raw((byte)',');
            first = false;
            json.Name(job);
            json.Number((long)count);
        }
        json.Raw((byte)'}');
    }
}
