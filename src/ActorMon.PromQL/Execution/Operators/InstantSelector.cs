using ActorMon.Model.Samples;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>What an instant selector gives for the sample it finds.</summary>
internal enum SelectedValue : byte
{
    Sample,

    /// <summary>timestamp(): the sample's own time in seconds.</summary>
    Time,

    /// <summary>start_timestamp(): the sample's start timestamp in seconds, 0 when it has none.</summary>
    StartTime,

    /// <summary>info(): as Time, and the series must hold floats.</summary>
    InfoTime,
}

/// <summary>
/// Newest sample in (T - lookback, T] at each step, T = step - offset or the @ time; nothing when it is a stale marker. One pass over a series' samples for all steps.
/// </summary>
internal sealed class InstantSelector(
    StepGrid grid, QueryContext context, Selection selection, TimeShiftMs shift, SelectedValue wanted = SelectedValue.Sample, ReadWindow? reads = null)
    : SeriesOperator(grid)
{
    private ParallelColumns? _columns;

    public override IReadOnlyList<SeriesHeader> Open() => new SelectionHeaders(selection.Series);

    public override void Next(Column into) => (_columns ??= Columns()).Next(into);

    private ParallelColumns Columns()
    {
        var count = selection.Series.Count;
        return new ParallelColumns(
            context, count, Grid.Count, count * (Grid.Count + (selection.RangeMs / 15_000)), own => new InstantWorker(Grid, own, selection, shift, wanted, reads));
    }
}

/// <summary>Computes an instant selector's column of any series.</summary>
internal sealed class InstantWorker(
    StepGrid grid, QueryContext context, Selection selection, TimeShiftMs shift, SelectedValue wanted, ReadWindow? reads) : SeriesWorker
{
    private readonly SampleBuffer _buffer = new();

    public override void Compute(int series, Column into)
    {
        context.CheckCancellation();
        into.Clear();
        selection.Series.Read(series, _buffer);
        if (_buffer.Count == 0)
            return;
        var times = _buffer.Times;
        var values = _buffer.Values;
        var after = 0;
        long found = 0, read = 0;
        for (var step = 0; step < into.Steps; step++)
        {
            var time = shift.Apply(grid.TimeAt(step));
            while (after < times.Length && times[after] <= time)
                after++;
            var at = after - 1;
            if (at < 0 || times[at] <= time - context.LookbackMs)
                continue;
            var histogram = _buffer.HistogramAt(at);
            var value = values[at];
            if (histogram is null ? double.IsNaN(value) && SpecialValues.IsStale(value) : SpecialValues.IsStale(histogram.Sum))
                continue;
            var size = 1;
            if (wanted == SelectedValue.InfoTime && histogram is not null)
                QueryFailure.Throw($"this should be an info metric, with float samples: {selection.Series.LabelsAt(series)}");
            if (wanted == SelectedValue.StartTime)
                into.Set(step, _buffer.HasStartTimes ? _buffer.StartTimes[at] / 1000.0 : 0);
            else if (wanted != SelectedValue.Sample)
                into.Set(step, times[at] / 1000.0);
            else if (histogram is not null)
            {
                into.Set(step, histogram);
                size = HistogramSize.Of(histogram);
            }
            else
                into.Set(step, value);
            found += size;
            read += reads is null || reads.Covers(grid.TimeAt(step)) ? size : 0;
            if (context.PerStep is { } counts)
                CountStep(counts, step, size);
        }
        context.TotalSamples += found;
        context.SamplesRead += read;
    }

    private void CountStep(StepCounts counts, int step, int size)
    {
        if (reads is null)
            counts.Total[step] += size;
        if ((reads is null ? step : reads.StepOf(grid.TimeAt(step))) is var readAt and >= 0)
            counts.Read[readAt] += size;
    }
}

/// <summary>Offset and @ in milliseconds.</summary>
internal readonly record struct TimeShiftMs(long OffsetMs, long? AtMs)
{
    public long Apply(long time) => (AtMs ?? time) - OffsetMs;
}

/// <summary>
/// The steps of a subquery that some outer window consumes. When the outer step is wider than the subquery's range the others fall into gaps, and the peer does not
/// count what they read.
/// </summary>
/// <param name="beyond">The window of the subquery around this one.</param>
internal sealed class ReadWindow(StepGrid outer, TimeShiftMs shift, long rangeMs, ReadWindow? beyond = null)
{
    /// <summary>The step of the query itself that first reads what a subquery's step at this time does; -1 when none does.</summary>
    public int StepOf(long time)
    {
        if (!Covers(time))
            return -1;
        var after = time + shift.OffsetMs - outer.Start;
        var step = shift.AtMs is not null || after <= 0 ? 0 : (after + outer.Step - 1) / outer.Step;
        if (step >= outer.Count)
            return -1;
        return beyond is null ? (int)step : beyond.StepOf(outer.TimeAt((int)step));
    }

    public bool Covers(long time)
    {
        if (shift.AtMs is not null || outer.Step <= rangeMs)
            return true;
        // The first outer step whose window ends at or after the time.
        var after = time + shift.OffsetMs - outer.Start;
        var step = after <= 0 ? 0 : (after + outer.Step - 1) / outer.Step;
        return outer.Start + (step * outer.Step) - shift.OffsetMs - rangeMs < time;
    }
}

/// <summary>A selection's labels as headers, without a list of its own.</summary>
internal sealed class SelectionHeaders(Model.Reading.ISeriesSelection selection) : IReadOnlyList<SeriesHeader>
{
    public int Count => selection.Count;

    public SeriesHeader this[int index] => new(selection.LabelsAt(index));

    public IEnumerator<SeriesHeader> GetEnumerator()
    {
        for (var i = 0; i < selection.Count; i++)
            yield return this[i];
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
