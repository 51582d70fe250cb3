using ActorMon.PromQL.Execution;

namespace ActorMon.PromQL.Functions;

/// <summary>
/// min_over_time, max_over_time and the ts_of_ variants: a queue of candidates in which each beats all behind it, so every sample enters and leaves once for all
/// windows. NaN only wins over nothing. Of equal values the first counts, for times the last.
/// </summary>
internal sealed class ExtremeOverTime(bool maximum, bool time) : RangeFunction
{
    private int[] _queue = new int[64];

    public override void Compute(in RangeSeries series, Column into)
    {
        if (_queue.Length < series.Values.Length)
            _queue = new int[series.Values.Length * 2];
        int head = 0, tail = 0, entered = 0;
        for (var step = 0; step < series.Steps; step++)
        {
            var (first, limit) = (series.First[step], series.Limit[step]);
            if (limit == first)
                continue;
            if (series.HistogramCount(step) > 0)
                series.Notes.HistogramsIgnored();
            for (entered = Math.Max(entered, first); entered < limit; entered++)
            {
                var value = series.Values[entered];
                if (double.IsNaN(value))
                    continue;
                while (tail > head && Beats(value, series.Values[_queue[tail - 1]]))
                    tail--;
                _queue[tail++] = entered;
            }
            while (head < tail && _queue[head] < first)
                head++;
            var winner = head < tail ? _queue[head] : limit - 1;
            into.Set(step, time ? series.Times[winner] / 1000.0 : series.Values[winner]);
            if (head == tail)
                head = tail = 0;
        }
    }

    private bool Beats(double value, double other) => maximum ? (time ? value >= other : value > other) : time ? value <= other : value < other;
}
