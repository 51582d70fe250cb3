using ActorMon.Actors.Query;
using ActorMon.Model.Reading;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Storage;
using Akka.Actor;
using Akka.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;
using static ActorMon.Protocol.Query.QueryProtocol;

namespace ActorMon.Actors.Tests.Query;

/// <summary>The same on the thread that brings the query.</summary>
public sealed class QuerySupervisorInlineTests(ITestOutputHelper output) : QuerySupervisorActorTests(output, turns: 1);

public class QuerySupervisorActorTests : ActorTest
{
    private readonly FakeTimeProvider _time = new();
    private readonly HeldSource _source = new();
    private readonly QueryRuntime _runtime;
    private IActorRef _supervisor;

    public QuerySupervisorActorTests(ITestOutputHelper output) : this(output, turns: 0)
    {
    }

    protected QuerySupervisorActorTests(ITestOutputHelper output, int turns) : base(output)
    {
        var engine = new QueryEngine(new QueryEngineOptions(), _time);
        _runtime = new QueryRuntime(engine, _source, TaskScheduler.Default, _time, new QueryMetrics(Registry, _time, 1)) { Turns = new InlineTurns(turns) };
        _supervisor = Supervisor(places: 1, queue: 2);
    }

    private IActorRef Supervisor(int places, int queue) => Sys.ActorOf(QuerySupervisorActor.Props(new QuerySettings(places, queue, TimeSpan.FromMinutes(2)), _runtime));

    [Fact]
    public void A_query_is_answered_with_its_value()
    {
        _source.Hold.SetResult();
        Ask("1 + 1", TestActor);
        Assert.Equal(2, Assert.IsType<ScalarValue>(ExpectMsg<QueryDone>(Patience).Result.Value).Value);
        Eventually(() => Assert.Equal(0, Metric("prometheus_engine_queries")));
    }

    [Fact]
    public void One_runs_two_wait_and_the_next_is_refused_with_both_limits()
    {
        var first = AskAside("up");
        Eventually(() => Assert.Equal(1, _source.Running));
        var (second, third) = (AskAside("up"), AskAside("up"));
        Ask("up", TestActor);

        var refused = ExpectMsg<QueryDone>(Patience).Result.Error!;
        Assert.Equal((QueryErrorKind.Timeout, "too many queries: 1 run (--query.max-concurrency) and 2 wait (actormon.query.max-queued)"), (refused.Kind, refused.Text));
        Assert.Equal(3, Metric("prometheus_engine_queries"));
        _source.Hold.SetResult();
        foreach (var probe in new[] { first, second, third })
            Assert.True(probe.ExpectMsg<QueryDone>(Patience).Result.IsSuccess);
        Assert.Equal(1, _source.MostRunning);
        Eventually(() => Assert.Equal(0, Metric("prometheus_engine_queries")));
    }

    [Fact]
    public void Many_copies_of_one_query_leave_places_to_others()
    {
        _supervisor = Supervisor(places: 4, queue: 8);
        var copies = Enumerable.Range(0, 9).Select(_ => AskAside("up")).ToArray();
        Eventually(() => Assert.Equal(3, _source.Running));
        Ask("up", TestActor);
        Assert.Equal(
            "too many queries: 3 run (--query.max-concurrency) and 6 wait (actormon.query.max-queued)", ExpectMsg<QueryDone>(Patience).Result.Error!.Text);

        Assert.True(AskAside("1 + 1").ExpectMsg<QueryDone>(Patience).Result.IsSuccess);

        _source.Hold.SetResult();
        foreach (var copy in copies)
            Assert.True(copy.ExpectMsg<QueryDone>(Patience).Result.IsSuccess);
        Assert.Equal(3, _source.MostRunning);
    }

    [Fact]
    public void A_waiting_query_leaves_the_queue_at_its_deadline_though_no_place_is_free()
    {
        AskAside("up");
        Eventually(() => Assert.Equal(1, _source.Running));
        var waiting = AskAside("up", timeout: TimeSpan.FromSeconds(3));
        Eventually(() => Assert.Equal(2, Metric("prometheus_engine_queries")));

        _time.Advance(TimeSpan.FromSeconds(3));

        var done = waiting.ExpectMsg<QueryDone>(Patience);
        Assert.Equal((QueryErrorKind.Timeout, "query timed out in query queue after 3s (--query.timeout or the request's timeout)"), (done.Result.Error!.Kind, done.Result.Error.Text));
        Assert.Equal(TimeSpan.FromSeconds(3), done.Queued);
        Assert.Equal(1, Metric("prometheus_engine_queries"));
    }

    [Fact]
    public async Task A_waiting_query_leaves_the_queue_when_its_client_goes()
    {
        AskAside("up");
        Eventually(() => Assert.Equal(1, _source.Running));
        using var client = new CancellationTokenSource();
        var waiting = AskAside("up", cancellation: client.Token);

        await client.CancelAsync();

        Assert.Equal("query was canceled in query queue", waiting.ExpectMsg<QueryDone>(Patience).Result.Error!.Text);
    }

    [Fact]
    public void A_running_query_ends_at_its_deadline_and_frees_its_place()
    {
        var slow = AskAside("up", timeout: TimeSpan.FromSeconds(5));
        Eventually(() => Assert.Equal(1, _source.Running));
        var next = AskAside("1");

        _time.Advance(TimeSpan.FromSeconds(5));

        var error = slow.ExpectMsg<QueryDone>(Patience).Result.Error!;
        Assert.Equal((QueryErrorKind.Timeout, "query timed out in expression evaluation after 5s (--query.timeout or the request's timeout)"), (error.Kind, error.Text));
        Assert.True(next.ExpectMsg<QueryDone>(Patience).Result.IsSuccess);
    }

    [Fact]
    public void No_query_runs_longer_than_the_node_allows_whatever_it_asks_for()
    {
        var slow = AskAside("up", timeout: TimeSpan.FromHours(1));
        Eventually(() => Assert.Equal(1, _source.Running));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(QueryErrorKind.Timeout, slow.ExpectMsg<QueryDone>(Patience).Result.Error!.Kind);
    }

    [Fact]
    public async Task A_running_query_ends_when_its_client_goes()
    {
        using var client = new CancellationTokenSource();
        var query = AskAside("up", cancellation: client.Token);
        Eventually(() => Assert.Equal(1, _source.Running));

        await client.CancelAsync();

        Assert.Equal((QueryErrorKind.Canceled, "query was canceled in expression evaluation"), query.ExpectMsg<QueryDone>(Patience).Result.Error is { } e ? (e.Kind, e.Text) : default);
    }

    [Fact]
    public void An_evaluation_that_crashes_is_answered_with_an_error_and_frees_its_place()
    {
        _source.Hold.SetException(new InvalidOperationException("a bug in the storage"));

        Ask("up", TestActor);
        var error = ExpectMsg<QueryDone>(Patience).Result.Error!;
        Ask("1", TestActor);

        Assert.Equal((QueryErrorKind.Execution, "unexpected error: a bug in the storage"), (error.Kind, error.Text));
        Assert.True(ExpectMsg<QueryDone>(Patience).Result.IsSuccess);
    }

    [Fact]
    public void When_the_supervisor_stops_running_and_waiting_queries_are_answered_as_cancelled()
    {
        var running = AskAside("up");
        Eventually(() => Assert.Equal(1, _source.Running));
        var waiting = AskAside("up");
        // To stop overtakes what is in the mailbox.
        _supervisor.Tell(ListQueries.Instance, TestActor);
        Assert.Equal(2, ExpectMsg<QueryList>(Patience).Queries.Count);

        Sys.Stop(_supervisor);

        Assert.Equal(QueryErrorKind.Canceled, running.ExpectMsg<QueryDone>(Patience).Result.Error!.Kind);
        Assert.Equal(QueryErrorKind.Canceled, waiting.ExpectMsg<QueryDone>(Patience).Result.Error!.Kind);
        Assert.Equal(0, Metric("prometheus_engine_queries"));
    }

    [Fact]
    public void Running_and_waiting_queries_are_listed_in_the_order_they_came()
    {
        AskAside("up");
        Eventually(() => Assert.Equal(1, _source.Running));
        AskAside("down");
        _time.Advance(TimeSpan.FromSeconds(7));

        _supervisor.Tell(ListQueries.Instance, TestActor);

        var list = ExpectMsg<QueryList>(Patience).Queries;
        Assert.Equal([("up", true), ("down", false)], list.Select(query => (query.Request.Text, query.IsRunning)));
        Assert.Equal(TimeSpan.FromSeconds(7), list[0].Age);
    }

    [Fact]
    public void A_running_query_is_killed_and_the_next_gets_its_place()
    {
        var victim = AskAside("up");
        Eventually(() => Assert.Equal(1, _source.Running));
        var next = AskAside("1");

        Kill(IdOf("up"), found: true);

        var error = victim.ExpectMsg<QueryDone>(Patience).Result.Error!;
        Assert.Equal((QueryErrorKind.Canceled, "query was canceled in expression evaluation: killed through /api/v1/status/queries"), (error.Kind, error.Text));
        Assert.True(next.ExpectMsg<QueryDone>(Patience).Result.IsSuccess);
        Assert.Equal(1, Metric("actormon_queries_killed_total"));
    }

    [Fact]
    public void A_waiting_query_is_killed_in_the_queue()
    {
        AskAside("up");
        Eventually(() => Assert.Equal(1, _source.Running));
        var victim = AskAside("down");

        Kill(IdOf("down"), found: true);

        Assert.Equal("query was canceled in query queue: killed through /api/v1/status/queries", victim.ExpectMsg<QueryDone>(Patience).Result.Error!.Text);
        Assert.Equal(1, Metric("prometheus_engine_queries"));
    }

    [Fact]
    public void A_query_that_is_not_there_cannot_be_killed() => Kill(17, found: false);

    private long IdOf(string query)
    {
        _supervisor.Tell(ListQueries.Instance, TestActor);
        return ExpectMsg<QueryList>(Patience).Queries.Single(known => known.Request.Text == query).Id;
    }

    private void Kill(long id, bool found)
    {
        _supervisor.Tell(new KillQuery(id), TestActor);
        Assert.Equal(found, ExpectMsg<KillAnswer>(Patience).Found);
    }

    private TestProbe AskAside(string query, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        var probe = CreateTestProbe();
        Ask(query, probe, timeout, cancellation);
        return probe;
    }

    private void Ask(string query, IActorRef requester, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        _supervisor.Tell(
            new RunQuery(new QueryRequest { Expression = PromQLParser.Parse(query, ParserOptions.Default).Expr!, Text = query, Start = 0 }, timeout ?? TimeSpan.FromMinutes(1), cancellation),
            requester);

    /// <summary>A storage that answers when it is let go, or not at all.</summary>
    private sealed class HeldSource : ISeriesSource
    {
        private readonly MemorySeriesSource _memory = new();
        private int _running;
        private int _most;

        public TaskCompletionSource Hold { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public int Running => Volatile.Read(ref _running);
        public int MostRunning => Volatile.Read(ref _most);

        public async ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
        {
            _most = Math.Max(_most, Interlocked.Increment(ref _running));
            try
            {
                await Hold.Task.WaitAsync(cancellation);
                return await _memory.SelectAsync(request, cancellation);
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }
}
