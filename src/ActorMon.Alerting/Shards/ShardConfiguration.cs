using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Routing;
using ActorMon.Alerting.Times;

namespace ActorMon.Alerting.Shards;

/// <summary>What shards need of one version of the configuration. Immutable.</summary>
public sealed class ShardConfiguration(long version, AlertingConfig config)
{
    private readonly Dictionary<string, ReceiverSettings> _receivers = config.Receivers.ToDictionary(r => r.Name, StringComparer.Ordinal);

    /// <summary>Grows with every change.</summary>
    public long Version { get; } = version;

    public AlertingConfig Config { get; } = config;

    public RoutingTree Tree { get; } = new(config.Route);

    public TimeIntervals Intervals { get; } = new(config.TimeIntervals);

    /// <summary>Null: there is none of this name.</summary>
    public ReceiverSettings? Receiver(string name) => _receivers.GetValueOrDefault(name);
}
