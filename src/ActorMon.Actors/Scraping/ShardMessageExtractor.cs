using System.Globalization;
using ActorMon.Protocol.Scraping;
using Akka.Cluster.Sharding;

namespace ActorMon.Actors.Scraping;

/// <summary>A scrape shard is one entity: entity id = shard id = its number.</summary>
public sealed class ShardMessageExtractor : IMessageExtractor
{
    public string? EntityId(object message) => (message as ScrapingProtocol.IShardMessage)?.Shard.ToString(CultureInfo.InvariantCulture);

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
