using ActorMon.Api.AlertmanagerV2;
using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertManagement;

/// <summary>/api/v1/alertmanager/*: what the original has no routes for. What the node has no port for has no route.</summary>
internal static class AlertManagementRoutes
{
    private const string Prefix = "/api/v1/alertmanager";

    public static IEnumerable<Route> Of(ApiPorts ports, ApiSettings settings, TimeProvider time)
    {
        var explain = new ExplainEndpoints(settings, time);
        var silences = new SilenceToolEndpoints(settings, time);
        List<Route> routes =
        [
            With("/explain", explain.ExplainAsync),
            With("/history", explain.HistoryAsync),
            With("/lint", explain.LintAsync),
            With("/silences/preview", silences.PreviewAsync),
            With("/silences/expiring", silences.ExpiringAsync),
        ];
        if (ports is { AlertTrials: { } trials, Alertmanager: { } alertmanager })
        {
            var trying = new TrialEndpoints(alertmanager, trials, settings, time);
            routes.Add(Guarded("/test", trying.RehearseAsync, "GET", "POST"));
            routes.Add(Guarded("/test/send", trying.SendAsync, "POST"));
        }
        if (ports.Acknowledgements is { } acknowledging)
        {
            var acknowledgements = new AcknowledgementEndpoints(acknowledging, settings);
            routes.Add(Plain("/acknowledgements", acknowledgements.ListAsync, "GET"));
            routes.Add(Plain("/acknowledge", acknowledgements.SetAsync, "POST"));
            routes.Add(Plain("/unacknowledge", acknowledgements.ReleaseAsync, "POST"));
        }
        if (ports.SilenceEdits is { } editing)
        {
            var edits = new SilenceEditEndpoints(editing, settings);
            routes.Add(Plain("/silences/{id}/versions", edits.VersionsAsync, "GET"));
            routes.Add(Plain("/silences/{id}/edit", edits.EditAsync, "PUT"));
        }
        if (ports.RecurringSilences is { } repeating)
        {
            var recurring = new RecurringSilenceEndpoints(repeating, settings, time);
            routes.Add(Plain("/recurring-silences", ByMethod(("GET", recurring.ListAsync), ("POST", recurring.PostAsync)), "GET", "POST"));
            routes.Add(Plain("/recurring-silences/{id}", ByMethod(("PUT", recurring.PutAsync), ("DELETE", recurring.DeleteAsync)), "PUT", "DELETE"));
        }
        routes.Add(new Route(
            Prefix + "/silences/{id}", (context, id) => GuardAsync(context, ports.Alertmanager, present => SilenceToolEndpoints.DeleteAsync(context, id, present)), true, "DELETE"));
        return routes;

        Route Guarded(string path, RouteHandler handler, params string[] methods) =>
            new(Prefix + path, (context, parameter) => GuardAsync(context, ports.Alertmanager, _ => handler(context, parameter)), true, methods);

        Route With(string path, Func<HttpContext, IAlertmanager, Task> handler) =>
            new(Prefix + path, (context, _) => GuardAsync(context, ports.Alertmanager, present => handler(context, present)), true, "GET");

        Route Plain(string path, RouteHandler handler, params string[] methods) =>
            new(Prefix + path, (context, parameter) => GuardAsync(context, ports.Alertmanager, _ => handler(context, parameter)), true, methods);
    }

    private static RouteHandler ByMethod(params (string Method, RouteHandler Handler)[] handlers) => (context, parameter) =>
        // HEAD comes as a GET whose body is not sent.
        handlers.FirstOrDefault(handler => handler.Method == context.Request.Method, handlers[0]).Handler(context, parameter);

    private static Task GuardAsync(HttpContext context, IAlertmanager? alertmanager, Func<IAlertmanager, Task> handler) => alertmanager is not { IsOn: true }
        ? ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.NotFound, V2Gate.NotConfigured), context.RequestAborted)
        : AnsweringAsync(context, () => handler(alertmanager));

    /// <summary>What the cluster cannot do now is an answer as well.</summary>
    private static async Task AnsweringAsync(HttpContext context, Func<Task> handler)
    {
        try
        {
            await handler();
        }
        catch (TimeoutException e) when (!context.Response.HasStarted)
        {
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Unavailable, e.Message), context.RequestAborted);
        }
    }
}
