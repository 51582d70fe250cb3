using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Shards;

namespace ActorMon.Actors.Alerting;

/// <summary>The built-in Alertmanager by one version of the configuration.</summary>
/// <param name="Integrations">Of a receiver, by its name; thread-safe. A receiver that is not there has none.</param>
public sealed record AlertmanagerConfiguration(ShardConfiguration Shards, Func<string, IReadOnlyList<IIntegration>> Integrations)
{
    public IIntegration? Find(SendKey key) => Integrations(key.Receiver).FirstOrDefault(i => i.Type == key.Type && i.Index == key.Index);
}
