using System.Globalization;
using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using ActorMon.Model.Text;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Cluster;

/// <summary>
/// /api/v1/admin/cluster/*: drain and undrain (node=, default: this one), forget (node=), give_up (partition=). Off unless --web.enable-admin-api. 204: decided and durable.
/// </summary>
public static class ClusterAdminEndpoints
{
    /// <param name="port">Null: no route.</param>
    public static IEnumerable<Route> Routes(IClusterPort? port, ApiSettings settings)
    {
        return port is null ? [] :
        [
            Change("drain", "node", text => OfNode(text, id => new ClusterChange.Drain(id, true), new ClusterChange.Drain(null, true))),
            Change("undrain", "node", text => OfNode(text, id => new ClusterChange.Drain(id, false), new ClusterChange.Drain(null, false))),
            Change("forget", "node", text => OfNode(text, id => new ClusterChange.Forget(id), null)),
            Change("give_up", "partition", text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var partition) ? new ClusterChange.GiveUp(partition) : null),
        ];

        Route Change(string name, string parameter, Func<string, ClusterChange?> changeOf) => new(
            "/api/v1/admin/cluster/" + name, (context, _) => HandleAsync(context, port, settings, parameter, changeOf), false, "POST", "PUT");
    }

    private static ClusterChange? OfNode(string text, Func<Guid, ClusterChange> change, ClusterChange? absent) =>
        text.Length == 0 ? absent : Guid.TryParseExact(text, "D", out var id) ? change(id) : null;

    private static async Task HandleAsync(HttpContext context, IClusterPort port, ApiSettings settings, string parameter, Func<string, ClusterChange?> changeOf)
    {
        if (!settings.EnableAdmin)
        {
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Unavailable, "admin APIs disabled"), context.RequestAborted).ConfigureAwait(false);
            return;
        }
        var (parameters, formError) = await ApiParameters.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        if (parameters is null)
        {
            await ApiResponse.BadDataAsync(context, formError!, context.RequestAborted).ConfigureAwait(false);
            return;
        }
        var text = new ParameterReader(parameters, settings.Parser).Text(parameter);
        if (changeOf(text) is not { } change)
            await ApiResponse.BadDataAsync(context, $"invalid parameter {GoQuote.Quote(parameter)}: {GoQuote.Quote(text)}", context.RequestAborted).ConfigureAwait(false);
        else if (await port.ChangeAsync(change).ConfigureAwait(false) is { } error)
            await ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.Internal, error), context.RequestAborted).ConfigureAwait(false);
        else
            context.Response.StatusCode = 204;
    }
}
