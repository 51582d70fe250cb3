using ActorMon.Api.Http;
using ActorMon.Api.Management;
using ActorMon.Api.Ports;
using ActorMon.Model.Telemetry;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>
/// The Alertmanager's API, at the root and below /alertmanager, where the original's other routes are too: a client is given one of the two as its address.
/// </summary>
internal static class AlertmanagerRoutes
{
    private const string Below = "/alertmanager";

    public static IEnumerable<Route> Of(ApiPorts ports, ManagementEndpoints management, ApiSettings settings, MetricRegistry metrics, TimeProvider time)
    {
        var gate = new V2Gate(ports.Alertmanager, settings, metrics, time);
        var general = new GeneralEndpoints(ports.Node);
        var alerts = new AlertEndpoints(settings, metrics, time);
        var silences = new SilenceEndpoints(ports.RecurringSilences, settings, time);
        return
        [
            .. V2("", gate, general, alerts, silences),
            .. V2(Below, gate, general, alerts, silences),
            .. new[] { "status", "receivers", "alerts", "alerts/groups", "silences", "silence/{id}" }
                .Select(path => new Route($"{Below}/api/v1/{path}", GeneralEndpoints.GoneAsync, false, "GET", "POST", "DELETE")),
            new(Below + "/-/healthy", management.AlertmanagerHealthyAsync, false, "GET"),
            new(Below + "/-/ready", management.AlertmanagerReadyAsync, false, "GET"),
            new(Below + "/-/reload", management.AlertmanagerReloadAsync, false, "POST"),
            new(Below + "/metrics", management.MetricsAsync, false, "GET"),
        ];
    }

    private static IEnumerable<Route> V2(string prefix, V2Gate gate, GeneralEndpoints general, AlertEndpoints alerts, SilenceEndpoints silences)
    {
        yield return Of("/status", ("GET", general.StatusAsync));
        yield return Of("/receivers", ("GET", general.ReceiversAsync));
        yield return Of("/alerts", ("POST", alerts.PostAsync), ("GET", alerts.ListAsync));
        yield return Of("/alerts/groups", ("GET", alerts.GroupsAsync));
        yield return Of("/silences", ("POST", silences.PostAsync), ("GET", silences.ListAsync));
        yield return Of("/silence/{silenceID}", ("DELETE", silences.ExpireAsync), ("GET", silences.GetAsync));
        yield return new Route(prefix + "/api/v2/{path}", GeneralEndpoints.NotFoundAsync, false, "GET", "POST", "DELETE") { WrongMethod = GeneralEndpoints.NotFoundAsync };

        Route Of(string path, params (string Method, V2Handler Handler)[] handlers)
        {
            var methods = handlers.Select(handler => handler.Method).ToArray();
            return new Route(prefix + "/api/v2" + path, gate.Guard("/api/v2" + path, ByMethod(handlers)), true, methods) { WrongMethod = GeneralEndpoints.WrongMethod(methods) };
        }
    }

    private static V2Handler ByMethod((string Method, V2Handler Handler)[] handlers) => (context, parameter, alertmanager) =>
        // HEAD comes as a GET whose body is not sent.
        handlers.FirstOrDefault(handler => handler.Method == context.Request.Method, handlers[^1]).Handler(context, parameter, alertmanager);
}
