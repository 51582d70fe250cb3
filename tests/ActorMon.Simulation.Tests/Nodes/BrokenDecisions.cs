using ActorMon.Replication.Map;

namespace ActorMon.Simulation.Tests.Nodes;

/// <summary>Decisions of a map that leaves a rule out.</summary>
public static class BrokenDecisions
{
    public static MapDecision Change(BrokenRule broken, PartitionMap map, MapCommand command, MapDecision decision) => broken switch
    {
        BrokenRule.LastCopy => Each(decision, s => s with { Copies = [.. s.Copies.Select(c => c.State == CopyState.Lost ? c with { State = CopyState.Stale } : c)] }),
        BrokenRule.Confirming when command is CaughtUp => Each(decision, s => s with { Copies = [.. s.Copies.Select(c => c.State == CopyState.Confirming ? c with { State = CopyState.InSync, Admitted = s.Epoch } : c)] }),
        BrokenRule.Grant when command is SteppedOut => Each(decision, s => s with { Copies = [.. s.Copies.Select(c => c.State is CopyState.Lost or CopyState.Stale && c.Slot == ((SteppedOut)command).Copy.Slot ? c with { State = CopyState.Dropping } : c)] }),
        BrokenRule.ComparedAnew when command is MergedAwaited => Each(decision, s => s with
        {
            Copies = [.. s.Copies.Select(c => c.State == CopyState.Confirming ? c with { Since = map[((MergedAwaited)command).Copy.Partition].OnSlot(c.Slot)!.Since } : c)],
        }),
        BrokenRule.RestartedInSync when command is NodeUp up => Each(decision, s => s with
        {
            Copies = [.. s.Copies.Select(c => c.Holder == up.Node.Current && c.State == CopyState.Stale && c.Admitted > 0 ? c with { State = CopyState.InSync, Receives = s.Epoch } : c)],
        }),
        _ => decision,
    };

    private static MapDecision Each(MapDecision decision, Func<PartitionState, PartitionState> change) =>
        decision with { Events = [.. decision.Events.Select(e => e is PartitionSet set ? set with { State = change(set.State) } : e)] };
}
