using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Reading;

/// <summary>Reads of other nodes as metrics.</summary>
public sealed class ReadMetrics(MetricRegistry registry)
{
    public Counter Asked { get; } = registry.Counter("actormon_cluster_reads_total", "Requests to other nodes for series, samples and what is known of them.");

    public Counter Failed { get; } = registry.Counter("actormon_cluster_read_failures_total", "Those that failed; the next holder was asked.");

    public Counter Fragments { get; } = registry.Counter("actormon_cluster_fragments_total", "Parts of queries that were asked for where their series are.");

    public Counter FragmentsDeclined { get; } = registry.Counter("actormon_cluster_fragments_declined_total", "Those that some node declined or could not answer; their samples were read.");

    public Counter Received { get; } = registry.Counter("actormon_cluster_read_bytes_total", "Bytes of other nodes' answers to queries.");

    public Counter Incomplete { get; } = registry.Counter("actormon_cluster_incomplete_reads_total", "Reads for which no holder of some partition was within reach.");
}
