using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Dispatch;
using ActorMon.Actors.Facts;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster.Facts;
using ActorMon.Host.Node;
using ActorMon.Model.Reading;
using ActorMon.PromQL.Results;
using ActorMon.Protocol.Facts;
using Akka.Actor;
using static ActorMon.Protocol.Query.QueryProtocol;

namespace ActorMon.Host.Ports;

/// <summary>The API's queries as messages to the node's QuerySupervisor: one Ask at the edge, none behind it. Running ones are listed and killed over all nodes.</summary>
public sealed class QueryPort : IQueryPort
{
    // The actor answers at its own deadline; this one only guards against an actor system that is going down.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NextLife = TimeSpan.FromMilliseconds(50);

    private readonly Func<ActorNode> _actors;
    private readonly TimeSpan _maxTimeout;
    private readonly TimeProvider _time;
    private readonly FactTopic<NoQuestion, QueriesOfNode> _list;
    private readonly FactTopic<KillQuestion, KillReply> _kill;

    public QueryPort(Func<ActorNode> actors, MapView view, ClusterFacts facts, TimeSpan maxTimeout, TimeProvider time)
    {
        (_actors, _maxTimeout, _time) = (actors, maxTimeout, time);
        _list = facts.Add<NoQuestion, QueriesOfNode>("queries", async (_, cancellation) =>
            QueryFacts.Of(view.Self, (await actors().Queries.Ask<QueryList>(ListQueries.Instance, Grace, cancellation)).Queries));
        _kill = facts.Add<KillQuestion, KillReply>("kill-query", async (asked, cancellation) => new KillReply
        {
            // Numbers begin again with each life of a node.
            Found = asked.Incarnation == view.Self.Incarnation && (await actors().Queries.Ask<KillAnswer>(new KillQuery(asked.Number), Grace, cancellation)).Found,
        });
    }

    public async Task<QueryAnswer> ExecuteAsync(QueryRequest request, TimeSpan? timeout, CancellationToken cancellation)
    {
        var limit = timeout is { } asked && asked < _maxTimeout ? asked : _maxTimeout;
        while (true)
        {
            var node = _actors();
            try
            {
                // The request waits for nothing else: its thread carries supervisor, query and evaluation of what is small.
                var done = await HandOnExecutor.AskLast(() => node.Queries.Ask<QueryDone>(new RunQuery(request, limit, cancellation), limit + Grace, node.Ended));
                return new QueryAnswer(done.Result, done.Queued);
            }
            catch (OperationCanceledException) when (node.Ended.IsCancellationRequested)
            {
                // The node's membership has ended: its next actors answer, in a moment.
                if (ReferenceEquals(node, _actors()))
                    await Task.Delay(NextLife, _time, cancellation);
            }
            catch (AskTimeoutException)
            {
                return new QueryAnswer(new QueryResult(null, QueryError.TimedOut(limit), [], [], QueryStats.None), limit);
            }
        }
    }

    public async Task<Partial<IReadOnlyList<ClusterQuery>>> ListAsync(CancellationToken cancellation)
    {
        var (nodes, missing) = await _list.AskAsync(new NoQuestion(), cancellation);
        return new(QueryFacts.Merge(nodes), missing);
    }

    public async Task<Partial<bool>> KillAsync(QueryId id, CancellationToken cancellation)
    {
        var (nodes, missing) = await _kill.AskAsync(new KillQuestion { Incarnation = id.Incarnation, Number = id.Number }, cancellation);
        return new(nodes.Any(node => node.Found), missing);
    }
}
