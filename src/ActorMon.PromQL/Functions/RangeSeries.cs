using ActorMon.Model.Histograms;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Execution.Operators;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Functions;

/// <summary>
/// Where the windows of a range vector lie: (end - range, end] per step, end = step - offset or the @ time. Anchored windows also see samples up to
/// <see cref="LookbackMs"/> before, smoothed ones before and after.
/// </summary>
internal readonly record struct RangeWindow(StepGrid Grid, TimeShiftMs Shift, long RangeMs, RangeExtension Extension, long LookbackMs)
{
    public double RangeSeconds => RangeMs / 1000.0;

    public long End(int step) => Shift.Apply(Grid.TimeAt(step));

    public long Start(int step) => End(step) - RangeMs;

    /// <summary>Samples in (VisibleStart, VisibleEnd] belong to the step's window.</summary>
    public long VisibleStart(int step) => Start(step) - (Extension == RangeExtension.None ? 0 : LookbackMs);

    public long VisibleEnd(int step) => End(step) + (Extension == RangeExtension.Smoothed ? LookbackMs : 0);
}

/// <summary>
/// One series' samples, floats and histograms apart, and for each step the part of them its window sees: floats [First[step], Limit[step]), histograms likewise.
/// </summary>
internal readonly ref struct RangeSeries()
{
    public required ReadOnlySpan<long> Times { get; init; }
    public required ReadOnlySpan<double> Values { get; init; }
    public required ReadOnlySpan<int> First { get; init; }
    public required ReadOnlySpan<int> Limit { get; init; }

    /// <summary>Equal for series with equal times; -1: not known.</summary>
    public int WindowVersion { get; init; } = -1;
    public ReadOnlySpan<long> HistogramTimes { get; init; }
    public ReadOnlySpan<NativeHistogram> Histograms { get; init; }
    public ReadOnlySpan<int> HistogramFirst { get; init; }
    public ReadOnlySpan<int> HistogramLimit { get; init; }

    /// <summary>Start timestamps beside the samples, 0: none; empty when not asked for or when no sample has one.</summary>
    public ReadOnlySpan<long> StartTimes { get; init; }
    public ReadOnlySpan<long> HistogramStartTimes { get; init; }
    public required RangeWindow Window { get; init; }

    /// <summary>The function's scalar arguments in order, one value per step each.</summary>
    public required double[][] Scalars { get; init; }
    public required RangeNotes Notes { get; init; }

    /// <summary>To be told of windows that are gone through.</summary>
    public required QueryContext Query { get; init; }

    public int Steps => First.Length;

    public int FloatCount(int step) => Limit[step] - First[step];

    public int HistogramCount(int step) => Histograms.IsEmpty ? 0 : HistogramLimit[step] - HistogramFirst[step];

    /// <summary>For whoever goes through all of them: the query may be cancelled here.</summary>
    public ReadOnlySpan<double> FloatsOf(int step)
    {
        Query.Spend(FloatCount(step));
        return Values[First[step]..Limit[step]];
    }

    public ReadOnlySpan<long> TimesOf(int step) => Times[First[step]..Limit[step]];
}

/// <summary>What a range function notices about the series at hand; the place is that of the function's first argument.</summary>
internal sealed class RangeNotes(AnnotationSet annotations, TextRange place)
{
    public string MetricName { get; set; } = "";

    public void MixedTypes() => annotations.Warn($"encountered a mix of histograms and floats for metric name {GoQuote.Quote(MetricName)}", place);

    public void StartTimeOverlaps() =>
        annotations.Warn($"sample has start time that overlaps with previous sample timestamp for metric {GoQuote.Quote(MetricName)}", place);

    public void HistogramsIgnored() =>
        annotations.Inform($"ignored histograms in a range containing both floats and histograms for metric name {GoQuote.Quote(MetricName)}", place);

    public void InvalidQuantile(double quantile) => annotations.Warn($"quantile value should be between 0 and 1, got {GoFloat.FormatG(quantile)}", place);

    public void PossibleNonCounter() =>
        annotations.Inform($"metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {GoQuote.Quote(MetricName)}", place);

    public void PossibleNonCounter(string type) => annotations.Inform(
        $"metric might not be a counter, __type__ label is not set to \"counter\" or \"histogram\", got {GoQuote.Quote(type)}: {GoQuote.Quote(MetricName)}", place);
}

/// <summary>A function over range vectors: one series at a time, all steps at once, so that neighbouring windows share their work. Not thread-safe.</summary>
internal abstract class RangeFunction
{
    /// <summary>first_over_time and last_over_time act like an offset and keep the metric's name; all others drop it.</summary>
    public virtual bool KeepsName => false;

    /// <summary>Fills a cleared column.</summary>
    public abstract void Compute(in RangeSeries series, Column into);
}
