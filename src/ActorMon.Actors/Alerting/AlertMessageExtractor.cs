using System.Globalization;
using ActorMon.Protocol.Alerting;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorMon.Actors.Alerting;

/// <summary>Each shard of alerts is an entity in a shard of the region of its own, and so is the owner of the silences.</summary>
public sealed class AlertMessageExtractor : IMessageExtractor
{
    private const string SilencesId = "silences";

    public string? EntityId(object message) => message is AlertingProtocol.IAlertEntityMessage { Shard: var shard }
        ? shard == AlertingProtocol.Silences ? SilencesId : shard.ToString(CultureInfo.InvariantCulture)
        : null;

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;

    public static Props PropsOf(string entityId, AlertingRuntime runtime, IActorRef region) => entityId == SilencesId
        ? SilenceRegistryActor.Props(runtime, region)
        : AlertShardActor.Props(int.Parse(entityId, CultureInfo.InvariantCulture), runtime, region);
}
