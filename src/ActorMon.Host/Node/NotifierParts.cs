using ActorMon.Actors.Control;
using ActorMon.Actors.Notifying;
using ActorMon.Http;
using ActorMon.Model.Telemetry;
using ActorMon.Notifying.Options;

namespace ActorMon.Host.Node;

/// <summary>The notifier of a node from its flags.</summary>
public static class NotifierParts
{
    public static NotifierSettings Of(
        NodeOptions options, ConfigurationStore store, NotifierDiscovery discovery, Func<bool> maySend, MetricRegistry registry, TimeProvider time)
    {
        var queue = new QueueOptions(
            (int)options.Flags.Integer("alertmanager.notification-queue-capacity"), (int)options.Flags.Integer("alertmanager.notification-batch-size"));
        var board = new NotifierBoard();
        return new NotifierSettings(
            store, discovery, queue, options.ExternalUrl.AbsoluteUri.TrimEnd('/'), BuildFacts.UserAgent, maySend, HttpClientContext.Default,
            board, new NotifierMetrics(registry, queue.Capacity, board, time), time)
        {
            Drains = options.Flags.Switch("alertmanager.drain-notification-queue-on-shutdown"),
        };
    }
}
