using ActorMon.Actors.Alerting;
using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.History;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Host.Ports;

/// <summary>What silences can do beyond the original: read from this node's view, changed through their owner.</summary>
public sealed class SilencePort(AlertingRuntime runtime, SilenceOwner owner, IAlertmanager alertmanager) : ISilenceEditPort, IRecurringSilencePort, IAcknowledgementPort
{
    public ValueTask<SilenceDecision> EditAsync(SilenceProposal proposal, CancellationToken cancellation) => owner.ChangeAsync(SilenceAction.Edit, proposal, cancellation);

    public async ValueTask<IReadOnlyList<Silence>> VersionsAsync(string id, CancellationToken cancellation)
    {
        await owner.KnowAsync(cancellation);
        return runtime.Views.AskRegister((_, register) => register.Silences.Versions(id));
    }

    public async ValueTask<IReadOnlyList<RecurringSilence>> RecurringAsync(CancellationToken cancellation)
    {
        await owner.KnowAsync(cancellation);
        return runtime.Views.AskRegister<IReadOnlyList<RecurringSilence>>((_, register) => [.. register.Recurring.All]);
    }

    public ValueTask<SilenceDecision> SetRecurringAsync(RecurringProposal proposal, CancellationToken cancellation) => owner.ChangeAsync(
        new ChangeSilence(0, SilenceAction.SetRecurring, SilenceOwner.Named(proposal.Id)) { Recurring = proposal },
        static (register, decision) => register.Recurring.Get(decision.Id) is not null, cancellation);

    public async ValueTask<bool> DeleteRecurringAsync(string id, CancellationToken cancellation) => (await owner.ChangeAsync(
        new ChangeSilence(0, SilenceAction.DeleteRecurring, SilenceOwner.Named(id)),
        static (register, decision) => register.Recurring.Get(decision.Id) is null, cancellation)).Refusal == SilenceRefusal.None;

    public async ValueTask<Partial<IReadOnlyList<Acknowledgement>>> ListAsync(CancellationToken cancellation)
    {
        await owner.KnowAsync(cancellation);
        return new(runtime.Views.AskRegister<IReadOnlyList<Acknowledgement>>((_, register) => [.. register.Acknowledged.All]), []);
    }

    public async ValueTask<string?> AcknowledgeAsync(LabelSet labels, string who, string comment, DateTimeOffset? until, CancellationToken cancellation)
    {
        var now = runtime.Time.GetUtcNow();
        var (facts, _) = await alertmanager.FactsAsync(labels, cancellation);
        var (store, error) = AcknowledgementBook.Decide(facts.Alert, who, comment, now, until);
        if (store is null)
            return error;
        var decision = await owner.ChangeAsync(
            new ChangeSilence(0, SilenceAction.Acknowledge, SilenceOwner.Named("")) { Acknowledgement = store },
            (register, _) => store.Equals(register.Acknowledged.Get(labels)), cancellation);
        if (decision.Refusal != SilenceRefusal.None)
            return decision.Error;
        runtime.Trail.Add(new AlertEvent(now, AlertEventKind.Acknowledged, labels) { By = [who], Detail = comment });
        return null;
    }

    public async ValueTask<bool> ReleaseAsync(LabelSet labels, CancellationToken cancellation)
    {
        var now = runtime.Time.GetUtcNow();
        var decision = await owner.ChangeAsync(
            new ChangeSilence(0, SilenceAction.Release, SilenceOwner.Named("")) { Acknowledgement = new Acknowledgement(labels, "", "", now) },
            (register, _) => register.Acknowledged.Get(labels) is null, cancellation);
        if (decision.Refusal == SilenceRefusal.None)
            runtime.Trail.Add(new AlertEvent(now, AlertEventKind.Unacknowledged, labels));
        return decision.Refusal == SilenceRefusal.None;
    }
}
