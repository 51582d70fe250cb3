using ActorMon.PromQL.Results;
using ActorMon.Rules.Evaluation;

namespace ActorMon.Actors.Rules;

/// <summary>The queries of a node's rules: on the query threads, and so many batches at once as queries may run. Each query has the deadline of any query, from the engine.</summary>
/// <param name="places">Batches that run at once; the rest waits its turn, in order.</param>
public sealed class NodeRuleQueries(IRuleQueries inner, TaskScheduler scheduler, int places) : IRuleQueries
{
    private readonly SemaphoreSlim _places = new(places);

    public async ValueTask<IReadOnlyList<QueryResult>> RunAsync(IReadOnlyList<QueryRequest> queries, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Factory.StartNew(() => inner.RunAsync(queries, cancellation).AsTask(), CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap().ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }
}
