using ActorMon.Protocol.Series;
using Akka.Cluster.Sharding;

namespace ActorMon.Actors.Series;

/// <summary>A replica is its own shard: entity id = shard id = <c>p/r</c>, so the allocation strategy places every replica by itself.</summary>
public sealed class ReplicaMessageExtractor : IMessageExtractor
{
    public string? EntityId(object message) => (message as SeriesProtocol.IReplicaMessage)?.Replica.ToString();

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
