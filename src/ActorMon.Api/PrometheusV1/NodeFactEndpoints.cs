using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Matchers;
using ActorMon.Model.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/features, status/walreplay and status/self_metrics.</summary>
public sealed class NodeFactEndpoints(INodePort node, ApiSettings settings, MetricRegistry metrics)
{
    public Task FeaturesAsync(HttpContext context, string _) => ApiResponse.SuccessAsync(
        context,
        json =>
        {
            json.Raw((byte)'{');
            var first = true;
            foreach (var (category, features) in settings.FeatureList.OrderBy(c => c.Key, StringComparer.Ordinal))
            {
                if (!first)
                    json.Raw((byte)',');
                first = false;
                json.Name(category);
                Flags(json, features);
            }
            json.Raw((byte)'}');
        },
        context.RequestAborted);

    public Task ReplayAsync(HttpContext context, string _)
    {
        var replay = node.Replay;
        return ApiResponse.SuccessAsync(
            context,
            json =>
            {
                json.Raw("{\"min\":0,\"max\":"u8);
                json.Number((long)replay.All);
                json.Raw(",\"current\":"u8);
                json.Number((long)replay.Done);
                json.Raw((byte)'}');
            },
            context.RequestAborted);
    }

    public async Task SelfMetricsAsync(HttpContext context, string _)
    {
        var cancellation = context.RequestAborted;
        var (parameters, error) = await ApiParameters.ReadAsync(context.Request, cancellation);
        AnchoredRegex? pattern = null;
        if (parameters?.Get("metric_name_pattern") is { Length: > 0 } text)
        {
            try
            {
                pattern = AnchoredRegex.Parse(text);
            }
            catch (FormatException e)
            {
                error = "invalid metric_name_pattern: " + e.Message;
            }
        }
        if (error is not null)
        {
            await ApiResponse.BadDataAsync(context, error, cancellation);
            return;
        }
        await ApiResponse.SuccessAsync(context, json => SelfMetricsJson.Write(json, metrics.Collect().Where(f => pattern is null || pattern.IsMatch(f.Name))), cancellation);
    }

    private static void Flags(JsonOut json, IReadOnlyDictionary<string, bool> flags)
    {
        json.Raw((byte)'{');
        var first = true;
        foreach (var (name, on) in flags.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (!first)
                json.Raw((byte)',');
            first = false;
            json.Name(name);
            json.Bool(on);
        }
        json.Raw((byte)'}');
    }
}
