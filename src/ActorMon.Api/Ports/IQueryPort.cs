using ActorMon.PromQL.Results;

namespace ActorMon.Api.Ports;

/// <summary>Runs queries under the node's admission, deadline and limits.</summary>
public interface IQueryPort
{
    /// <param name="timeout">Null: the node's default; longer ones are cut to it.</param>
    /// <returns>A result or an error as a value; the time spent waiting for a place beside it.</returns>
    Task<QueryAnswer> ExecuteAsync(QueryRequest request, TimeSpan? timeout, CancellationToken cancellation);

    /// <summary>The queries that run or wait, in the order they came in.</summary>
    Task<IReadOnlyList<RunningQuery>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<RunningQuery>>([]);

    /// <summary>Ends a query. False: none of that number runs or waits.</summary>
    Task<bool> KillAsync(long id, CancellationToken cancellation) => Task.FromResult(false);
}

public sealed record QueryAnswer(QueryResult Result, TimeSpan Queued);
