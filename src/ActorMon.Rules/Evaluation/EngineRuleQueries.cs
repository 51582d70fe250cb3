using ActorMon.Model.Reading;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Results;

namespace ActorMon.Rules.Evaluation;

/// <summary>Answers the queries of rules by an engine over one source, one after the other; those of a batch share their reads.</summary>
public sealed class EngineRuleQueries(QueryEngine engine, ISeriesSource source) : IRuleQueries
{
    public async ValueTask<IReadOnlyList<QueryResult>> RunAsync(IReadOnlyList<QueryRequest> queries, CancellationToken cancellation)
    {
        if (queries.Count == 1)
            return [await engine.ExecuteAsync(queries[0], source, cancellation).ConfigureAwait(false)];
        var results = new QueryResult[queries.Count];
        await using var shared = new SharedReads(source);
        for (var i = 0; i < results.Length; i++)
            results[i] = await engine.ExecuteAsync(queries[i], shared, cancellation).ConfigureAwait(false);
        return results;
    }
}
