using ActorMon.Alerting.Silences;

namespace ActorMon.Api.Ports;

/// <summary>Silences that keep their id whatever changes, and what they were before.</summary>
public interface ISilenceEditPort
{
    /// <summary>Changes a silence under its id, its matchers too; done when it is stored.</summary>
    ValueTask<SilenceDecision> EditAsync(SilenceProposal proposal, CancellationToken cancellation);

    /// <summary>What a silence was and is, the oldest first; empty: there is none of this id.</summary>
    ValueTask<IReadOnlyList<Silence>> VersionsAsync(string id, CancellationToken cancellation);
}
