using ActorMon.Alerting.History;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Views;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Reading;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertManagement;

/// <summary>What people need to handle silences well: /silences/preview, /silences/expiring and /silences/{id} (DELETE) below /api/v1/alertmanager.</summary>
internal sealed class SilenceToolEndpoints(ApiSettings settings, TimeProvider time)
{
    private const int MostEvents = 100_000;
    private static readonly TimeSpan PastShown = TimeSpan.FromDays(1);
    private static readonly TimeSpan SoonByDefault = TimeSpan.FromHours(1);

    /// <summary>filter: what a silence with these matchers would hold back now, and would have held back in the last 24 hours.</summary>
    public Task PreviewAsync(HttpContext context, IAlertmanager alertmanager) => ClusterAnswer.WriteAsync<SilencePreview>(
        context, settings,
        reader =>
        {
            var filter = ManagementParameters.Filter(reader, alertmanager.Setup.Syntax, required: true);
            return cancellation => PreviewAsync(alertmanager, filter, cancellation);
        },
        (preview, warnings) => ApiResponse.SuccessAsync(
            context,
            json => JsonObject.Begin(json)
                .List("now", preview.Now, ManagementJson.Held)
                .List("past", preview.Past, Past)
                .List("idleMatchers", [.. preview.Idle.Select(matcher => matcher.ToString())], ManagementJson.Text)
                .End(),
            context.RequestAborted, warnings));

    /// <summary>within (a duration, 1h by default): active silences that end by then, next to end first, with the alerts that they alone hold back.</summary>
    public Task ExpiringAsync(HttpContext context, IAlertmanager alertmanager) => ClusterAnswer.WriteAsync<IReadOnlyList<ExpiringSilence>>(
        context, settings,
        reader =>
        {
            var within = reader.Duration("within") ?? SoonByDefault;
            return cancellation => ExpiringAsync(alertmanager, within, cancellation);
        },
        (expiring, warnings) => ApiResponse.SuccessAsync(
            context, json => JsonObject.Begin(json).List("silences", expiring, Expiring).End(), context.RequestAborted, warnings));

    /// <summary>Forgets a silence, whatever its state.</summary>
    public static async Task DeleteAsync(HttpContext context, string id, IAlertmanager alertmanager)
    {
        if (await alertmanager.DeleteSilenceAsync(id, context.RequestAborted))
            context.Response.StatusCode = 204;
        else
            await NotFoundAsync(context);
    }

    internal static Task NotFoundAsync(HttpContext context) =>
        ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.NotFound, "silence not found"), context.RequestAborted);

    private async ValueTask<Partial<SilencePreview>> PreviewAsync(IAlertmanager alertmanager, MatcherSet filter, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (alerts, missing) = await alertmanager.AlertsAsync(AlertQuery.Everything, cancellation);
        var (events, missingEvents) = await alertmanager.HistoryAsync(new HistoryQuery(MatcherSet.Empty, now - PastShown, now, [], MostEvents), cancellation);
        return new(SilencePreview.Of(filter, alerts, events), [.. missing.Concat(missingEvents).Distinct(StringComparer.Ordinal)]);
    }

    private async ValueTask<Partial<IReadOnlyList<ExpiringSilence>>> ExpiringAsync(IAlertmanager alertmanager, TimeSpan within, CancellationToken cancellation)
    {
        var (held, missing) = await alertmanager.AlertsAsync(AlertQuery.Everything with { Active = false }, cancellation);
        return new(ExpiringSilence.Of(await alertmanager.SilencesAsync(cancellation), held, time.GetUtcNow(), within), missing);
    }

    private static void Expiring(JsonOut json, ExpiringSilence expiring) => JsonObject.Begin(json)
        .Field("silence", expiring.Silence, ManagementJson.Silence)
        .List("releases", expiring.Releases, ManagementJson.Held)
        .End();

    private static void Past(JsonOut json, PastAlert alert) =>
        JsonObject.Begin(json).Field("labels", alert.Labels, LabelsJson.Write).Field("first", alert.First).Field("last", alert.Last).End();
}
