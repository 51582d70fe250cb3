using ActorMon.Model.Ingest;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;
using Akka.Actor;
using static ActorMon.Protocol.Series.LinkProtocol;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Series;

/// <summary>The way to one holder of a partition: its replica's actor on this node, or the link to the node that has it.</summary>
internal sealed class HolderLink(ReplicaId replica, ReplicaHolder holder)
{
    public ReplicaHolder Holder { get; set; } = holder;

    public ReplicaId Replica => replica;

    public byte Bit => (byte)(1 << replica.Replica);

    public bool IsLocal => Holder.Peer is null;

    /// <summary>Takes batches; null while it is away.</summary>
    public IActorRef? Target { get; set; }

    /// <summary>Of the replica's actor, to which everything owed was handed; 0 for a link.</summary>
    public long Session { get; set; }

    /// <param name="terms">By which this node goes.</param>
    public void Send(SampleBatch batch, BatchTerms terms)
    {
        if (Target is not { } target)
            return;
        if (IsLocal)
            target.Tell(new Write(batch, Session, terms));
        else
            target.Tell(new Forward(replica, Holder.Stay, batch, terms.Forgotten));
    }

    public bool IsSameAs(ReplicaHolder other) => other.Slot == Holder.Slot && other.Stay == Holder.Stay && other.Peer == Holder.Peer;
}
