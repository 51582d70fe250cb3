using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/status/*: configuration, flags, runtime and build of this node, heads of the cluster's storage.</summary>
public sealed class StatusEndpoints(INodePort node, IStoragePort storage, ApiSettings settings)
{
    public Task ConfigAsync(HttpContext context, string _) => ApiResponse.SuccessAsync(
        context,
        json => JsonObject.Begin(json).Field("yaml", node.ConfigYaml).End(),
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
            // The names from goroutineCount on are Go's; clients parse them, so the nearest facts of this runtime stand there.
            json => JsonObject.Begin(json)
                .Field("startTime", runtime.StartTime).Field("CWD", runtime.WorkingDirectory).Field("hostname", runtime.HostName).Field("serverTime", runtime.ServerTime)
                .Field("reloadConfigSuccess", runtime.ReloadSuccessful).Field("lastConfigTime", runtime.LastReload).Field("corruptionCount", runtime.Corruptions)
                .Field("goroutineCount", runtime.Threads).Field("GOMAXPROCS", runtime.Processors).Field("GOMEMLIMIT", runtime.MemoryLimit).Field("GOGC", "").Field("GODEBUG", "")
                .Field("storageRetention", runtime.Retention).End(),
            context.RequestAborted);
    }

    public Task TsdbAsync(HttpContext context, string _) => ClusterAnswer.WriteAsync<HeadStatus>(
        context, settings,
        reader =>
        {
            var top = reader.Top();
            return cancellation => storage.HeadAsync(top, cancellation);
        },
        (head, missing) => ApiResponse.SuccessAsync(
            context,
            json => JsonObject.Begin(json).Field("headStats", head, Head)
                .List("seriesCountByMetricName", head.SeriesByMetric, Count).List("labelValueCountByLabelName", head.ValuesByLabel, Count)
                .List("memoryInBytesByLabelName", head.MemoryByLabel, Count).List("seriesCountByLabelValuePair", head.SeriesByPair, Count).End(),
            context.RequestAborted, missing));

    private static void Head(JsonOut json, HeadStatus head) => JsonObject.Begin(json).Field("numSeries", head.Series).Field("numLabelPairs", head.LabelPairs)
        .Field("chunkCount", head.Chunks).Field("minTime", head.MinTime).Field("maxTime", head.MaxTime).End();

    private static void Count(JsonOut json, NamedCount row) => JsonObject.Begin(json).Field("name", row.Name).Field("value", row.Value).End();

    private static void Object(JsonOut json, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var shown = JsonObject.Begin(json);
        foreach (var (name, value) in pairs)
            shown = shown.Field(name, value);
        shown.End();
    }
}
