using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/status/*: configuration, flags, runtime, build, head of the storage.</summary>
public sealed class StatusEndpoints(INodePort node, IStoragePort storage)
{
    public Task ConfigAsync(HttpContext context, string _) => ApiResponse.SuccessAsync(
        context,
        json =>
        {
            json.Raw("{\"yaml\":"u8);
            json.String(node.ConfigYaml);
            json.Raw((byte)'}');
        },
        context.RequestAborted);

    public Task FlagsAsync(HttpContext context, string _) => ApiResponse.SuccessAsync(
        context, json => Object(json, node.Flags.OrderBy(f => f.Key, StringComparer.Ordinal)), context.RequestAborted);

    public Task BuildAsync(HttpContext context, string _) => ApiResponse.SuccessAsync(context, json => WriteBuild(json, node.Build), context.RequestAborted);

    public static void WriteBuild(JsonOut json, BuildStatus build) => Object(json, [
        new("version", build.Version), new("revision", build.Revision), new("branch", build.Branch), new("buildUser", build.User),
        new("buildDate", build.Date), new("goVersion", build.Runtime),
    ]);

    public Task RuntimeAsync(HttpContext context, string _)
    {
        var runtime = node.Runtime();
        return ApiResponse.SuccessAsync(
            context,
            json =>
            {
                json.Raw("{\"startTime\":"u8);
                json.String(TimeText.Rfc3339(runtime.StartTime));
                json.Raw(",\"CWD\":"u8);
                json.String(runtime.WorkingDirectory);
                json.Raw(",\"hostname\":"u8);
                json.String(runtime.HostName);
                json.Raw(",\"serverTime\":"u8);
                json.String(TimeText.Rfc3339(runtime.ServerTime));
                json.Raw(",\"reloadConfigSuccess\":"u8);
                json.Bool(runtime.ReloadSuccessful);
                json.Raw(",\"lastConfigTime\":"u8);
                json.String(TimeText.Rfc3339(runtime.LastReload));
                json.Raw(",\"corruptionCount\":"u8);
                json.Number(runtime.Corruptions);
                // The names are Go's; clients parse them, so the nearest facts of this runtime stand there.
                json.Raw(",\"goroutineCount\":"u8);
                json.Number((long)runtime.Threads);
                json.Raw(",\"GOMAXPROCS\":"u8);
                json.Number((long)runtime.Processors);
                json.Raw(",\"GOMEMLIMIT\":"u8);
                json.Number(runtime.MemoryLimit);
                json.Raw(",\"GOGC\":\"\",\"GODEBUG\":\"\",\"storageRetention\":"u8);
                json.String(runtime.Retention);
                json.Raw((byte)'}');
            },
            context.RequestAborted);
    }

    public async Task TsdbAsync(HttpContext context, string _)
    {
        var (top, error) = TopParameter.Read(context.Request.Query["limit"].ToString());
        if (error is not null)
        {
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
            return;
        }
        var head = storage.Head(top);
        await ApiResponse.SuccessAsync(
            context,
            json =>
            {
                json.Raw("{\"headStats\":{\"numSeries\":"u8);
                json.Number(head.Series);
                json.Raw(",\"numLabelPairs\":"u8);
                json.Number(head.LabelPairs);
                json.Raw(",\"chunkCount\":"u8);
                json.Number(head.Chunks);
                json.Raw(",\"minTime\":"u8);
                json.Number(head.MinTime);
                json.Raw(",\"maxTime\":"u8);
                json.Number(head.MaxTime);
                json.Raw((byte)'}');
                List(json, "seriesCountByMetricName", head.SeriesByMetric);
                List(json, "labelValueCountByLabelName", head.ValuesByLabel);
                List(json, "memoryInBytesByLabelName", head.MemoryByLabel);
                List(json, "seriesCountByLabelValuePair", head.SeriesByPair);
                json.Raw((byte)'}');
            },
            context.RequestAborted);
    }

    private static void List(JsonOut json, string name, IReadOnlyList<NamedCount> rows)
    {
        json.Raw((byte)',');
        json.Name(name);
        json.Raw((byte)'[');
        for (var i = 0; i < rows.Count; i++)
        {
            json.Raw(i > 0 ? ",{\"name\":"u8 : "{\"name\":"u8);
            json.String(rows[i].Name);
            json.Raw(",\"value\":"u8);
            json.Number(rows[i].Value);
            json.Raw((byte)'}');
        }
        json.Raw((byte)']');
    }

    private static void Object(JsonOut json, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        json.Raw((byte)'{');
        var first = true;
        foreach (var (name, value) in pairs)
        {
            if (!first)
                json.Raw((byte)',');
            first = false;
            json.Name(name);
            json.String(value);
        }
        json.Raw((byte)'}');
    }
}
