using ActorMon.Model.Reading;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Results;
using Akka.Actor;
using static ActorMon.Protocol.Query.QueryProtocol;

namespace ActorMon.Actors.Query;

/// <param name="MaxConcurrency">Queries that run at once (--query.max-concurrency).</param>
/// <param name="MaxQueued">Queries that wait for a place (actormon.query.max-queued); further ones are refused.</param>
/// <param name="MaxTimeout">Longest time of a query, waiting included (--query.timeout).</param>
public sealed record QuerySettings(int MaxConcurrency, int MaxQueued, TimeSpan MaxTimeout);

/// <summary>What a query runs with.</summary>
/// <param name="Scheduler">Runs evaluations on their own bounded set of threads, so that no query delays a heartbeat or a scrape.</param>
public sealed record QueryRuntime(QueryEngine Engine, ISeriesSource Source, TaskScheduler Scheduler, TimeProvider Time, QueryMetrics Metrics);

/// <summary>
/// Admits the node's queries: at most MaxConcurrency run, at most MaxQueued wait, the rest is refused at once. Each running query is a child that ends with it.
/// A query that crashes answers with an error and takes nothing else along.
/// </summary>
public sealed class QuerySupervisorActor : ReceiveActor
{
    private readonly QuerySettings _settings;
    private readonly QueryRuntime _runtime;
    private readonly Queue<Waiting> _waiting = new();
    private int _running;

    public QuerySupervisorActor(QuerySettings settings, QueryRuntime runtime)
    {
        _settings = settings;
        _runtime = runtime;
        Receive<RunQuery>(OnRun);
        Receive<Terminated>(_ => OnQueryEnded());
    }

    private readonly record struct Waiting(RunQuery Query, IActorRef Requester, long Since);

    public static Props Props(QuerySettings settings, QueryRuntime runtime) => Akka.Actor.Props.Create(() => new QuerySupervisorActor(settings, runtime));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void OnRun(RunQuery query)
    {
        var waiting = new Waiting(query, Sender, _runtime.Time.GetTimestamp());
        if (_running < _settings.MaxConcurrency)
        {
            _runtime.Metrics.Entered();
            Start(waiting);
        }
        else if (_waiting.Count < _settings.MaxQueued)
        {
            _runtime.Metrics.Entered();
            _waiting.Enqueue(waiting);
        }
        else
        {
            _runtime.Metrics.Refused.Add();
            Sender.Tell(Failed(
                QueryErrorKind.Timeout,
                $"too many queries: {_running} run (--query.max-concurrency) and {_waiting.Count} wait (actormon.query.max-queued)", TimeSpan.Zero));
        }
    }

    private void OnQueryEnded()
    {
        _running--;
        _runtime.Metrics.Left();
        while (_running < _settings.MaxConcurrency && _waiting.TryDequeue(out var next))
        {
            var queued = _runtime.Time.GetElapsedTime(next.Since);
            if (next.Query.Cancellation.IsCancellationRequested)
                next.Requester.Tell(Failed(QueryErrorKind.Canceled, "query was canceled in query queue", queued));
            else if (queued >= next.Query.Timeout)
                next.Requester.Tell(Failed(QueryErrorKind.Timeout, "query timed out in query queue", queued));
            else
            {
                Start(next);
                continue;
            }
            _runtime.Metrics.Left();
        }
    }

    private void Start(Waiting query)
    {
        _running++;
        var queued = _runtime.Time.GetElapsedTime(query.Since);
        Context.Watch(Context.ActorOf(QueryActor.Props(query.Query, query.Requester, queued, _runtime)));
    }

    private static QueryDone Failed(QueryErrorKind kind, string text, TimeSpan queued) => new(new QueryResult(null, new QueryError(kind, text), [], [], QueryStats.None), queued);
}
