using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Protocol.Alerting;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Actors.Alerting;

/// <summary>What people change.</summary>
public sealed partial class SilenceRegistryActor
{
    private void OnChange(ChangeSilence change)
    {
        if (!_isRecovered)
            return;
        var now = Now;
        var (decision, happens) = change.Action switch
        {
            SilenceAction.Set => Stored(_register.Silences.DecideSet(change.Proposal, now, Guid.NewGuid().ToString())),
            SilenceAction.Expire => Stored(_register.Silences.DecideExpire(change.Proposal.Id, now)),
            SilenceAction.Edit => Stored(_register.Silences.DecideEdit(change.Proposal, now)),
            SilenceAction.Delete => Known(
                change.Proposal.Id, _register.Silences.Get(change.Proposal.Id) is not null, "silence not found", new SilenceChange([], [change.Proposal.Id])),
            SilenceAction.SetRecurring when change.Recurring is { } recurring => SetRecurring(recurring, now),
            SilenceAction.DeleteRecurring => DeleteRecurring(change.Proposal.Id, now),
            SilenceAction.Acknowledge when change.Acknowledgement is { } acknowledgement =>
                (new SilenceDecision("", []), SilenceChange.None with { Acknowledged = [acknowledgement] }),
            SilenceAction.Release when change.Acknowledgement is { Labels: var labels } => Known(
                "", _register.Acknowledged.Get(labels) is not null, "nobody looks after this alert", SilenceChange.None with { Released = [labels] }),
            _ => (Refused(SilenceRefusal.Invalid, $"this node does not know how to {change.Action} a silence: it is of an earlier version"), SilenceChange.None),
        };
        Happen(happens);
        _answers.Enqueue((_number, Sender, new SilenceChanged(change.Correlation, decision)));
        Release();
    }

    private static (SilenceDecision, SilenceChange) Stored(SilenceDecision decision) => (decision, new SilenceChange(decision.Store, []));

    private static (SilenceDecision, SilenceChange) Known(string id, bool isKnown, string error, SilenceChange happens) =>
        isKnown ? (new SilenceDecision(id, []), happens) : (Refused(SilenceRefusal.NotFound, error), SilenceChange.None);

    private static SilenceDecision Refused(SilenceRefusal refusal, string error) => new("", [], refusal, error);

    private (SilenceDecision, SilenceChange) SetRecurring(RecurringProposal proposal, DateTimeOffset now)
    {
        var (silence, refusal, error) = _register.Recurring.Decide(proposal, _runtime.Syntax, now, Guid.NewGuid().ToString());
        if (silence is null)
            return (Refused(refusal, error), SilenceChange.None);
        // What it plans is part of the same change: who made it finds its next occurrence.
        _register.Recurring.Apply(silence);
        var planned = _register.Recurring.Plan(_register.Silences, now);
        return (new SilenceDecision(silence.Id, planned), new SilenceChange(planned, []) { Recurring = [silence] });
    }

    /// <summary>Its occurrences end with it.</summary>
    private (SilenceDecision, SilenceChange) DeleteRecurring(string id, DateTimeOffset now)
    {
        if (!_register.Recurring.Remove(id))
            return (Refused(SilenceRefusal.NotFound, "recurring silence not found"), SilenceChange.None);
        var ended = _register.Recurring.Plan(_register.Silences, now);
        return (new SilenceDecision(id, ended), new SilenceChange(ended, []) { RecurringRemoved = [id] });
    }
}
