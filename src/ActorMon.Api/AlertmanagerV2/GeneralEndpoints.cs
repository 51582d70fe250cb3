using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Views;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Api.PrometheusV1;
using ActorMon.Model.Labels;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>GET /status and /receivers, and what the original says where it has no route.</summary>
internal sealed class GeneralEndpoints(INodePort node)
{
    private const string Removed =
        "The Alertmanager v1 API was deprecated in version 0.16.0 and is removed as of version 0.27.0 - please use the equivalent route in the v2 API";

    public async Task StatusAsync(HttpContext context, string _, IAlertmanager alertmanager)
    {
        var status = await alertmanager.StatusAsync(context.RequestAborted);
        await V2Answer.JsonAsync(context, json => JsonObject.Begin(json)
            .Field("cluster", status, Cluster)
            .Field("config", alertmanager.Setup.Text, (j, text) => JsonObject.Begin(j).Field("original", text).End())
            .Field("uptime", V2Time.Write(status.StartedAt))
            .Field("versionInfo", node.Build, StatusEndpoints.WriteBuild)
            .End());
    }

    public async Task ReceiversAsync(HttpContext context, string _, IAlertmanager alertmanager)
    {
        var (receivers, error) = new V2Parameters(context, alertmanager.Setup).Receivers(byName: false);
        if (error is not null)
            await V2Answer.TextAsync(context, 400, error);
        else
            await V2Answer.ListAsync(context, receivers ?? alertmanager.Setup.Config.Receivers, Receiver);
    }

    public static Task NotFoundAsync(HttpContext context, string _) => V2Answer.FaultAsync(context, new V2Fault(404, 404, $"path {context.Request.Path} was not found"));

    public static RouteHandler WrongMethod(params string[] methods) => (context, _) =>
        V2Answer.FaultAsync(context, new V2Fault(405, 405, $"method {context.Request.Method} is not allowed, but [{string.Join(',', methods)}] are"));

    /// <summary>Every route of the first API: gone.</summary>
    public static Task GoneAsync(HttpContext context, string _) =>
        V2Answer.JsonAsync(context, json => JsonObject.Begin(json).Field("status", "deprecated").Field("error", Removed).End(), 410);

    private static void Cluster(JsonOut json, AlertmanagerStatus status)
    {
        var cluster = JsonObject.Begin(json);
        if (status.Name.Length > 0)
            cluster = cluster.Field("name", status.Name);
        cluster.List("peers", [.. status.Peers.OrderBy(peer => peer.Name, StringComparer.Ordinal)], (j, peer) => JsonObject.Begin(j).Field("address", peer.Address).Field("name", peer.Name).End())
            .Field("status", status.Readiness switch { ClusterReadiness.Ready => "ready", ClusterReadiness.Settling => "settling", _ => "disabled" })
            .End();
    }

    private static void Receiver(JsonOut json, ReceiverSettings receiver) => JsonObject.Begin(json)
        .Field("labels", LabelSet.From(receiver.Labels), LabelsJson.Write)
        .Field("name", receiver.Name)
        .End();
}
