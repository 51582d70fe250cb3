using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>GET and POST /silences, GET and DELETE /silence/{silenceID}.</summary>
internal sealed class SilenceEndpoints(ApiSettings settings, TimeProvider time)
{
    public async Task ListAsync(HttpContext context, string _, IAlertmanager alertmanager)
    {
        var parameters = new V2Parameters(context, alertmanager.Setup);
        var (filter, error) = parameters.Filter("filter");
        if (filter is null)
        {
            await V2Answer.TextAsync(context, 400, error!);
            return;
        }
        var now = time.GetUtcNow();
        // Matching no state is the same as matching any, as in the original: a query by no states is no query.
        var states = new List<SilenceState>();
        if (parameters.Flag("active"))
            states.Add(SilenceState.Active);
        if (parameters.Flag("pending"))
            states.Add(SilenceState.Pending);
        if (parameters.Flag("expired"))
            states.Add(SilenceState.Expired);
        var shown = (await alertmanager.SilencesAsync(context.RequestAborted))
            .Where(silence => (states.Count == 0 || states.Contains(silence.StateAt(now))) && HasMatchers(silence, filter)).ToList();
        shown.Sort((one, other) => Order(one, other, now));
        await V2Answer.ListAsync(context, shown, (json, silence) => V2Json.Silence(json, silence, now));
    }

    public async Task PostAsync(HttpContext context, string _, IAlertmanager alertmanager)
    {
        if (await V2Body.ReadAsync(context, "silence", SilenceBody.Parse, settings.AlertmanagerBodyLimit) is not { } proposal)
            return;
        if (proposal.StartsAt >= proposal.EndsAt)
        {
            await V2Answer.TextAsync(context, 400, "Failed to create silence: start time must be before end time");
            return;
        }
        if (proposal.EndsAt < time.GetUtcNow())
        {
            await V2Answer.TextAsync(context, 400, "Failed to create silence: end time can't be in the past");
            return;
        }
        var decision = await alertmanager.SetSilenceAsync(proposal, context.RequestAborted);
        if (decision.Refusal == SilenceRefusal.None)
            await V2Answer.JsonAsync(context, json => JsonObject.Begin(json).Field("silenceID", decision.Id).End());
        else
            await V2Answer.TextAsync(context, decision.Refusal == SilenceRefusal.NotFound ? 404 : 400, decision.Error);
    }

    public async Task GetAsync(HttpContext context, string id, IAlertmanager alertmanager)
    {
        if (!await IsUuidAsync(context, id))
            return;
        if (await alertmanager.SilenceAsync(id.ToLowerInvariant(), context.RequestAborted) is { } silence)
            await V2Answer.JsonAsync(context, json => V2Json.Silence(json, silence, time.GetUtcNow()));
        else
            context.Response.StatusCode = 404;
    }

    public async Task ExpireAsync(HttpContext context, string id, IAlertmanager alertmanager)
    {
        if (!await IsUuidAsync(context, id))
            return;
        var decision = await alertmanager.ExpireSilenceAsync(id.ToLowerInvariant(), context.RequestAborted);
        context.Response.StatusCode = decision.Refusal == SilenceRefusal.NotFound ? 404 : 200;
    }

    private static async Task<bool> IsUuidAsync(HttpContext context, string id)
    {
        if (Guid.TryParseExact(id, "D", out _))
            return true;
        await V2Answer.FaultAsync(context, V2Fault.BadType("silenceID", "path", "uuid", id));
        return false;
    }

    /// <summary>A filter of silences asks for the matchers they are made of, not for what they match.</summary>
    private static bool HasMatchers(Silence silence, MatcherSet filter) =>
        silence.MatcherSets.Any(set => filter.Matchers.All(matcher => set.Matchers.Contains(matcher)));

    /// <summary>Active ones, next to end first; pending ones, next to start first; ended ones, last ended first.</summary>
    private static int Order(Silence one, Silence other, DateTimeOffset now)
    {
        var (state, otherState) = (one.StateAt(now), other.StateAt(now));
        var order = state != otherState ? state.CompareTo(otherState) : state switch
        {
            SilenceState.Active => one.EndsAt.CompareTo(other.EndsAt),
            SilenceState.Pending => one.StartsAt.CompareTo(other.StartsAt),
            _ => other.EndsAt.CompareTo(one.EndsAt),
        };
        return order != 0 ? order : string.CompareOrdinal(one.Id, other.Id);
    }
}
