using ActorMon.Actors.Dispatch;
using ActorMon.Api.Ports;
using ActorMon.Host.Node;
using ActorMon.PromQL.Results;
using Akka.Actor;
using static ActorMon.Protocol.Query.QueryProtocol;

namespace ActorMon.Host.Ports;

/// <summary>The API's queries as messages to the node's QuerySupervisor: one Ask at the edge, none behind it.</summary>
public sealed class QueryPort(Func<ActorNode> actors, TimeSpan maxTimeout, TimeProvider time) : IQueryPort
{
    // The actor answers at its own deadline; this one only guards against an actor system that is going down.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NextLife = TimeSpan.FromMilliseconds(50);

    public async Task<QueryAnswer> ExecuteAsync(QueryRequest request, TimeSpan? timeout, CancellationToken cancellation)
    {
        var limit = timeout is { } asked && asked < maxTimeout ? asked : maxTimeout;
        while (true)
        {
            var node = actors();
            try
            {
                // The request waits for nothing else: its thread carries supervisor, query and evaluation of what is small.
                var done = await HandOnExecutor.AskLast(() => node.Queries.Ask<QueryDone>(new RunQuery(request, limit, cancellation), limit + Grace, node.Ended));
                return new QueryAnswer(done.Result, done.Queued);
            }
            catch (OperationCanceledException) when (node.Ended.IsCancellationRequested)
            {
                // The node's membership has ended: its next actors answer, in a moment.
                if (ReferenceEquals(node, actors()))
                    await Task.Delay(NextLife, time, cancellation);
            }
            catch (AskTimeoutException)
            {
                return new QueryAnswer(new QueryResult(null, QueryError.TimedOut(limit), [], [], QueryStats.None), limit);
            }
        }
    }

    public async Task<IReadOnlyList<RunningQuery>> ListAsync(CancellationToken cancellation) =>
        (await actors().Queries.Ask<QueryList>(ListQueries.Instance, Grace, cancellation)).Queries;

    public async Task<bool> KillAsync(long id, CancellationToken cancellation) => (await actors().Queries.Ask<KillAnswer>(new KillQuery(id), Grace, cancellation)).Found;
}
