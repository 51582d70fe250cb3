using System.Diagnostics.CodeAnalysis;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution;

/// <summary>Unwinds an evaluation that cannot go on; never leaves the engine, which turns it into a <see cref="QueryError"/>.</summary>
internal sealed class QueryFailure(QueryError error) : Exception(error.Text)
{
    public const string SameLabelSet = "vector cannot contain metrics with the same labelset";

    public QueryError Error { get; } = error;

    [DoesNotReturn]
    public static void Throw(string text) => throw new QueryFailure(new QueryError(QueryErrorKind.Execution, text));

    public const string TooManySamples = "query processing would load too many samples into memory in query execution";

    /// <summary>The peer's text, then what was exceeded.</summary>
    [DoesNotReturn]
    public static void ThrowTooManySamples(long limit, string name) => Throw($"{TooManySamples}: more than {limit} ({name})");

    [DoesNotReturn]
    public static void ThrowTooMuchMemory(string what) => Throw($"{TooManySamples}: {what}");

    [DoesNotReturn]
    public static void Throw(string text, string hint) => throw new QueryFailure(new QueryError(QueryErrorKind.Execution, text) { Hint = hint });

    [DoesNotReturn]
    public static void ThrowSameLabelSet() => Throw(SameLabelSet);

    /// <summary>Native histograms are carried by selection and results; what computes new ones is not there.</summary>
    [DoesNotReturn]
    public static void ThrowHistogramArithmetic(string operation) => Throw($"{operation} of native histograms is not supported");
}
