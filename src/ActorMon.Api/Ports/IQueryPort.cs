using ActorMon.PromQL.Results;

namespace ActorMon.Api.Ports;

/// <summary>Runs queries under the node's admission, deadline and limits.</summary>
public interface IQueryPort
{
    /// <param name="timeout">Null: the node's default; longer ones are cut to it.</param>
    /// <returns>A result or an error as a value; the time spent waiting for a place beside it.</returns>
    Task<QueryAnswer> ExecuteAsync(QueryRequest request, TimeSpan? timeout, CancellationToken cancellation);
}

public sealed record QueryAnswer(QueryResult Result, TimeSpan Queued);
