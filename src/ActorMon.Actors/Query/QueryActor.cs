using ActorMon.PromQL.Results;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Query.QueryProtocol;

namespace ActorMon.Actors.Query;

/// <summary>
/// One query: evaluates it on the query threads, ends it at its deadline or when the client has gone, answers the requester once and stops.
/// Deadline of its one state: the query's timeout, less the time it waited for a place.
/// </summary>
public sealed class QueryActor : ReceiveActor
{
    private readonly RunQuery _query;
    private readonly IActorRef _requester;
    private readonly TimeSpan _queued;
    private readonly QueryRuntime _runtime;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _ended;
    private readonly ILoggingAdapter _log = Context.GetLogger();
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
        Receive<Evaluated>(evaluated => OnResult(evaluated.Result));
        Receive<EvaluationFailed>(OnFailure);
    }

    public static Props Props(RunQuery query, IActorRef requester, TimeSpan queued, QueryRuntime runtime) =>
        Akka.Actor.Props.Create(() => new QueryActor(query, requester, queued, runtime));

    protected override void PreStart() => EvaluateAsync(_runtime, _query.Request, _ended.Token).PipeTo(Self, success: result => new Evaluated(result), failure: cause => new EvaluationFailed(cause));

    protected override void PostStop()
    {
        _ended.Cancel();
        _ended.Dispose();
        _deadline.Dispose();
        if (!_answered)
            Answer(new QueryResult(null, new QueryError(QueryErrorKind.Canceled, "query was canceled in expression evaluation"), [], [], QueryStats.None));
    }

    private static Task<QueryResult> EvaluateAsync(QueryRuntime runtime, QueryRequest request, CancellationToken ended) =>
        Task.Factory.StartNew(() => runtime.Engine.ExecuteAsync(request, runtime.Source, ended), CancellationToken.None, TaskCreationOptions.None, runtime.Scheduler).Unwrap();

    private void OnResult(QueryResult result)
    {
        // The engine sees one token; which of its two causes ended the query is known here.
        if (result.Error is { Kind: QueryErrorKind.Canceled } && _deadline.IsCancellationRequested && !_query.Cancellation.IsCancellationRequested)
            result = result with { Error = new QueryError(QueryErrorKind.Timeout, "query timed out in expression evaluation") };
        var metrics = _runtime.Metrics;
        metrics.Durations.With("queue_time").Observe(_queued.TotalSeconds);
        metrics.Durations.With("prepare_time").Observe((result.Stats.Planning + result.Stats.Selecting).TotalSeconds);
        metrics.Durations.With("inner_eval").Observe(result.Stats.Evaluating.TotalSeconds);
        metrics.Samples.Add(result.Stats.TotalQueryableSamples);
        metrics.SamplesRead.Add(result.Stats.SamplesRead);
        Answer(result);
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

    private void Answer(QueryResult result)
    {
        _answered = true;
        _requester.Tell(new QueryDone(result, _queued));
    }
}
