using ActorMon.Actors.Control;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Layouts;
using ActorMon.Tsdb.Cardinality;

namespace ActorMon.Actors.Scraping;

/// <summary>What all targets of a node share. Immutable; every part is thread-safe.</summary>
public sealed record ScrapeRuntime(
    ConfigurationStore Configuration, TargetBoard Board, ScrapeMetrics Metrics, ScrapeClients Clients, FailureLogs FailureLogs, LayoutNumbers Layouts,
    ScraperOptions Options, TimeProvider Time)
{
    /// <summary>When the node's scraping began, by the monotonic clock of <see cref="Time"/>.</summary>
    public long Began { get; } = Time.GetTimestamp();

    /// <summary>Told of series that targets no longer have; null: nobody counts them.</summary>
    public SeriesChurn? Churn { get; init; }

    /// <summary>The dispatcher that targets run on.</summary>
    public string Dispatcher { get; init; } = Akka.Dispatch.Dispatchers.DefaultDispatcherId;
}

/// <param name="ReportInterval">How often a shard reports its state to Control.</param>
/// <param name="MinBackoff">Before a target's crashed actor is started again the first time; doubles to <paramref name="MaxBackoff"/>.</param>
public sealed record ScrapeShardSettings(TimeSpan ReportInterval, TimeSpan MinBackoff, TimeSpan MaxBackoff);
