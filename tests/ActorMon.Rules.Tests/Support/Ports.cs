using ActorMon.Model.Ingest;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Evaluation;

namespace ActorMon.Rules.Tests.Support;

/// <summary>Queries that can be told that data is missing, or to fail; counts batches.</summary>
public sealed class GapQueries(IRuleQueries inner) : IRuleQueries
{
    public string? Missing { get; set; }
    public string? Failing { get; set; }
    public List<int> Batches { get; } = [];

    public async ValueTask<IReadOnlyList<QueryResult>> RunAsync(IReadOnlyList<QueryRequest> queries, CancellationToken cancellation)
    {
        Batches.Add(queries.Count);
        var results = await inner.RunAsync(queries, cancellation);
        if (Failing is { } text)
            return [.. results.Select(r => r with { Value = null, Error = new QueryError(QueryErrorKind.Execution, text) })];
        if (Missing is not { } missing)
            return results;
        return [.. results.Select((r, i) => queries[i].DenyPartial
            ? r with { Value = null, Error = new QueryError(QueryErrorKind.Unavailable, missing) }
            : r with { Missing = [missing] })];
    }
}

/// <summary>An appender that can be told to fail, or to refuse the first sample.</summary>
public sealed class FaultyAppender(IRuleAppender inner) : IRuleAppender
{
    public string? Failing { get; set; }
    public string? RefusingFirst { get; set; }

    public async ValueTask<AppendResult> AppendAsync(IReadOnlyList<LooseSample> samples, CancellationToken cancellation)
    {
        if (Failing is { } text)
            return AppendResult.Failed(text);
        if (RefusingFirst is not { } refusal)
            return await inner.AppendAsync(samples, cancellation);
        await inner.AppendAsync([.. samples.Skip(1)], cancellation);
        return new AppendResult(null, [new RefusedSample(0, refusal)]);
    }
}
