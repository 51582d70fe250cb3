using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;

namespace ActorMon.PromQL.Parsing.SeriesDescription;

/// <summary>A series as the test notation describes it; value number i belongs to the i-th step.</summary>
public sealed record DescribedSeries(LabelSet Labels, IReadOnlyList<SeriesValue> Values);

/// <summary>One step of a described series: nothing, a float (possibly the stale marker), or a histogram.</summary>
/// <param name="Value">The float; 0 for the others.</param>
/// <param name="Histogram">The histogram, null for the others.</param>
/// <param name="Omitted">No sample at this step.</param>
/// <param name="ResetHintGiven">The notation wrote counter_reset_hint, so a test compares it.</param>
public readonly record struct SeriesValue(double Value, NativeHistogram? Histogram = null, bool Omitted = false, bool ResetHintGiven = false);

/// <summary>A described series, or every error found (at least one).</summary>
public sealed record SeriesResult(DescribedSeries? Series, IReadOnlyList<ParseError> Errors)
{
    [MemberNotNullWhen(true, nameof(Series))]
    [MemberNotNullWhen(false, nameof(ErrorText))]
    public bool Success => Series is not null;

    /// <summary>The text a user sees, that of the first error; null on success.</summary>
    public string? ErrorText => Errors.Count == 0 ? null : Errors[0].Text;
}

/// <summary>A metric's labels, or every error found (at least one).</summary>
public sealed record MetricResult(LabelSet? Labels, IReadOnlyList<ParseError> Errors)
{
    [MemberNotNullWhen(true, nameof(Labels))]
    [MemberNotNullWhen(false, nameof(ErrorText))]
    public bool Success => Labels is not null;

    /// <summary>The text a user sees, that of the first error; null on success.</summary>
    public string? ErrorText => Errors.Count == 0 ? null : Errors[0].Text;
}
