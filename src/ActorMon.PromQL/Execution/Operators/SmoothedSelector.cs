using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>An instant selector with smoothed: the value at the step's time, interpolated between its neighbours within the lookback on either side.</summary>
internal sealed class SmoothedSelector(RangeWindow window, QueryContext context, SelectorSource source, TextRange place) : SeriesOperator(window.Grid)
{
    private readonly SampleBuffer _buffer = new();
    private readonly WindowIndex _index = new(window.Grid.Count);
    private IReadOnlyList<SeriesHeader> _headers = [];
    private int _next;

    public override IReadOnlyList<SeriesHeader> Open() => _headers = source.Open();

    public override void Next(Column into)
    {
        context.CheckCancellation();
        into.Clear();
        var header = _headers[_next];
        source.Read(_next++, _buffer);
        _index.Find(_buffer.Times, window);
        for (var step = 0; step < into.Steps; step++)
        {
            var (first, limit) = (_index.First[step], _index.Limit[step]);
            if (first == limit)
                continue;
            context.TotalSamples += limit - first;
            if (context.PerStep is { } counts && counts.Steps == into.Steps)
                counts.Total[step] += limit - first;
            if (_buffer.HasHistograms)
                RefuseHistograms(header, first, limit);
            var time = window.End(step);
            var after = first;
            while (after < limit && _buffer.Times[after] < time)
                after++;
            if (after < limit && _buffer.Times[after] == time)
                into.Set(step, _buffer.Values[after]);
            else if (after > first)
                into.Set(step, after < limit ? WindowEdges.Interpolate(_buffer.Times, _buffer.Values, after - 1, time, isCounter: false) : _buffer.Values[after - 1]);
        }
    }

    private void RefuseHistograms(SeriesHeader header, int first, int limit)
    {
        for (var i = first; i < limit; i++)
            if (_buffer.HistogramAt(i) is not null)
            {
                context.Annotations.Warn($"encountered a mix of histograms and floats for metric name {GoQuote.Quote(header.Labels.MetricName)}", place);
                QueryFailure.ThrowHistogramArithmetic("interpolation");
            }
    }
}
