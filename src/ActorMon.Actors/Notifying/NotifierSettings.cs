using ActorMon.Actors.Control;
using ActorMon.Discovery;
using ActorMon.Http;
using ActorMon.Notifying.Options;

namespace ActorMon.Actors.Notifying;

/// <summary>What the notifier of a node is built from.</summary>
/// <param name="ExternalUrl">Under which this server is reached, without a slash at its end; links of alerts begin with it.</param>
/// <param name="MaySend">False while the node does not know whether others evaluate its rules by now: alerts wait then.</param>
public sealed record NotifierSettings(
    ConfigurationStore Configuration, NotifierDiscovery Discovery, QueueOptions Queue, string ExternalUrl, string UserAgent, Func<bool> MaySend, HttpClientContext Http,
    NotifierBoard Board, NotifierMetrics Metrics, TimeProvider Time)
{
    /// <summary>What waits for an Alertmanager that goes, or when the node stops, is sent (--alertmanager.drain-notification-queue-on-shutdown), else dropped.</summary>
    public bool Drains { get; init; } = true;

    /// <summary>How often a node that may not send looks whether it may.</summary>
    public TimeSpan HoldInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Before a crashed Alertmanager's actor starts again.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
}

/// <summary>How Alertmanagers are found.</summary>
/// <param name="FirstSync">How long a first finding waits for more.</param>
/// <param name="SyncInterval">Least time between two changes of the set.</param>
public sealed record NotifierDiscovery(DiscoveryContext Context, Discovery.DiscoveryMetrics Metrics, TimeSpan FirstSync, TimeSpan SyncInterval, Backoff Backoff);
