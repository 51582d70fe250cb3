using ActorMon.Model.Reading;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Results;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Query.QueryProtocol;

namespace ActorMon.Actors.Query;

/// <param name="MaxConcurrency">Queries that run at once (--query.max-concurrency).</param>
/// <param name="MaxQueued">Queries that wait for a place (actormon.query.max-queued); further ones are refused.</param>
/// <param name="MaxTimeout">Longest time of a query, waiting included (--query.timeout).</param>
public sealed record QuerySettings(int MaxConcurrency, int MaxQueued, TimeSpan MaxTimeout);

/// <summary>What a query runs with.</summary>
/// <param name="Scheduler">Runs evaluations on their own bounded set of threads, so that no query delays a heartbeat or a scrape.</param>
public sealed record QueryRuntime(QueryEngine Engine, ISeriesSource Source, TaskScheduler Scheduler, TimeProvider Time, QueryMetrics Metrics)
{
    public QueryJournals Journals { get; init; } = QueryJournals.None;

    /// <summary>Turns on the thread that brings a query; without any all go to the scheduler.</summary>
    public InlineTurns Turns { get; init; } = new(0);
}

/// <summary>
/// Admits the node's queries: at most MaxConcurrency run, at most MaxQueued wait, the rest is refused at once; of both a quarter is kept from queries whose text is
/// there already, so that many copies of one leave places to others. Each running query is a child that ends with it.
/// A waiting query leaves the queue at its deadline or when its client goes, whatever the running ones do. A query that crashes answers with an error and takes
/// nothing else along. Lost on restart: running and waiting queries; they are answered as cancelled.
/// </summary>
public sealed class QuerySupervisorActor : ReceiveActor
{
    private readonly QuerySettings _settings;
    private readonly QueryRuntime _runtime;
    private readonly LinkedList<Waiting> _waiting = new();
    private readonly Dictionary<IActorRef, Waiting> _running = [];
    private readonly QueryShares _places;
    private readonly QueryShares _queue;
    private long _lastId;

    public QuerySupervisorActor(QuerySettings settings, QueryRuntime runtime)
    {
        _settings = settings;
        _runtime = runtime;
        _places = new QueryShares(settings.MaxConcurrency);
        _queue = new QueryShares(settings.MaxQueued);
        Receive<RunQuery>(OnRun);
        Receive<Terminated>(ended => OnQueryEnded(ended.ActorRef));
        Receive<Leave>(OnLeave);
        Receive<ListQueries>(_ => Sender.Tell(new QueryList(List())));
        Receive<KillQuery>(OnKill);
    }

    /// <summary>A query, with or without a place yet. Deadline ends its waiting.</summary>
    private sealed record Waiting(long Id, RunQuery Query, IActorRef Requester, long Since, DateTimeOffset Started)
    {
        public string Text => Query.Request.Text;
        public CancellationTokenSource? Deadline { get; set; }
        public CancellationTokenRegistration ClientGone { get; set; }

        public void EndWaiting()
        {
            ClientGone.Dispose();
            Deadline?.Dispose();
        }
    }

    public static Props Props(QuerySettings settings, QueryRuntime runtime) => Akka.Actor.Props.Create(() => new QuerySupervisorActor(settings, runtime));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop()
    {
        foreach (var waiting in _waiting)
        {
            waiting.EndWaiting();
            _runtime.Metrics.Left();
            waiting.Requester.Tell(Failed(QueryErrorKind.Canceled, "query was canceled in query queue", _runtime.Time.GetElapsedTime(waiting.Since)));
        }
        foreach (var _ in _running)
            _runtime.Metrics.Left();
        _running.Clear();
    }

    private void OnRun(RunQuery asked)
    {
        var query = asked.Timeout <= _settings.MaxTimeout ? asked : asked with { Timeout = _settings.MaxTimeout };
        var waiting = new Waiting(++_lastId, query, Sender, _runtime.Time.GetTimestamp(), _runtime.Time.GetUtcNow());
        if (_places.HasRoom(waiting.Text))
        {
            _runtime.Metrics.Entered();
            Start(waiting);
        }
        else if (_queue.HasRoom(waiting.Text))
        {
            _runtime.Metrics.Entered();
            Enqueue(waiting);
        }
        else
        {
            _runtime.Metrics.Refused.Add();
            Sender.Tell(Failed(
                QueryErrorKind.Timeout,
                $"too many queries: {_running.Count} run (--query.max-concurrency) and {_waiting.Count} wait (actormon.query.max-queued)", TimeSpan.Zero));
        }
    }

    private void Enqueue(Waiting waiting)
    {
        var self = Self;
        _queue.Take(waiting.Text);
        var leave = new Leave(_waiting.AddLast(waiting));
        waiting.Deadline = new CancellationTokenSource(waiting.Query.Timeout > TimeSpan.Zero ? waiting.Query.Timeout : TimeSpan.Zero, _runtime.Time);
        waiting.Deadline.Token.UnsafeRegister(_ => self.Tell(leave, ActorRefs.NoSender), null);
        waiting.ClientGone = waiting.Query.Cancellation.UnsafeRegister(_ => self.Tell(leave, ActorRefs.NoSender), null);
    }

    private void OnLeave(Leave leave)
    {
        // It may have got a place, or left, while this message was on its way.
        if (leave.Place.List is null)
            return;
        AnswerUnserved(Dequeue(leave.Place));
    }

    private Waiting Dequeue(LinkedListNode<Waiting> place)
    {
        _waiting.Remove(place);
        place.Value.EndWaiting();
        _queue.GiveBack(place.Value.Text);
        return place.Value;
    }

    private List<RunningQuery> List()
    {
        var list = new List<RunningQuery>(_running.Count + _waiting.Count);
        foreach (var query in _running.Values)
            list.Add(Describe(query, isRunning: true));
        foreach (var query in _waiting)
            list.Add(Describe(query, isRunning: false));
        list.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        return list;
    }

    private RunningQuery Describe(Waiting query, bool isRunning) =>
        new(query.Id, query.Query.Request, query.Started, _runtime.Time.GetElapsedTime(query.Since), query.Query.Timeout, isRunning);

    private void OnKill(KillQuery kill)
    {
        foreach (var (child, query) in _running)
        {
            if (query.Id != kill.Id)
                continue;
            _runtime.Metrics.Killed.Add();
            child.Tell(QueryActor.Kill.Instance);
            Sender.Tell(new KillAnswer(true));
            return;
        }
        for (var place = _waiting.First; place is not null; place = place.Next)
        {
            var query = place.Value;
            if (query.Id != kill.Id)
                continue;
            _runtime.Metrics.Killed.Add();
            Dequeue(place);
            _runtime.Metrics.Left();
            query.Requester.Tell(Failed(
                QueryErrorKind.Canceled, "query was canceled in query queue: killed through /api/v1/status/queries", _runtime.Time.GetElapsedTime(query.Since)));
            Sender.Tell(new KillAnswer(true));
            return;
        }
        Sender.Tell(new KillAnswer(false));
    }

    private void AnswerUnserved(Waiting waiting)
    {
        _runtime.Metrics.Left();
        var queued = _runtime.Time.GetElapsedTime(waiting.Since);
        waiting.Requester.Tell(waiting.Query.Cancellation.IsCancellationRequested
            ? Failed(QueryErrorKind.Canceled, "query was canceled in query queue", queued)
            : Failed(QueryErrorKind.Timeout, $"query timed out in query queue after {QueryError.LimitText(waiting.Query.Timeout)} (--query.timeout or the request's timeout)", queued));
    }

    private void OnQueryEnded(IActorRef ended)
    {
        if (!_running.Remove(ended, out var query))
            return;
        _places.GiveBack(query.Text);
        _runtime.Metrics.Left();
        while (FirstWithRoom() is { } place)
        {
            var next = Dequeue(place);
            if (next.Query.Cancellation.IsCancellationRequested || _runtime.Time.GetElapsedTime(next.Since) >= next.Query.Timeout)
                AnswerUnserved(next);
            else
                Start(next);
        }
    }

    /// <summary>Of those that may start the one that waits longest.</summary>
    private LinkedListNode<Waiting>? FirstWithRoom()
    {
        for (var place = _waiting.First; place is not null; place = place.Next)
            if (_places.HasRoom(place.Value.Text))
                return place;
        return null;
    }

    private void Start(Waiting query)
    {
        _places.Take(query.Text);
        var queued = _runtime.Time.GetElapsedTime(query.Since);
        var child = Context.ActorOf(QueryActor.Props(query.Query, query.Requester, queued, _runtime).WithDispatcher(Context.Props.Dispatcher));
        _running.Add(child, query);
        Context.Watch(child);
    }

    private static QueryDone Failed(QueryErrorKind kind, string text, TimeSpan queued) => new(new QueryResult(null, new QueryError(kind, text), [], [], QueryStats.None), queued);

    private sealed record Leave(LinkedListNode<Waiting> Place) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
