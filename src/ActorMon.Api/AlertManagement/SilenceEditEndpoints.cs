using ActorMon.Alerting.Silences;
using ActorMon.Api.AlertmanagerV2;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertManagement;

/// <summary>/silences/{id}/edit and /silences/{id}/versions below /api/v1/alertmanager.</summary>
internal sealed class SilenceEditEndpoints(ISilenceEditPort silences, ApiSettings settings)
{
    /// <summary>Changes a silence in place, whatever changes. The body is that of POST /api/v2/silences. 204: it is stored.</summary>
    public async Task EditAsync(HttpContext context, string id)
    {
        if (await V2Body.ReadAsync(context, "silence", SilenceBody.Parse, settings.AlertmanagerBodyLimit) is not { } proposal)
            return;
        if (proposal.Recurrence is not null)
        {
            await ApiResponse.BadDataAsync(context, "a silence does not become a recurring one: post a new one", context.RequestAborted);
            return;
        }
        var decision = await silences.EditAsync(proposal with { Id = id }, context.RequestAborted);
        if (decision.Refusal == SilenceRefusal.None)
            context.Response.StatusCode = 204;
        else if (decision.Refusal == SilenceRefusal.NotFound)
            await SilenceToolEndpoints.NotFoundAsync(context);
        else
            await ApiResponse.BadDataAsync(context, decision.Error, context.RequestAborted);
    }

    /// <summary>What the silence was and is, the oldest first, with what each change changed.</summary>
    public async Task VersionsAsync(HttpContext context, string id)
    {
        var versions = await silences.VersionsAsync(id, context.RequestAborted);
        if (versions.Count == 0)
            await SilenceToolEndpoints.NotFoundAsync(context);
        else
            await ApiResponse.SuccessAsync(context, json => JsonObject.Begin(json).List("versions", SilenceVersion.Of(versions), Version).End(), context.RequestAborted);
    }

    private static void Version(JsonOut json, SilenceVersion version) => JsonObject.Begin(json)
        .Field("at", version.Silence.UpdatedAt)
        .Field("by", version.Silence.CreatedBy)
        .List("changed", version.Changed, ManagementJson.Text)
        .Field("silence", version.Silence, ManagementJson.Silence)
        .End();
}
