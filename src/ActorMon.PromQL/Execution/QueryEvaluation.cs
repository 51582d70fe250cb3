using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution.Operators;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Planning;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution;

/// <summary>A planned query whose operators are built and whose selections are registered; run it once they are fetched.</summary>
internal sealed class QueryEvaluation
{
    private readonly QueryContext _context;
    private readonly StepGrid _grid;
    private readonly bool _instant;
    private readonly Func<QueryEvaluation, QueryValue> _run;

    private QueryEvaluation(QueryContext context, PlanNode plan, StepGrid grid, bool instant, Func<QueryEvaluation, QueryValue> run)
    {
        Plan = plan;
        _context = context;
        _grid = grid;
        _instant = instant;
        _run = run;
    }

    /// <summary>The plan after all rewrites.</summary>
    public PlanNode Plan { get; }

    public int Steps => _grid.Count;

    /// <summary>The steps of a query; samples are counted by them when that is asked for.</summary>
    public static StepGrid GridOf(QueryRequest request, QueryContext context)
    {
        var grid = request.IsInstant ? StepGrid.Instant(request.Start) : new StepGrid(request.Start, request.End, request.StepMs);
        // With a single step its counts are the query's.
        if (request.PerStepStats && grid.Count > 1)
            context.PerStep = new StepCounts(grid.Count);
        return grid;
    }

    public static QueryEvaluation Prepare(PlanNode plan, StepGrid grid, bool instant, QueryContext context) =>
        new(context, plan, grid, instant, Bind(plan, grid, new OperatorBuilder(context)));

    public QueryValue Run()
    {
        var value = _run(this);
        _context.Ledger.Settle(Plan, _grid);
        return value;
    }

    private static Func<QueryEvaluation, QueryValue> Bind(PlanNode plan, StepGrid grid, OperatorBuilder builder)
    {
        switch (plan.Kind)
        {
            case ValueKind.String:
                var text = ((StringNode)plan).Value;
                return evaluation => new StringValue(evaluation._grid.Start, text);
            case ValueKind.Scalar:
                var scalar = builder.Scalar(plan, grid);
                return evaluation => evaluation.ScalarResult(scalar);
            case ValueKind.Matrix when plan is SubqueryNode subquery:
                var inner = builder.VectorOrScalar(subquery.Inner, OperatorBuilder.SubqueryGrid(subquery, grid));
                return evaluation => evaluation.SeriesResult(inner);
            case ValueKind.Matrix:
                var (source, window) = builder.Range(plan, grid);
                return evaluation => evaluation.RawResult(source, window);
            default:
                var vector = builder.Vector(plan, grid);
                return evaluation => evaluation._instant ? evaluation.VectorResult(vector) : evaluation.SeriesResult(vector);
        }
    }

    private QueryValue ScalarResult(ScalarOperator scalar)
    {
        var values = scalar.Evaluate();
        _context.Hold(values.Length);
        if (_instant)
            return new ScalarValue(_grid.Start, values[0]);
        if (values.Length == 0)
            return new MatrixValue([]);
        return new MatrixValue([new MatrixSeries(LabelSet.Empty, AllTimes(_grid), (double[])values.Clone(), null)]);
    }

    private VectorValue VectorResult(SeriesOperator vector)
    {
        var named = Named(vector);
        var headers = named.Open();
        var labels = new List<LabelSet>(headers.Count);
        var values = new List<double>(headers.Count);
        List<NativeHistogram?>? histograms = null;
        var column = new Column(1);
        foreach (var header in headers)
        {
            named.Next(column);
            if (!column.Has(0))
                continue;
            _context.Hold(column.Size);
            labels.Add(header.Labels);
            values.Add(column.Values[0]);
            if (column.HistogramAt(0) is { } histogram)
            {
                histograms ??= [.. Enumerable.Repeat<NativeHistogram?>(null, labels.Count - 1)];
                histograms.Add(histogram);
            }
            else
                histograms?.Add(null);
        }
        return new VectorValue(_grid.Start, labels, [.. values], histograms?.ToArray());
    }

    private MatrixValue SeriesResult(SeriesOperator vector)
    {
        var named = Named(vector);
        var headers = named.Open();
        var series = new List<MatrixSeries>(headers.Count);
        var allTimes = AllTimes(named.Grid);
        var column = new Column(named.Grid.Count);
        foreach (var header in headers)
        {
            named.Next(column);
            var count = column.Count;
            if (count == 0)
                continue;
            _context.Hold(column.Size);
            series.Add(Points(header.Labels, column, count, allTimes));
        }
        return Sorted(series);
    }

    /// <summary>Names go where they were marked; series that become equal are merged or refused.</summary>
    private SeriesOperator Named(SeriesOperator vector)
    {
        var renamed = _context.Features.DelayedNameRemoval
            ? new RelabelOperator(vector, header => header.DropName ? new SeriesHeader(Metadata.Drop(header.Labels)) : header)
            : vector;
        return new MergeDuplicates(renamed, _context);
    }

    private static MatrixSeries Points(LabelSet labels, Column column, int count, long[] allTimes)
    {
        if (count == column.Steps && !column.HasHistograms)
            return new MatrixSeries(labels, allTimes, (double[])column.Values.Clone(), null);
        var times = new long[count];
        var values = new double[count];
        var histograms = column.HasHistograms ? new NativeHistogram?[count] : null;
        var at = 0;
        foreach (var step in Bits.Steps(column.Present))
        {
            times[at] = allTimes[step];
            values[at] = column.Values[step];
            if (histograms is not null)
                histograms[at] = column.HistogramAt(step);
            at++;
        }
        return new MatrixSeries(labels, times, values, histograms);
    }

    /// <summary>A range vector as the query's result: the stored samples themselves, at extended selectors with values at the window's edges.</summary>
    private MatrixValue RawResult(RangeSource source, RangeWindow window)
    {
        var headers = source.Open();
        var series = new List<MatrixSeries>(headers.Count);
        var index = new WindowIndex(1);
        var buffer = new SampleBuffer();
        for (var i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            _context.CheckCancellation();
            source.Read(i, buffer);
            index.Find(buffer.Times, window);
            var (first, limit) = (index.First[0], index.Limit[0]);
            if (first == limit)
                continue;
            var points = window.Extension == RangeExtension.None ? Copy(header.Labels, buffer, first, limit) : Extended(header.Labels, buffer, first, limit, window);
            if (points is null)
                continue;
            long size = points.Count;
            foreach (var histogram in points.Histograms ?? [])
                size += histogram is null ? 0 : HistogramSize.Of(histogram) - 1;
            _context.Hold(size);
            _context.Ledger.AddRaw(size);
            _context.TotalSamples += size;
            _context.SamplesRead += size;
            series.Add(points);
        }
        return Sorted(series);
    }

    private static MatrixSeries Copy(LabelSet labels, SampleBuffer buffer, int first, int limit)
    {
        NativeHistogram?[]? histograms = null;
        if (buffer.HasHistograms)
        {
            histograms = new NativeHistogram?[limit - first];
            for (var i = first; i < limit; i++)
                histograms[i - first] = buffer.HistogramAt(i);
        }
        return new MatrixSeries(labels, buffer.Times[first..limit].ToArray(), buffer.Values[first..limit].ToArray(), histograms);
    }

    private static MatrixSeries? Extended(LabelSet labels, SampleBuffer buffer, int first, int limit, RangeWindow window)
    {
        var smoothed = window.Extension == RangeExtension.Smoothed;
        for (var i = first; i < limit; i++)
            if (buffer.HistogramAt(i) is not null)
                QueryFailure.Throw($"{(smoothed ? "smoothed" : "anchored")} modifier is not supported with histograms");
        var times = buffer.Times[first..limit];
        var values = buffer.Values[first..limit];
        var (start, end) = (window.Start(0), window.End(0));
        if (!WindowEdges.Find(times, start, end, smoothed, out var left, out var right))
            return null;
        var leftValue = WindowEdges.Left(times, values, left, start, smoothed, isCounter: false);
        var rightValue = WindowEdges.Right(times, values, right, end, smoothed, isCounter: false);
        if (times[left] <= start)
            left++;
        if (times[right] >= end)
            right--;
        var inner = Math.Max(0, right - left + 1);
        return new MatrixSeries(
            labels, [start, .. times.Slice(left, inner), end], [leftValue, .. values.Slice(left, inner), rightValue], null);
    }

    private static MatrixValue Sorted(List<MatrixSeries> series)
    {
        series.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        return new MatrixValue(series);
    }

    private static long[] AllTimes(StepGrid grid)
    {
        var times = new long[grid.Count];
        for (var step = 0; step < times.Length; step++)
            times[step] = grid.TimeAt(step);
        return times;
    }
}
