using ActorMon.PromQL.Results;
using Akka.Event;

namespace ActorMon.Actors.Query;

/// <summary>Where queries leave traces: the active-query file while they run, the query log and the node's own log (slow ones) when they end.</summary>
/// <param name="SlowFrom">Queries that took at least so long, waiting included, are named in the node's log (actormon.query.slow-threshold); null: none.</param>
public sealed record QueryJournals(ActiveQueryFile? Active, QueryLog? Log, TimeSpan? SlowFrom)
{
    public static readonly QueryJournals None = new(null, null, null);

    public void Ended(QueryRequest request, QueryResult result, TimeSpan queued, ILoggingAdapter log)
    {
        Log?.Write(request, result, queued);
        var took = result.Stats.Total + queued;
        if (SlowFrom is not { } slow || took < slow)
            return;
        log.Warning(
            "Slow query: {Seconds:0.000} s (waited {Queued:0.000} s), {Samples} samples, {Bytes} bytes at most, start {Start}, end {End}, step {Step} ms, from {Client}: {Query}{Error}",
            took.TotalSeconds, queued.TotalSeconds, result.Stats.TotalQueryableSamples, result.Stats.PeakBytes, request.Start, request.IsInstant ? request.Start : request.End,
            request.StepMs, request.Origin?.ClientIp ?? "this node", request.Text, result.Error is { } error ? $" ended with: {error.Text}" : "");
    }
}
