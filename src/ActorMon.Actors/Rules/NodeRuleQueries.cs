using ActorMon.PromQL.Results;
using ActorMon.Rules.Evaluation;

namespace ActorMon.Actors.Rules;

/// <summary>
/// The queries of a node's rules: on the query threads, each batch with the deadline of any query, and so many batches at once as queries may run. What fails, fails as that batch's
/// results: no exception leaves but that the caller goes away.
/// </summary>
/// <param name="places">Batches that run at once; the rest waits its turn, in order.</param>
public sealed class NodeRuleQueries(IRuleQueries inner, TaskScheduler scheduler, int places, TimeSpan timeout, TimeProvider time) : IRuleQueries
{
    private readonly SemaphoreSlim _places = new(places);

    public async ValueTask<IReadOnlyList<QueryResult>> RunAsync(IReadOnlyList<QueryRequest> queries, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            var results = await Task.Factory.StartNew(() => inner.RunAsync(queries, ended.Token).AsTask(), CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap()
                .ConfigureAwait(false);
            return deadline.IsCancellationRequested && !cancellation.IsCancellationRequested ? [.. results.Select(TimedOut)] : results;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(queries, QueryError.TimedOut(timeout));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Failed(queries, new QueryError(QueryErrorKind.Execution, $"unexpected error: {e.GetBaseException().Message}"));
        }
        finally
        {
            _places.Release();
        }
    }

    private QueryResult TimedOut(QueryResult result) => result.Error is { Kind: QueryErrorKind.Canceled } ? result with { Error = QueryError.TimedOut(timeout) } : result;

    private static QueryResult[] Failed(IReadOnlyList<QueryRequest> queries, QueryError error)
    {
        var results = new QueryResult[queries.Count];
        Array.Fill(results, new QueryResult(null, error, [], [], QueryStats.None));
        return results;
    }
}
