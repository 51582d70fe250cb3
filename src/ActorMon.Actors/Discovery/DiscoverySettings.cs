using ActorMon.Actors.Control;
using ActorMon.Actors.Scraping;
using ActorMon.Discovery;

namespace ActorMon.Actors.Discovery;

/// <param name="ScrapeShards">Number of scrape shards.</param>
/// <param name="FirstSync">How long the first set of targets waits for more to be discovered.</param>
/// <param name="SyncInterval">Least time between two assignments (--scrape.discovery-reload-interval).</param>
/// <param name="MinBackoff">Before a crashed discoverer starts again; doubles up to <paramref name="MaxBackoff"/>.</param>
public sealed record DiscoverySettings(
    int ScrapeShards, TimeSpan FirstSync, TimeSpan SyncInterval, TimeSpan MinBackoff, TimeSpan MaxBackoff, ConfigurationStore Configuration, DiscoveryContext Context,
    TargetBoard Board, ScrapeMetrics ScrapeMetrics, DiscoveryMetrics Metrics, TimeProvider Time);
