using System.Globalization;
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
        var cost = string.Create(
            CultureInfo.InvariantCulture,
            $"{took.TotalSeconds:0.000} s, {queued.TotalSeconds:0.000} s of them waiting, {result.Stats.TotalQueryableSamples} samples, {result.Stats.PeakBytes} bytes at most");
        var times = string.Create(CultureInfo.InvariantCulture, $"start {request.Start}, end {(request.IsInstant ? request.Start : request.End)}, step {request.StepMs} ms");
        log.Warning(
            "Slow query ({Cost}; {Times}; from {Client}; {Outcome}): {Query}", cost, times, request.Origin?.ClientIp ?? "this node",
            result.Error is { } error ? error.Text : "answered", request.Text);
    }
}
