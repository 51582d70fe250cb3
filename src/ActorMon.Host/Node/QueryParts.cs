using ActorMon.Actors.Query;
using ActorMon.Model.Memory;
using ActorMon.Model.Reading;
using ActorMon.Model.Telemetry;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Results;

namespace ActorMon.Host.Node;

/// <summary>What queries run with: engine, memory, turns of heavy ones, journals. Lives as long as the process.</summary>
/// <param name="Unfinished">The queries that ran when the process before this one ended without a chance to say so, as JSON; null: none.</param>
public sealed record QueryParts(QueryRuntime Runtime, string? Unfinished) : IDisposable
{
    private const string ActiveFile = "queries.active";

    /// <summary>What all queries of the node may hold.</summary>
    public static QueryMemory MemoryOf(NodeSettings settings, MemoryBudget budget, MetricRegistry registry)
    {
        var memory = new QueryMemory(budget, settings.QueryMemoryPerQuery ?? (budget.Limit / 2));
        QueryMetrics.RegisterMemory(registry, memory);
        return memory;
    }

    public static QueryParts Create(
        NodeOptions options, NodeSettings settings, string dataDirectory, Func<string?> queryLogFile, ISeriesSource series, QueryMemory memory, QueryFeatures features, MetricRegistry registry,
        TimeProvider time)
    {
        var cores = Math.Max(1, Environment.ProcessorCount);
        var engine = new QueryEngine(
            new QueryEngineOptions
            {
                LookbackMs = (long)options.LookbackDelta.TotalMilliseconds,
                MaxSamples = options.QueryMaxSamples,
                Timeout = options.QueryTimeout,
                Features = features,
                Memory = memory,
                HeavyLane = new HeavyLane(cores),
                PushDown = settings.PushDown,
            },
            time);
        // Small queries compute on threads of the pool that scrapes and HTTP share: on the request's own while a turn is free, else as many at once as there are
        // cores. Heavy ones have threads of their own.
        var threads = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, cores);
        var active = ActiveQueryFile.Open(Path.Combine(dataDirectory, ActiveFile), options.QueryConcurrency, time, out var unfinished);
        var journals = new QueryJournals(active, new QueryLog(queryLogFile, registry, time), settings.SlowQueryThreshold);
        var runtime = new QueryRuntime(engine, series, threads.ConcurrentScheduler, time, new QueryMetrics(registry, time, options.QueryConcurrency)) { Journals = journals, Turns = new InlineTurns(cores) };
        return new QueryParts(runtime, unfinished);
    }

    public void Dispose()
    {
        Runtime.Journals.Active?.Dispose();
        Runtime.Journals.Log?.Dispose();
        Runtime.Engine.Options.HeavyLane?.Dispose();
    }
}
