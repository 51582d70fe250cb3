using ActorMon.Model.Telemetry;

namespace ActorMon.Actors.Query;

/// <summary>Query engine metrics under the original's names.</summary>
public sealed class QueryMetrics
{
    private static readonly double[] Quantiles = [0.5, 0.9, 0.99];

    private static readonly double[] Bounds = [0.01, 0.1, 1, 10];

    private readonly Labelled<QuantileSummary> _durations;
    private readonly Labelled<BucketHistogram> _histogram;
    private int _running;

    public QueryMetrics(MetricRegistry registry, TimeProvider time, int maxConcurrency)
    {
        registry.Gauge("prometheus_engine_queries", "The current number of queries being executed or waiting.", () => Volatile.Read(ref _running));
        registry.Gauge("prometheus_engine_queries_concurrent_max", "The max number of concurrent queries.", () => maxConcurrency);
        _durations = registry.Summaries("prometheus_engine_query_duration_seconds", "Query timings.", time, Quantiles, "slice");
        _histogram = registry.Histograms("prometheus_engine_query_duration_histogram_seconds", "The duration of various parts of PromQL query execution.", Bounds, "slice");
        Samples = registry.Counter("prometheus_engine_query_samples_total", "The total number of samples loaded by all queries.");
        SamplesRead = registry.Counter("prometheus_engine_query_samples_read_total", "The total number of samples read by all queries, those of overlapping windows once.");
        Killed = registry.Counter("actormon_queries_killed_total", "Queries ended through the API.");
        Refused = registry.Counter("actormon_queries_refused_total", "Queries refused because too many were waiting.");
        foreach (var slice in new[] { "inner_eval", "prepare_time", "queue_time", "result_sort" })
        {
            _durations.With(slice);
            _histogram.With(slice);
        }
    }

    public Counter Samples { get; }

    public Counter SamplesRead { get; }

    public Counter Refused { get; }

    public Counter Killed { get; }

    /// <summary>The node's memory for queries as metrics.</summary>
    public static void RegisterMemory(MetricRegistry registry, PromQL.Execution.QueryMemory memory)
    {
        registry.Gauge("actormon_query_memory_bytes", "Bytes that running queries and their results have reserved.", () => memory.Used);
        var budget = memory.Budget;
        registry.Gauge("actormon_memory_budget_bytes", "Bytes that queries and the cache of pages share.", () => budget.Limit);
        registry.Gauge("actormon_memory_reserved_bytes", "Bytes of the budget that are reserved; a cache holds of the rest.", () => budget.Reserved);
        registry.Counter("actormon_memory_refused_total", "Reservations that found no room in the budget.", () => budget.Refused);
    }

    /// <summary>How long one part of a query took.</summary>
    public void Observe(string slice, TimeSpan took)
    {
        _durations.With(slice).Observe(took.TotalSeconds);
        _histogram.With(slice).Observe(took.TotalSeconds);
    }

    public void Entered() => Interlocked.Increment(ref _running);

    public void Left() => Interlocked.Decrement(ref _running);
}
