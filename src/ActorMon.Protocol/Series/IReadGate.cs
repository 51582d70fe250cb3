using ActorMon.Model.Sharding;

namespace ActorMon.Protocol.Series;

/// <summary>
/// What this node's copies are worth to a reader at the moment of asking. Asked before a view is taken and once more after it: what holds at both has held for the view.
/// </summary>
public interface IReadGate
{
    /// <summary>The copy has everything that was acknowledged to any copy in sync: it is one of them and the node is confirmed by a majority.</summary>
    bool IsCurrent(PartitionId partition);

    /// <summary>And nothing of the partition waits on a copy that is away.</summary>
    bool IsComplete(PartitionId partition);

    /// <summary>The same of every partition.</summary>
    bool AllComplete { get; }
}
