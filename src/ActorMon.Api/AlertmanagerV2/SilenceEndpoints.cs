using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Api.AlertManagement;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.AlertmanagerV2;

/// <summary>GET and POST /silences, GET and DELETE /silence/{silenceID}.</summary>
/// <param name="recurring">Null: a silence comes once.</param>
internal sealed class SilenceEndpoints(IRecurringSilencePort? recurring, ApiSettings settings, TimeProvider time)
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
        var rules = await RecurringAsync(shown.Exists(RecurringSilence.IsOccurrence), context.RequestAborted);
        await V2Answer.ListAsync(context, shown, (json, silence) => V2Json.Silence(json, silence, now, RuleOf(silence, rules)));
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
        // The first time of one that recurs may be over.
        if (proposal.Recurrence is null && proposal.EndsAt < time.GetUtcNow())
        {
            await V2Answer.TextAsync(context, 400, "Failed to create silence: end time can't be in the past");
            return;
        }
        if (proposal.Recurrence is not null)
            await RecurAsync(context, proposal);
        else
            await AnswerAsync(context, await alertmanager.SetSilenceAsync(proposal, context.RequestAborted));
    }

    public async Task GetAsync(HttpContext context, string id, IAlertmanager alertmanager)
    {
        if (!await IsUuidAsync(context, id))
            return;
        if (await alertmanager.SilenceAsync(id.ToLowerInvariant(), context.RequestAborted) is { } silence)
        {
            var rule = RuleOf(silence, await RecurringAsync(RecurringSilence.IsOccurrence(silence), context.RequestAborted));
            await V2Answer.JsonAsync(context, json => V2Json.Silence(json, silence, time.GetUtcNow(), rule));
        }
        else
            context.Response.StatusCode = 404;
    }

    /// <summary>Answered with the id of the next occurrence, which is a silence as any other.</summary>
    private async Task RecurAsync(HttpContext context, SilenceProposal proposal)
    {
        if (recurring is null || proposal.Id.Length > 0)
        {
            await V2Answer.TextAsync(context, 400, "invalid silence: a recurrence is changed below /api/v1/alertmanager/recurring-silences");
            return;
        }
        var (decision, error) = await RecurringSilenceEndpoints.ProposeAsync(recurring, proposal, "", context.RequestAborted);
        if (decision is null)
            await V2Answer.TextAsync(context, 400, error!);
        else
            await AnswerAsync(context, decision.Refusal != SilenceRefusal.None ? decision : decision with
            {
                Id = decision.Store.Where(silence => silence.Annotations.Get(RecurringSilence.Annotation) == decision.Id).MinBy(silence => silence.StartsAt)?.Id ?? decision.Id,
            });
    }

    private static Task AnswerAsync(HttpContext context, SilenceDecision decision) => decision.Refusal == SilenceRefusal.None
        ? V2Answer.JsonAsync(context, json => JsonObject.Begin(json).Field("silenceID", decision.Id).End())
        : V2Answer.TextAsync(context, decision.Refusal == SilenceRefusal.NotFound ? 404 : 400, decision.Error);

    private async ValueTask<IReadOnlyList<RecurringSilence>> RecurringAsync(bool areAsked, CancellationToken cancellation) =>
        areAsked && recurring is not null ? await recurring.RecurringAsync(cancellation) : [];

    private static RecurringSilence? RuleOf(Silence silence, IReadOnlyList<RecurringSilence> rules) =>
        RecurringSilence.IsOccurrence(silence) ? rules.FirstOrDefault(rule => rule.Id == silence.Annotations.Get(RecurringSilence.Annotation)) : null;

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
