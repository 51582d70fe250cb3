using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;

namespace ActorMon.Api.Ports;

/// <summary>Silences that come again.</summary>
public interface IRecurringSilencePort
{
    /// <summary>In any order.</summary>
    ValueTask<IReadOnlyList<RecurringSilence>> RecurringAsync(CancellationToken cancellation);

    /// <summary>Creates or changes one; done when it is stored. The decision's id is that of the recurring silence, stored are the occurrences that are made or changed.</summary>
    ValueTask<SilenceDecision> SetRecurringAsync(RecurringProposal proposal, CancellationToken cancellation);

    /// <summary>Its occurrences end with it. False: there is none of this id.</summary>
    ValueTask<bool> DeleteRecurringAsync(string id, CancellationToken cancellation);
}
