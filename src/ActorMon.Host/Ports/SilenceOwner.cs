using ActorMon.Actors.Alerting;
using ActorMon.Alerting.Silences;
using ActorMon.Host.Node;
using static ActorMon.Protocol.Alerting.AlertingProtocol;

namespace ActorMon.Host.Ports;

/// <summary>The way to the owner of the silences and back: who changed something finds it changed in this node's view.</summary>
public sealed class SilenceOwner(AlertingRuntime runtime, Func<ActorNode> actors)
{
    /// <summary>How long the view of the silences may take to follow their owner.</summary>
    private static readonly TimeSpan ViewPatience = TimeSpan.FromSeconds(10);

    /// <summary>Names a silence and nothing else.</summary>
    public static SilenceProposal Named(string id) => new() { Id = id, MatcherSets = [] };

    /// <exception cref="TimeoutException">Nobody answered: nothing is known of the change.</exception>
    public ValueTask<SilenceDecision> ChangeAsync(SilenceAction action, SilenceProposal proposal, CancellationToken cancellation) =>
        ChangeAsync(new ChangeSilence(0, action, proposal), static (_, _) => true, cancellation);

    /// <param name="seen">True when a view has what was decided, beside the silences that were stored.</param>
    /// <exception cref="TimeoutException">Nobody answered: nothing is known of the change.</exception>
    public async ValueTask<SilenceDecision> ChangeAsync(ChangeSilence change, Func<SilenceRegister, SilenceDecision, bool> seen, CancellationToken cancellation)
    {
        var decision = await actors().Alerting.ChangeSilenceAsync(change, cancellation)
            ?? throw new TimeoutException("the owner of the silences does not answer; nothing is known of the change");
        if (decision.Refusal == SilenceRefusal.None)
            // The view hears of it at once, but by another way.
            await runtime.Views.SeesAsync(
                register => seen(register, decision) && (change.Action == SilenceAction.Delete
                    ? register.Silences.Get(decision.Id) is null
                    : decision.Store.All(stored => register.Silences.Get(stored.Id)?.UpdatedAt >= stored.UpdatedAt)),
                ViewPatience, runtime.Time, cancellation);
        return decision;
    }

    /// <summary>A node that has just begun knows no silence yet, which is not the same as that there is none.</summary>
    /// <exception cref="TimeoutException">It does not get to know them.</exception>
    public async ValueTask KnowAsync(CancellationToken cancellation)
    {
        if (!await runtime.Views.SeesAsync(static _ => true, ViewPatience, runtime.Time, cancellation))
            throw new TimeoutException($"the owner of the silences has not told this node of them within {ViewPatience.TotalSeconds:0} s");
    }
}
