using ActorMon.PromQL.Results;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Query.QueryProtocol;

namespace ActorMon.Actors.Query;

/// <summary>
/// One query: evaluates it on the query threads, ends it at its deadline, when the client has gone or when it is killed, answers the requester once and stops.
/// Deadline of its one state: the query's timeout, less the time it waited for a place.
/// </summary>
public sealed class QueryActor : UntypedActor
{
    private const string Canceled = "query was canceled in expression evaluation";

    private readonly RunQuery _query;
    private readonly IActorRef _requester;
    private readonly TimeSpan _queued;
    private readonly QueryRuntime _runtime;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _ended;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _active = -1;
    private bool _killed;
    private bool _answered;

    public QueryActor(RunQuery query, IActorRef requester, TimeSpan queued, QueryRuntime runtime)
    {
        _query = query;
        _requester = requester;
        _queued = queued;
        _runtime = runtime;
        var left = query.Timeout - queued;
        _deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, runtime.Time);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(query.Cancellation, _deadline.Token);
    }

    /// <summary>From the supervisor: somebody wants this query to end.</summary>
    internal sealed record Kill : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Kill Instance = new();
    }

    public static Props Props(RunQuery query, IActorRef requester, TimeSpan queued, QueryRuntime runtime) =>
        Akka.Actor.Props.CreateBy(new Producer(query, requester, queued, runtime));

    protected override void PreStart()
    {
        _active = _runtime.Journals.Active?.Begin(_query.Request.Text) ?? -1;
        EvaluateAsync().PipeTo(Self, success: result => new Evaluated(result), failure: cause => new EvaluationFailed(cause));
    }

    protected override void PostStop()
    {
        _runtime.Journals.Active?.End(_active);
        _ended.Cancel();
        _ended.Dispose();
        _deadline.Dispose();
        if (!_answered)
            Answer(new QueryResult(null, new QueryError(QueryErrorKind.Canceled, Canceled), [], [], QueryStats.None));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Evaluated evaluated:
                OnResult(evaluated.Result);
                break;
            case EvaluationFailed failed:
                OnFailure(failed);
                break;
            case Kill:
                OnKill();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>On this thread when a turn is free, which saves two changes of threads; the heavy lane takes over what is long.</summary>
    private Task<QueryResult> EvaluateAsync()
    {
        if (!_runtime.Turns.TryTake())
            return Task.Factory.StartNew(ExecuteAsync, CancellationToken.None, TaskCreationOptions.None, _runtime.Scheduler).Unwrap();
        try
        {
            return ExecuteAsync();
        }
        finally
        {
            _runtime.Turns.GiveBack();
        }
    }

    private Task<QueryResult> ExecuteAsync() => _runtime.Engine.ExecuteAsync(_query.Request, _runtime.Source, _ended.Token);

    private void OnKill()
    {
        _killed = true;
        _ended.Cancel();
    }

    private void OnResult(QueryResult result)
    {
        // The engine sees one token; which of its causes ended the query is known here.
        if (result.Error is { Kind: QueryErrorKind.Canceled } && _killed)
            result = result with { Error = new QueryError(QueryErrorKind.Canceled, $"{Canceled}: killed through /api/v1/status/queries") };
        else if (result.Error is { Kind: QueryErrorKind.Canceled } && _deadline.IsCancellationRequested && !_query.Cancellation.IsCancellationRequested)
            result = result with { Error = QueryError.TimedOut(_query.Timeout) };
        var metrics = _runtime.Metrics;
        metrics.Observe("queue_time", _queued);
        metrics.Observe("prepare_time", result.Stats.Planning + result.Stats.Selecting);
        metrics.Observe("inner_eval", result.Stats.Evaluating);
        metrics.Samples.Add(result.Stats.TotalQueryableSamples);
        metrics.SamplesRead.Add(result.Stats.SamplesRead);
        Answer(result);
        _runtime.Journals.Ended(_query.Request, result, _queued, _log);
        Context.Stop(Self);
    }

    private void OnFailure(EvaluationFailed failure)
    {
        _log.Error(failure.Cause, "Query failed unexpectedly: {Query}", _query.Request.Text);
        Answer(new QueryResult(null, new QueryError(QueryErrorKind.Execution, $"unexpected error: {failure.Cause.Message}"), [], [], QueryStats.None));
        Context.Stop(Self);
    }

    private sealed record EvaluationFailed(Exception Cause) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record Evaluated(QueryResult Result) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    /// <summary>Makes the actor without an expression to compile for each query.</summary>
    private sealed class Producer(RunQuery query, IActorRef requester, TimeSpan queued, QueryRuntime runtime) : IIndirectActorProducer
    {
        public Type ActorType => typeof(QueryActor);

        public ActorBase Produce() => new QueryActor(query, requester, queued, runtime);

        public void Release(ActorBase actor)
        {
        }
    }

    private void Answer(QueryResult result)
    {
        _answered = true;
        _requester.Tell(new QueryDone(result, _queued));
    }
}
