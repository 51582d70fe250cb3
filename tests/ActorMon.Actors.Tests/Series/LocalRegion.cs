using ActorMon.Actors.Series;
using Akka.Actor;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Series;

/// <summary>As a shard region does it: an entity is started by its first message and restarted when it crashes.</summary>
internal sealed class LocalRegion : ReceiveActor
{
    public LocalRegion(PartitionReplicaSettings settings)
    {
        Receive<IReplicaMessage>(m =>
        {
            var name = m.Replica.Partition.ToString();
            var child = Context.Child(name);
            (child.IsNobody() ? Context.ActorOf(PartitionReplicaActor.Props(m.Replica.ToString(), settings), name) : child).Forward(m);
        });
    }
}
