using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/alertmanagers: where alerts are sent, and what relabelling dropped.</summary>
public sealed class AlertmanagersEndpoint(IAlertmanagersPort? alertmanagers)
{
    public Task HandleAsync(HttpContext context, string _)
    {
        var known = alertmanagers?.Known ?? new KnownAlertmanagers([], []);
        return ApiResponse.SuccessAsync(context, json =>
        {
            json.Raw("{\"activeAlertmanagers\":["u8);
            Urls(json, known.Active);
            json.Raw("],\"droppedAlertmanagers\":["u8);
            Urls(json, known.Dropped);
            json.Raw("]}"u8);
        }, context.RequestAborted);
    }

    private static void Urls(JsonOut json, IReadOnlyList<string> urls)
    {
        for (var i = 0; i < urls.Count; i++)
        {
            json.Raw(i == 0 ? "{\"url\":"u8 : ",{\"url\":"u8);
            json.String(urls[i]);
            json.Raw((byte)'}');
        }
    }
}
