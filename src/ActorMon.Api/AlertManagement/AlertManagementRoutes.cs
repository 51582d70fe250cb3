using ActorMon.Api.AlertmanagerV2;
using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertManagement;

/// <summary>/api/v1/alertmanager/*: what the original has no routes for.</summary>
internal static class AlertManagementRoutes
{
    private const string Prefix = "/api/v1/alertmanager";

    public static IEnumerable<Route> Of(IAlertmanager? alertmanager, ApiSettings settings, TimeProvider time)
    {
        var explain = new ExplainEndpoints(settings, time);
        var silences = new SilenceToolEndpoints(settings, time);
        return
        [
            Get("/explain", explain.ExplainAsync),
            Get("/history", explain.HistoryAsync),
            Get("/lint", explain.LintAsync),
            Get("/silences/preview", silences.PreviewAsync),
            Get("/silences/expiring", silences.ExpiringAsync),
            Silence("/versions", SilenceToolEndpoints.VersionsAsync, "GET"),
            Silence("", silences.ChangeAsync, "PUT", "DELETE"),
        ];

        Route Silence(string path, V2Handler handler, params string[] methods) =>
            new(Prefix + "/silences/{id}" + path, (context, id) => GuardAsync(context, alertmanager, present => handler(context, id, present)), true, methods);

        Route Get(string path, Func<HttpContext, IAlertmanager, Task> handler) =>
            new(Prefix + path, (context, _) => GuardAsync(context, alertmanager, present => handler(context, present)), true, "GET");
    }

    private static async Task GuardAsync(HttpContext context, IAlertmanager? alertmanager, Func<IAlertmanager, Task> handler)
    {
        if (alertmanager is null)
        {
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.NotFound, V2Gate.NotConfigured), context.RequestAborted);
            return;
        }
        try
        {
            await handler(alertmanager);
        }
        catch (TimeoutException e) when (!context.Response.HasStarted)
        {
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Unavailable, e.Message), context.RequestAborted);
        }
    }
}
