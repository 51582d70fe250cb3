using ActorMon.Model.Labels;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>A vector worked on series by series; headers lose their name when the values change meaning.</summary>
internal abstract class UnaryOperator(SeriesOperator input, QueryContext context, bool dropsName) : SeriesOperator(input.Grid)
{
    protected QueryContext Context { get; } = context;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        var headers = input.Open();
        if (!dropsName)
            return headers;
        var renamed = new SeriesHeader[headers.Count];
        for (var i = 0; i < renamed.Length; i++)
            renamed[i] = headers[i].WithoutName(Context.Features.DelayedNameRemoval);
        return renamed;
    }

    public override void Next(Column into)
    {
        input.Next(into);
        Change(into);
    }

    protected abstract void Change(Column column);
}

/// <summary>A function of one float; histograms are passed over.</summary>
internal sealed class MapOperator(SeriesOperator input, QueryContext context, Func<double, double> function) : UnaryOperator(input, context, dropsName: true)
{
    protected override void Change(Column column)
    {
        column.DropHistograms();
        var values = column.Values;
        foreach (var step in Bits.Steps(column.Present))
            values[step] = function(values[step]);
    }
}

/// <summary>A function of one float and scalars of the step.</summary>
internal sealed class MapWithScalarsOperator(SeriesOperator input, QueryContext context, ScalarOperator[] scalars, Func<double, double[], double> function, Func<double[], bool>? keep = null)
    : UnaryOperator(input, context, dropsName: true)
{
    private readonly double[] _arguments = new double[scalars.Length];
    private double[][] _scalars = [];

    public override IReadOnlyList<SeriesHeader> Open()
    {
        _scalars = [.. scalars.Select(scalar => scalar.Evaluate())];
        return base.Open();
    }

    protected override void Change(Column column)
    {
        column.DropHistograms();
        foreach (var step in Bits.Steps(column.Present))
        {
            for (var i = 0; i < _arguments.Length; i++)
                _arguments[i] = _scalars[i][step];
            if (keep is not null && !keep(_arguments))
                column.Unset(step);
            else
                column.Values[step] = function(column.Values[step], _arguments);
        }
    }
}

/// <summary>Unary minus: floats and histograms change sign.</summary>
internal sealed class NegateOperator(SeriesOperator input, QueryContext context) : UnaryOperator(input, context, dropsName: true)
{
    protected override void Change(Column column)
    {
        foreach (var step in Bits.Steps(column.Present))
        {
            if (column.HistogramAt(step) is not null)
                QueryFailure.ThrowHistogramArithmetic("negation");
            column.Values[step] = -column.Values[step];
        }
    }
}

/// <summary>histogram_count, histogram_sum, histogram_avg: a number of each histogram; floats are passed over.</summary>
internal sealed class HistogramMapOperator(SeriesOperator input, QueryContext context, Func<Model.Histograms.NativeHistogram, double> function)
    : UnaryOperator(input, context, dropsName: true)
{
    private readonly Column _source = new(input.Grid.Count);

    protected override void Change(Column column)
    {
        _source.CopyFrom(column);
        column.Clear();
        foreach (var step in Bits.Steps(_source.Present))
            if (_source.HistogramAt(step) is { } histogram)
                column.Set(step, function(histogram));
    }
}

/// <summary>timestamp() of anything but a selector: the step's own time where there is a value.</summary>
internal sealed class StepTimeOperator(SeriesOperator input, QueryContext context) : UnaryOperator(input, context, dropsName: true)
{
    protected override void Change(Column column)
    {
        column.DropHistogramsKeepingPresence();
        foreach (var step in Bits.Steps(column.Present))
            column.Values[step] = Grid.TimeAt(step) / 1000.0;
    }
}

/// <summary>Lets the name go from labels without touching values (timestamp() over a selector).</summary>
internal sealed class DropNameOperator(SeriesOperator input, QueryContext context) : UnaryOperator(input, context, dropsName: true)
{
    protected override void Change(Column column)
    {
    }
}

/// <summary>Histograms out, values and names as they are (sort in a range query).</summary>
internal sealed class FloatsOnlyOperator(SeriesOperator input, QueryContext context) : UnaryOperator(input, context, dropsName: false)
{
    protected override void Change(Column column) => column.DropHistograms();
}

/// <summary>No series.</summary>
internal sealed class EmptyVector(StepGrid grid) : SeriesOperator(grid)
{
    public override IReadOnlyList<SeriesHeader> Open() => [];

    public override void Next(Column into) => throw new InvalidOperationException("there is no series");
}

/// <summary>vector(s).</summary>
internal sealed class ScalarToVector(StepGrid grid, ScalarOperator scalar) : SeriesOperator(grid)
{
    public override IReadOnlyList<SeriesHeader> Open() => [new SeriesHeader(LabelSet.Empty)];

    public override void Next(Column into)
    {
        into.Clear();
        var values = scalar.Evaluate();
        for (var step = 0; step < into.Steps; step++)
            into.Set(step, values[step]);
    }
}

/// <summary>A step-invariant vector: computed for one step, repeated over all.</summary>
internal sealed class RepeatOperator(StepGrid grid, QueryContext context, SeriesOperator once) : SeriesOperator(grid)
{
    private readonly Column _single = new(1);
    private (long Total, long Read) _before;
    private long _firstStepBefore;
    private int _left;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        _before = (context.TotalSamples, context.SamplesRead);
        _firstStepBefore = context.PerStep?.Total[0] ?? 0;
        var headers = once.Open();
        _left = headers.Count;
        CountRepeats();
        return headers;
    }

    public override void Next(Column into)
    {
        once.Next(_single);
        into.Clear();
        if (_single.Has(0))
            for (var step = 0; step < into.Steps; step++)
                into.SetFrom(_single, step, 0);
        _left--;
        CountRepeats();
    }

    /// <summary>Each step sees the samples of the one evaluation.</summary>
    private void CountRepeats()
    {
        if (_left != 0)
            return;
        context.TotalSamples += (context.TotalSamples - _before.Total) * (Grid.Count - 1);
        if (context.PerStep is { } counts && counts.Steps == Grid.Count)
        {
            var repeated = counts.Total[0] - _firstStepBefore;
            for (var step = 1; step < counts.Steps; step++)
                counts.Total[step] += repeated;
        }
    }
}

/// <summary>One user of a shared part.</summary>
internal sealed class ReplayOperator(StepGrid grid, SharedColumns shared) : SeriesOperator(grid)
{
    private MaterializedVector? _columns;
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open() => (_columns = shared.Open()).Headers;

    public override void Next(Column into) => into.CopyFrom(_columns!.Columns[_next++]);
}

/// <summary>start_timestamp(): nothing, as on a server that does not keep start timestamps.</summary>
internal sealed class StartTimeOperator(SeriesOperator input, QueryContext context) : UnaryOperator(input, context, dropsName: true)
{
    protected override void Change(Column column) => column.Clear();
}
