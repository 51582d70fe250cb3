using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Explain;

namespace ActorMon.PromQL.Results;

/// <summary>A query's answer: a value or an error, with what the engine noticed on the way. Warnings and infos carry the place <c>(line:column)</c>.</summary>
public sealed record QueryResult(QueryValue? Value, QueryError? Error, IReadOnlyList<string> Warnings, IReadOnlyList<string> Infos, QueryStats Stats)
{
    /// <summary>What the value holds of the node's memory for queries. Dispose it when the value is no longer needed.</summary>
    public IDisposable? Memory { get; init; }

    /// <summary>What of the data nobody could be asked for, each a warning, too; none: the query has seen everything.</summary>
    public IReadOnlyCollection<string> Missing { get; init; } = [];

    /// <summary>With EXPLAIN and ANALYZE; EXPLAIN has no value beside it but a string without text.</summary>
    public PlanReport? Plan { get; init; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;
}

public abstract record QueryValue;

/// <summary>One number at the evaluation time (ms).</summary>
public sealed record ScalarValue(long Time, double Value) : QueryValue;

public sealed record StringValue(long Time, string Value) : QueryValue;

/// <summary>
/// Parallel columns, one entry per series, all at <see cref="Time"/>. Order is that of sort functions and topk, otherwise that of the series.
/// Histograms is null when no element is one; where it has an entry the float value is meaningless.
/// </summary>
public sealed record VectorValue(long Time, IReadOnlyList<LabelSet> Series, double[] Values, NativeHistogram?[]? Histograms) : QueryValue
{
    public int Count => Series.Count;

    public NativeHistogram? HistogramAt(int index) => Histograms?[index];
}

/// <summary>Series sorted by labels.</summary>
public sealed record MatrixValue(IReadOnlyList<MatrixSeries> Series) : QueryValue;

/// <summary>
/// One series' points: parallel columns of times (ms, ascending; shared between series that have a point at every step) and values, histograms as in
/// <see cref="VectorValue"/>.
/// </summary>
public sealed record MatrixSeries(LabelSet Labels, long[] Times, double[] Values, NativeHistogram?[]? Histograms)
{
    public int Count => Times.Length;

    public NativeHistogram? HistogramAt(int index) => Histograms?[index];
}
