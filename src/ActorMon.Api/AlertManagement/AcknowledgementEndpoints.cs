using ActorMon.Alerting.Acknowledgements;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertManagement;

/// <summary>Who looks after which alert: /acknowledgements, /acknowledge and /unacknowledge below /api/v1/alertmanager.</summary>
internal sealed class AcknowledgementEndpoints(IAcknowledgementPort port, ApiSettings settings)
{
    /// <summary>The latest first.</summary>
    public Task ListAsync(HttpContext context, string _) => ClusterAnswer.WriteAsync<IReadOnlyList<Acknowledgement>>(
        context, settings,
        reader => port.ListAsync,
        (list, warnings) => ApiResponse.SuccessAsync(
            context,
            json => JsonObject.Begin(json).List("acknowledgements", [.. list.OrderByDescending(one => one.At)], ManagementJson.Acknowledged).End(),
            context.RequestAborted, warnings));

    /// <summary>labels (all of the alert, as a JSON object), owner, comment, until (RFC 3339 or Unix seconds; with the alert when absent). 204: it is stored.</summary>
    public Task SetAsync(HttpContext context, string _) => ChangeAsync(context, async (labels, parameters) =>
    {
        DateTimeOffset? until = null;
        if (parameters.Get("until") is { Length: > 0 } text)
        {
            if (ApiParameters.ParseTime(text) is not { } time || time.Value > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() || time.Value < 0)
                return $"invalid parameter \"until\": cannot parse {GoQuote.Quote(text)} to a valid timestamp";
            until = DateTimeOffset.FromUnixTimeMilliseconds(time.Value);
        }
        return await port.AcknowledgeAsync(labels, parameters.Get("owner"), parameters.Get("comment"), until, context.RequestAborted);
    });

    /// <summary>labels. 204: it is released.</summary>
    public Task ReleaseAsync(HttpContext context, string _) => ChangeAsync(
        context, async (labels, parameters) => await port.ReleaseAsync(labels, context.RequestAborted) ? null : "nobody looks after this alert");

    private static async Task ChangeAsync(HttpContext context, Func<LabelSet, ApiParameters, ValueTask<string?>> change)
    {
        var (parameters, error) = await ApiParameters.ReadAsync(context.Request, context.RequestAborted);
        LabelSet? labels = null;
        if (parameters is not null)
            (labels, error) = LabelsParameter.Parse(parameters.Get("labels"));
        if (error is null)
            error = await change(labels!, parameters!);
        if (error is null)
            context.Response.StatusCode = 204;
        else
            await ApiResponse.BadDataAsync(context, error, context.RequestAborted);
    }
}
