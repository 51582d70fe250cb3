using ActorMon.Model.Ingest;
using ActorMon.PromQL.Results;

namespace ActorMon.Rules.Evaluation;

/// <summary>Where rules ask their queries.</summary>
public interface IRuleQueries
{
    /// <summary>
    /// Answers queries that do not depend on each other, in their order; one read may serve several of them, and they may run at one time. What is wrong with one
    /// is in its result, also an exception of the source. Results are valid until they are disposed of by their <see cref="QueryResult.Memory"/>.
    /// </summary>
    ValueTask<IReadOnlyList<QueryResult>> RunAsync(IReadOnlyList<QueryRequest> queries, CancellationToken cancellation);
}

/// <summary>Where rules write series.</summary>
public interface IRuleAppender
{
    /// <summary>
    /// Appends samples; those that storage refuses (out of order, too old, a duplicate with another value) are left out. The list is the caller's and valid until the
    /// task ends.
    /// </summary>
    ValueTask<AppendResult> AppendAsync(IReadOnlyList<LooseSample> samples, CancellationToken cancellation);
}

/// <summary>A sample that was left out.</summary>
/// <param name="Index">Its place in what was appended.</param>
/// <param name="Text">Why, in the peer's words.</param>
/// <param name="IsFailure">Storage would take it, but could not be reached; whether it is stored is not known.</param>
public readonly record struct RefusedSample(int Index, string Text, bool IsFailure = false);

/// <summary>What became of an append.</summary>
/// <param name="Error">Nothing was written, and why; null: all but <paramref name="Refused"/> was.</param>
/// <param name="Refused">By index, ascending.</param>
public sealed record AppendResult(string? Error, IReadOnlyList<RefusedSample> Refused)
{
    public static readonly AppendResult Done = new(null, []);

    public static AppendResult Failed(string error) => new(error, []);
}
