using System.Globalization;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Api.AlertmanagerV2;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using ActorMon.Model.Time;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertManagement;

/// <summary>/recurring-silences and /recurring-silences/{id} below /api/v1/alertmanager.</summary>
internal sealed class RecurringSilenceEndpoints(IRecurringSilencePort port, ApiSettings settings, TimeProvider time)
{
    /// <summary>Next to come first.</summary>
    public async Task ListAsync(HttpContext context, string _)
    {
        var now = time.GetUtcNow();
        var all = (await port.RecurringAsync(context.RequestAborted)).Select(silence => (Silence: silence, Next: silence.Next(now)))
            .OrderBy(one => one.Next?.StartsAt ?? DateTimeOffset.MaxValue).ThenBy(one => one.Silence.Id, StringComparer.Ordinal).ToArray();
        await ApiResponse.SuccessAsync(context, json => JsonObject.Begin(json).List("silences", all, Write).End(), context.RequestAborted);
    }

    /// <summary>The body is that of POST /api/v2/silences with a recurrence; start and end are those of the first time.</summary>
    public Task PostAsync(HttpContext context, string _) => SetAsync(context, "");

    /// <summary>As <see cref="PostAsync"/>, in place of what there is: occurrences that are open follow it.</summary>
    public Task PutAsync(HttpContext context, string id) => SetAsync(context, id);

    /// <summary>Its occurrences end with it.</summary>
    public async Task DeleteAsync(HttpContext context, string id)
    {
        if (await port.DeleteRecurringAsync(id, context.RequestAborted))
            context.Response.StatusCode = 204;
        else
            await NotFoundAsync(context, "recurring silence not found");
    }

    private async Task SetAsync(HttpContext context, string id)
    {
        if (await V2Body.ReadAsync(context, "silence", SilenceBody.Parse, settings.AlertmanagerBodyLimit) is not { } posted)
            return;
        var (decision, error) = await ProposeAsync(port, posted, id, context.RequestAborted);
        if (decision is null)
            await ApiResponse.BadDataAsync(context, error!, context.RequestAborted);
        else if (decision.Refusal == SilenceRefusal.None)
            await ApiResponse.SuccessAsync(context, json => JsonObject.Begin(json).Field("id", decision.Id).End(), context.RequestAborted);
        else if (decision.Refusal == SilenceRefusal.NotFound)
            await NotFoundAsync(context, decision.Error);
        else
            await ApiResponse.BadDataAsync(context, decision.Error, context.RequestAborted);
    }

    /// <summary>What the owner decided, or why it was not even asked.</summary>
    internal static async ValueTask<(SilenceDecision? Decision, string? Error)> ProposeAsync(
        IRecurringSilencePort port, SilenceProposal posted, string id, CancellationToken cancellation)
    {
        if (posted.Recurrence is not { } recurrence)
            return (null, "a recurring silence needs a recurrence");
        var (proposal, error) = RecurringProposal.Of(posted, recurrence, id);
        return proposal is null ? (null, "invalid recurring silence: " + error) : (await port.SetRecurringAsync(proposal, cancellation), null);
    }

    private static Task NotFoundAsync(HttpContext context, string error) => ApiResponse.ErrorAsync(context, new ApiError(ApiErrorType.NotFound, error), context.RequestAborted);

    private static void Write(JsonOut json, (RecurringSilence Silence, Occurrence? Next) one)
    {
        var (silence, schedule) = (one.Silence, one.Silence.Schedule);
        JsonObject.Begin(json)
            .Field("id", silence.Id)
            .List("matchers", [.. silence.MatcherSets.Select(set => set.ToString())], ManagementJson.Text)
            .Field("rule", schedule.Rule.Text)
            .Field("timeZone", silence.TimeZone)
            .Field("start", schedule.Start.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture))
            .Field("duration", PrometheusDuration.Format(schedule.Duration))
            .List("except", [.. schedule.Except.Order()], static (j, day) => j.String(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))
            .Field("createdBy", silence.CreatedBy)
            .Field("comment", silence.Comment)
            .Field("updatedAt", silence.UpdatedAt)
            .Field("nextStartsAt", one.Next?.StartsAt)
            .Field("nextEndsAt", one.Next?.EndsAt)
            .End();
    }
}
