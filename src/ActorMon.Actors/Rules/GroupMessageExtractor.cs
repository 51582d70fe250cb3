using System.Globalization;
using ActorMon.Protocol.Rules;
using Akka.Cluster.Sharding;

namespace ActorMon.Actors.Rules;

/// <summary>A rule group is an entity, its id the group's; the first digits of the id choose one of a fixed number of shards.</summary>
public sealed class GroupMessageExtractor : IMessageExtractor
{
    /// <summary>Never changes: it would send a group to two places while old and new nodes are in one cluster.</summary>
    public const int Shards = 64;

    public string? EntityId(object message) => (message as RuleProtocol.IGroupMessage)?.Group;

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message) is { } id ? ShardId(id) : null;

    public string ShardId(string entityId, object? messageHint = null) => ShardOf(entityId).ToString(CultureInfo.InvariantCulture);

    public static int ShardOf(string group) =>
        group.Length >= 4 && int.TryParse(group.AsSpan(0, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digits) ? digits % Shards : 0;
}
