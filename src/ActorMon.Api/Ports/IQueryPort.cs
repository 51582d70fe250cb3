using ActorMon.Model.Reading;
using ActorMon.PromQL.Results;

namespace ActorMon.Api.Ports;

/// <summary>Runs queries under the node's admission, deadline and limits.</summary>
public interface IQueryPort
{
    /// <param name="timeout">Null: the node's default; longer ones are cut to it.</param>
    /// <returns>A result or an error as a value; the time spent waiting for a place beside it.</returns>
    Task<QueryAnswer> ExecuteAsync(QueryRequest request, TimeSpan? timeout, CancellationToken cancellation);

    /// <summary>The queries that run or wait at any node, the oldest first.</summary>
    Task<Partial<IReadOnlyList<ClusterQuery>>> ListAsync(CancellationToken cancellation);

    /// <summary>Ends a query, whichever node runs it. False: none of that id runs or waits at the nodes that answered.</summary>
    Task<Partial<bool>> KillAsync(QueryId id, CancellationToken cancellation);
}

public sealed record QueryAnswer(QueryResult Result, TimeSpan Queued);
