using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Links;

/// <summary>Counters of bulk traffic with other nodes: calls are this node's requests to others, requests are the others' to it.</summary>
public sealed class LinkMetrics(MetricRegistry registry)
{
    public Labelled<Counter> Calls { get; } = registry.Counters("actormon_link_calls_total", "Requests to other nodes.", "operation", "peer");

    public Labelled<Counter> CallFailures { get; } = registry.Counters(
        "actormon_link_call_failures_total", "Requests to other nodes that got no answer in time, or a broken one.", "operation", "peer");

    public Labelled<Counter> CallsRefused { get; } = registry.Counters("actormon_link_calls_refused_total", "Requests that another node refused.", "operation", "peer");

    public Labelled<Counter> BytesSent { get; } = registry.Counters("actormon_link_sent_bytes_total", "Bodies of requests to other nodes.", "operation", "peer");

    public Labelled<Counter> BytesReceived { get; } = registry.Counters("actormon_link_received_bytes_total", "Bodies of other nodes' answers.", "operation", "peer");

    public Labelled<Counter> Requests { get; } = registry.Counters("actormon_link_requests_total", "Requests of other nodes.", "operation", "node");

    public Labelled<Counter> RequestsRefused { get; } = registry.Counters("actormon_link_requests_refused_total", "Requests of other nodes that were refused.", "operation", "reason");

    public Labelled<Counter> RequestFailures { get; } = registry.Counters("actormon_link_request_failures_total", "Requests of other nodes at which an operation failed.", "operation");
}
