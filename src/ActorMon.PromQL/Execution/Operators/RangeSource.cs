using System.Numerics;
using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>Series of a range vector, each read once into a buffer that holds everything its windows can see; stale markers are gone.</summary>
internal abstract class RangeSource
{
    public abstract IReadOnlyList<SeriesHeader> Open();

    /// <summary>Fills the buffer with a series. Subqueries are read in order, each series once.</summary>
    public abstract void Read(int series, SampleBuffer into);

    /// <summary>True for subqueries: their samples were counted when they were read from storage.</summary>
    public abstract bool IsComputed { get; }
}

internal sealed class SelectorSource(Selection selection) : RangeSource
{
    private readonly SampleBuffer _raw = new();

    public long RangeMs => selection.RangeMs;

    /// <summary>The same series for another thread.</summary>
    public SelectorSource Another() => new(selection);

    public override bool IsComputed => false;

    public override IReadOnlyList<SeriesHeader> Open() => new SelectionHeaders(selection.Series);

    public override void Read(int series, SampleBuffer into)
    {
        selection.Series.Read(series, into);
        if (HasStaleMarker(into))
            DropStaleMarkers(into);
    }

    private static bool HasStaleMarker(SampleBuffer buffer)
    {
        var values = buffer.Values;
        var i = 0;
        // Only a value that is not equal to itself can be one; blocks without any are passed over at once.
        while (i <= values.Length - Vector<double>.Count && new Vector<double>(values[i..]) is var block && Vector.EqualsAll(block, block))
            i += Vector<double>.Count;
        for (; i < values.Length; i++)
            if (double.IsNaN(values[i]) && IsStale(buffer, i))
                return true;
        return false;
    }

    private void DropStaleMarkers(SampleBuffer into)
    {
        _raw.Clear();
        for (var i = 0; i < into.Count; i++)
            if (!IsStale(into, i))
                Copy(into, i, _raw);
        into.Clear();
        for (var i = 0; i < _raw.Count; i++)
            Copy(_raw, i, into);
    }

    private static void Copy(SampleBuffer from, int index, SampleBuffer to)
    {
        if (from.HistogramAt(index) is { } histogram)
            to.Add(from.Times[index], histogram);
        else
            to.Add(from.Times[index], from.Values[index]);
        if (from.HasStartTimes)
            to.SetStartTime(from.StartTimes[index]);
    }

    private static bool IsStale(SampleBuffer buffer, int index) =>
        SpecialValues.IsStale(buffer.HistogramAt(index) is { } histogram ? histogram.Sum : buffer.Values[index]);
}

/// <summary>A subquery's series: the inner vector over the subquery's own grid. What the inner part sees is not counted again, as the peer counts.</summary>
internal sealed class SubquerySource(SeriesOperator inner, QueryContext context) : RangeSource
{
    private readonly Column _column = new(inner.Grid.Count);

    public override bool IsComputed => true;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        var total = context.TotalSamples;
        var headers = inner.Open();
        context.TotalSamples = total;
        return headers;
    }

    public override void Read(int series, SampleBuffer into)
    {
        var total = context.TotalSamples;
        inner.Next(_column);
        context.TotalSamples = total;
        into.Clear();
        foreach (var step in Bits.Steps(_column.Present))
        {
            var time = inner.Grid.TimeAt(step);
            if (_column.HistogramAt(step) is { } histogram)
                into.Add(time, WithoutResetHint(histogram));
            else
                into.Add(time, _column.Values[step]);
        }
    }

    /// <summary>A hint is about the sample before in storage, which a subquery may skip or give twice.</summary>
    private static NativeHistogram WithoutResetHint(NativeHistogram histogram) =>
        histogram.CounterResetHint is CounterResetHint.Reset or CounterResetHint.NotReset ? histogram with { CounterResetHint = CounterResetHint.Unknown } : histogram;
}
