using ActorMon.Model.Reading;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Results;

namespace ActorMon.Rules.Evaluation;

/// <summary>Answers the queries of rules by an engine over one source, one after the other; those of a batch share their reads, and no more than that.</summary>
public sealed class EngineRuleQueries(QueryEngine engine, ISeriesSource source) : IRuleQueries
{
    public async ValueTask<IReadOnlyList<QueryResult>> RunAsync(IReadOnlyList<QueryRequest> queries, CancellationToken cancellation)
    {
        if (queries.Count == 1)
            return [await RunAsync(queries[0], source, cancellation).ConfigureAwait(false)];
        var results = new QueryResult[queries.Count];
        await using var shared = new SharedReads(source);
        for (var i = 0; i < results.Length; i++)
            results[i] = await RunAsync(queries[i], shared, cancellation).ConfigureAwait(false);
        return results;
    }

    private async ValueTask<QueryResult> RunAsync(QueryRequest query, ISeriesSource from, CancellationToken cancellation)
    {
        try
        {
            return await engine.ExecuteAsync(query, from, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The others of the batch may have nothing to do with what this one reads.
            return new QueryResult(null, new QueryError(QueryErrorKind.Execution, $"unexpected error: {e.GetBaseException().Message}"), [], [], QueryStats.None);
        }
    }
}
