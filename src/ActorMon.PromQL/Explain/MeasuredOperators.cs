using ActorMon.Model.Samples;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Execution.Operators;

namespace ActorMon.PromQL.Explain;

/// <summary>An operator under measurement.</summary>
internal sealed class MeasuredOperator(SeriesOperator inner, NodeCost cost, QueryContext context) : SeriesOperator(inner.Grid)
{
    public override IReadOnlyList<SeriesHeader> Open()
    {
        var (started, held) = (cost.Start(), context.Reservation.Used);
        var headers = inner.Open();
        cost.Held += Math.Max(0, context.Reservation.Used - held);
        cost.Stop(started);
        return headers;
    }

    public override void Next(Column into)
    {
        var (started, held) = (cost.Start(), context.Reservation.Used);
        inner.Next(into);
        cost.Held += Math.Max(0, context.Reservation.Used - held);
        cost.Stop(started);
        if (into.IsEmpty)
            return;
        cost.Series++;
        cost.Samples += into.Size;
        cost.Given += into.Bytes;
    }
}

/// <summary>A range vector's source under measurement.</summary>
internal sealed class MeasuredSource(RangeSource inner, NodeCost cost) : RangeSource
{
    public override bool IsComputed => inner.IsComputed;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        var started = cost.Start();
        var headers = inner.Open();
        cost.Stop(started);
        return headers;
    }

    public override void Read(int series, SampleBuffer into)
    {
        var started = cost.Start();
        inner.Read(series, into);
        cost.Stop(started);
        cost.Series += into.Count > 0 ? 1 : 0;
        cost.Samples += into.Count;
        cost.Given += BytesOf(into);
    }
    private static long BytesOf(SampleBuffer samples)
    {
        var bytes = (long)samples.Count * (sizeof(long) + sizeof(double)) + (long)samples.StartTimes.Length * sizeof(long);
        if (samples.HasHistograms)
            for (var i = 0; i < samples.Count; i++)
                bytes += samples.HistogramAt(i) is { } histogram ? HistogramSize.BytesOf(histogram) : 0;
        return bytes;
    }
}
