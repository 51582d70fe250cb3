using System.Text.RegularExpressions;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Testing.Storage;

namespace ActorMon.Conformance.Tests.PromQLEngine;

internal abstract record ScriptCommand(int Line);

internal sealed record ClearCommand(int Line) : ScriptCommand(Line);

/// <summary>Converts: classic histograms become native ones as well. HasHistograms: native histograms in the notation.</summary>
internal sealed record LoadCommand(int Line, long StepMs, IReadOnlyList<ScriptSeries> Series, bool Converts, bool HasHistograms) : ScriptCommand(Line)
{
    public void AddTo(MemorySeriesSource storage)
    {
        foreach (var series in Series)
        {
            for (var i = 0; i < series.Values.Count; i++)
            {
                if (series.Values[i] is not { } value)
                    continue;
                var time = i * StepMs;
                var start = series.StartTimes?[i] is { } offset ? time + offset : 0;
                if (value.Histogram is not null)
                    storage.Add(series.Labels, time, value.Histogram, start);
                else
                    storage.Add(series.Labels, time, value.Value, start);
            }
        }
    }
}

/// <summary>A line of series notation: one entry per step, null where there is nothing.</summary>
internal sealed record ScriptSeries(LabelSet Labels, IReadOnlyList<ScriptValue?> Values)
{
    /// <summary>Offsets (ms) of start timestamps to the samples' times, null where there is none.</summary>
    public IReadOnlyList<long?>? StartTimes { get; init; }
}

internal sealed record ScriptValue(double Value, NativeHistogram? Histogram = null, bool HintGiven = false);

internal enum ExpectationKind
{
    Fail,
    Warn,
    Info,
    NoWarn,
    NoInfo,
    Ordered,
}

internal sealed record Expectation(ExpectationKind Kind, string? Text, Regex? Pattern)
{
    public bool Matches(string actual) => Text is not null ? actual == Text : Pattern is null || Pattern.IsMatch(actual);

    public override string ToString() => Text ?? Pattern?.ToString() ?? "";
}

internal sealed record EvalCommand(int Line, string Query, bool Instant, long Start, long End, long Step) : ScriptCommand(Line)
{
    public List<Expectation> Expectations { get; } = [];
    public List<ScriptSeries> Series { get; } = [];
    public double? Scalar { get; set; }
    public string? String { get; set; }
    public (long Start, long End, long Step)? RangeVector { get; set; }

    /// <summary>eval_fail, eval_warn, eval_info, eval_ordered.</summary>
    public string OldForm { get; set; } = "";
    public bool HasHistograms { get; set; }

    public bool Expects(ExpectationKind kind) => Expectations.Exists(expectation => expectation.Kind == kind);
    public bool ExpectsFailure => OldForm == "fail" || Expects(ExpectationKind.Fail);
    public bool ExpectsOrder => OldForm == "ordered" || Expects(ExpectationKind.Ordered);
}
