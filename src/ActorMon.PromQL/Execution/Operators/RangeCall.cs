using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution.Accounting;
using ActorMon.PromQL.Functions;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>A range function over a range vector: each series is read once, its windows found in one pass, all steps computed together.</summary>
internal sealed class RangeCall(
    StepGrid grid, QueryContext context, RangeSource source, RangeWindow window, string functionName, ScalarOperator[] scalars, TextRange place, RangeTally tally,
    ReadWindow? reads = null)
    : SeriesOperator(grid)
{
    private readonly RangeFunction _named = RangeFunctions.Create(functionName) ?? throw new InvalidOperationException($"{functionName} is no range function");
    private IReadOnlyList<SeriesHeader> _input = [];
    private ParallelColumns? _columns;
    private double[][] _scalarValues = [];
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        _scalarValues = [.. scalars.Select(scalar => scalar.Evaluate())];
        _input = source.Open();
        return Renamed(_input, _named, context);
    }

    /// <summary>The series' headers after a range function.</summary>
    public static SeriesHeader[] Renamed(IReadOnlyList<SeriesHeader> input, RangeFunction function, QueryContext context)
    {
        var headers = new SeriesHeader[input.Count];
        for (var i = 0; i < headers.Length; i++)
        {
            var header = input[i];
            headers[i] = function.KeepsName && !header.DropName ? header : header.WithoutName(context.Features.DelayedNameRemoval);
        }
        return headers;
    }

    public override void Next(Column into)
    {
        (_columns ??= Columns()).Next(into);
        tally.Add(_next++, into.Size);
    }

    private ParallelColumns Columns()
    {
        tally.Begin(_input.Count);
        // A subquery gives its series in order, one after the other, to one reader.
        var work = source is SelectorSource selector ? _input.Count * (Grid.Count + (selector.RangeMs / 15_000)) : 0;
        return new ParallelColumns(context, _input.Count, Grid.Count, work, Worker);
    }

    private RangeWorker Worker(QueryContext own) => new(
        Grid, own, source is SelectorSource selector ? selector.Another() : source, _input, window, functionName, _scalarValues, place, tally, reads);
}

/// <summary>Computes a range function over any series of a range vector.</summary>
internal sealed class RangeWorker(
    StepGrid grid, QueryContext context, RangeSource source, IReadOnlyList<SeriesHeader> input, RangeWindow window, string functionName, double[][] scalars, TextRange place,
    RangeTally tally, ReadWindow? reads) : SeriesWorker
{
    private readonly RangeFunction _function = RangeFunctions.Create(functionName)!;
    private readonly bool _wantsCounter = functionName is "rate" or "increase";
    private readonly bool _wantsStartTimes = context.Features.StartTimestamps && functionName is "rate" or "increase" or "irate" or "resets";
    private readonly RangeNotes _notes = new(context.Annotations, place);
    private readonly SampleBuffer _buffer = new();
    private readonly WindowIndex _floats = new(grid.Count);
    private TypeSplit? _split;
    private int _countedVersion = -1;
    private (long Seen, long Read, WindowSizes Windows) _counted;
    private WindowSizes _windows;

    public override void Compute(int series, Column into)
    {
        context.CheckCancellation();
        into.Clear();
        var labels = input[series].Labels;
        source.Read(series, _buffer);
        if (_buffer.Count == 0)
            return;
        context.Hold(_buffer.Count);
        _notes.MetricName = labels.MetricName;
        if (_buffer.HasHistograms)
            ComputeMixed(into);
        else
            ComputeFloats(into);
        tally.Note(series, _windows);
        context.Release(_buffer.Count);
        if (_wantsCounter && _notes.MetricName.Length > 0 && !into.IsEmpty)
            LookAtCounterName(labels);
    }

    private void ComputeFloats(Column into)
    {
        _floats.Find(_buffer.Times, window);
        CountFloats();
        _function.Compute(
            new RangeSeries
            {
                Times = _buffer.Times,
                Values = _buffer.Values,
                StartTimes = _wantsStartTimes ? _buffer.StartTimes : default,
                First = _floats.First,
                Limit = _floats.Limit,
                WindowVersion = _floats.Version,
                Window = window,
                Scalars = scalars,
                Notes = _notes,
                Query = context,
            },
            into);
    }

    private void ComputeMixed(Column into)
    {
        var split = _split ??= new TypeSplit(grid.Count);
        split.Fill(_buffer);
        _floats.Find(split.FloatTimes, window);
        split.Index.Find(split.HistogramTimes, window);
        CountSamples(split.FloatTimes, _floats, default);
        var floats = _windows;
        CountSamples(split.HistogramTimes, split.Index, split.Histograms);
        // Both kinds are rarely at their most in the same window; together they are never less than what is held.
        _windows = new WindowSizes(_windows.Most + floats.Most, _windows.Last + floats.Last);
        _function.Compute(
            new RangeSeries
            {
                Times = split.FloatTimes,
                Values = split.FloatValues,
                StartTimes = _wantsStartTimes ? split.FloatStartTimes : default,
                HistogramStartTimes = _wantsStartTimes ? split.HistogramStartTimes : default,
                First = _floats.First,
                Limit = _floats.Limit,
                HistogramTimes = split.HistogramTimes,
                Histograms = split.Histograms,
                HistogramFirst = split.Index.First,
                HistogramLimit = split.Index.Limit,
                Window = window,
                Scalars = scalars,
                Notes = _notes,
                Query = context,
            },
            into);
    }

    /// <summary>Series with the same times as the one before have the same counts.</summary>
    private void CountFloats()
    {
        if (_countedVersion == _floats.Version && context.PerStep is null)
        {
            context.TotalSamples += _counted.Seen;
            context.SamplesRead += _counted.Read;
            _windows = _counted.Windows;
            return;
        }
        var (total, read) = (context.TotalSamples, context.SamplesRead);
        CountSamples(_buffer.Times, _floats, default);
        _counted = (context.TotalSamples - total, context.SamplesRead - read, _windows);
        _countedVersion = _floats.Version;
    }

    /// <summary>Every step sees its whole window; it reads what lies after the previous step's end.</summary>
    private void CountSamples(ReadOnlySpan<long> times, WindowIndex index, ReadOnlySpan<NativeHistogram> histograms)
    {
        long seen = 0, read = 0, most = 0, last = 0;
        var newFrom = 0;
        for (var step = 0; step < index.First.Length; step++)
        {
            var (first, limit) = (index.First[step], index.Limit[step]);
            var (seenBefore, readBefore) = (seen, read);
            var fresh = reads?.Covers(grid.TimeAt(step)) == false ? limit : step == 0 ? first : Math.Max(first, newFrom);
            if (histograms.IsEmpty)
            {
                seen += limit - first;
                read += Math.Max(0, limit - fresh);
            }
            else
            {
                for (var i = first; i < limit; i++)
                {
                    var size = HistogramSize.Of(histograms[i]);
                    seen += size;
                    read += i >= fresh ? size : 0;
                }
            }
            last = seen - seenBefore;
            most = Math.Max(most, last);
            newFrom = Math.Max(newFrom, limit);
            if (context.PerStep is { } counts)
                CountStep(counts, step, seen - seenBefore, read - readBefore);
        }
        _windows = new WindowSizes((int)most, (int)last);
        context.TotalSamples += seen;
        if (!source.IsComputed)
            context.SamplesRead += read;
    }

    private void CountStep(StepCounts counts, int step, long seen, long read)
    {
        if (reads is null)
            counts.Total[step] += seen;
        if (!source.IsComputed && (reads is null ? step : reads.StepOf(grid.TimeAt(step))) is var readAt and >= 0)
            counts.Read[readAt] += read;
    }

    private void LookAtCounterName(LabelSet labels)
    {
        var name = _notes.MetricName;
        if (context.Features.TypeAndUnitLabels)
        {
            if (labels.Get(LabelNames.Type) is not ("counter" or "histogram") and var type)
                _notes.PossibleNonCounter(type);
        }
        else if (!(name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_sum", StringComparison.Ordinal)
            || name.EndsWith("_count", StringComparison.Ordinal) || name.EndsWith("_bucket", StringComparison.Ordinal)))
            _notes.PossibleNonCounter();
    }
}

/// <summary>Which samples each step's window sees, found in one pass over the times.</summary>
internal sealed class WindowIndex(int steps)
{
    private readonly int[] _first = new int[steps];
    private readonly int[] _limit = new int[steps];
    private long[] _times = [];
    private int _count = -1;

    /// <summary>Grows when the windows changed: series of one target mostly share their times, so what follows from times alone can be kept.</summary>
    public int Version { get; private set; }

    public ReadOnlySpan<int> First => _first;
    public ReadOnlySpan<int> Limit => _limit;

    /// <summary>The window must be the same for all calls.</summary>
    public void Find(ReadOnlySpan<long> times, in RangeWindow window)
    {
        if (times.SequenceEqual(_times.AsSpan(0, Math.Max(0, _count))) && _count >= 0)
            return;
        Version++;
        _count = times.Length;
        if (_times.Length < _count)
            _times = new long[_count * 2];
        times.CopyTo(_times);
        int first = 0, limit = 0;
        for (var step = 0; step < _first.Length; step++)
        {
            var (start, end) = (window.VisibleStart(step), window.VisibleEnd(step));
            while (limit < times.Length && times[limit] <= end)
                limit++;
            while (first < limit && times[first] <= start)
                first++;
            _first[step] = first;
            _limit[step] = limit;
        }
    }
}

/// <summary>A series with histograms, its floats and histograms in columns of their own.</summary>
internal sealed class TypeSplit(int steps)
{
    private readonly List<long> _floatTimes = [];
    private readonly List<double> _floatValues = [];
    private readonly List<long> _histogramTimes = [];
    private readonly List<NativeHistogram> _histograms = [];
    private readonly List<long> _floatStarts = [];
    private readonly List<long> _histogramStarts = [];

    public WindowIndex Index { get; } = new(steps);
    public ReadOnlySpan<long> FloatTimes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_floatTimes);
    public ReadOnlySpan<double> FloatValues => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_floatValues);
    public ReadOnlySpan<long> HistogramTimes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_histogramTimes);
    public ReadOnlySpan<NativeHistogram> Histograms => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_histograms);

    /// <summary>Empty when the series has no start timestamps.</summary>
    public ReadOnlySpan<long> FloatStartTimes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_floatStarts);
    public ReadOnlySpan<long> HistogramStartTimes => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_histogramStarts);

    public void Fill(SampleBuffer buffer)
    {
        _floatStarts.Clear();
        _histogramStarts.Clear();
        if (buffer.HasStartTimes)
            for (var i = 0; i < buffer.Count; i++)
                (buffer.HistogramAt(i) is null ? _floatStarts : _histogramStarts).Add(buffer.StartTimes[i]);
        _floatTimes.Clear();
        _floatValues.Clear();
        _histogramTimes.Clear();
        _histograms.Clear();
        for (var i = 0; i < buffer.Count; i++)
        {
            if (buffer.HistogramAt(i) is { } histogram)
            {
                _histogramTimes.Add(buffer.Times[i]);
                _histograms.Add(histogram);
            }
            else
            {
                _floatTimes.Add(buffer.Times[i]);
                _floatValues.Add(buffer.Values[i]);
            }
        }
    }
}
