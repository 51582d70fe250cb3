using ActorMon.Exposition.Numbers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Strict;

/// <summary>The samples of one histogram or gauge histogram at one time, and whether they fit together.</summary>
internal sealed class HistogramPoint(Action<string> complain)
{
    private bool _any;
    private bool _hasBucket;
    private double _lastBound;
    private double _lastCount;
    private bool _hasNegativeBound;
    private double? _count;
    private double? _sum;

    public void Add(string suffix, string le, double value)
    {
        _any = true;
        switch (suffix)
        {
            case "_bucket":
                AddBucket(le, value);
                break;
            case "_count" or "_gcount":
                _count = value;
                break;
            case "_sum" or "_gsum":
                _sum = value;
                break;
        }
    }

    /// <summary>Checks the whole and starts over.</summary>
    public void Finish(MetricType type)
    {
        if (!_any)
            return;
        var (sum, count) = type == MetricType.GaugeHistogram ? ("_gsum", "_gcount") : ("_sum", "_count");
        if (!_hasBucket || !double.IsPositiveInfinity(_lastBound))
            complain("histogram has no bucket le=\"+Inf\"");
        if (_sum is null != _count is null)
            complain($"histogram has {(_sum is null ? count : sum)} without {(_sum is null ? sum : count)}");
        if (_count is { } total && _hasBucket && total != _lastCount)
            complain($"{count} {FloatWriter.ToText(total)} differs from bucket +Inf {FloatWriter.ToText(_lastCount)}");
        if (type == MetricType.Histogram && _hasNegativeBound && _sum is not null)
            complain("histogram with negative buckets must not have a _sum");
        if (_sum < 0 && !_hasNegativeBound)
            complain($"{sum} is negative without negative buckets");
        _any = _hasBucket = _hasNegativeBound = false;
        _count = _sum = null;
    }

    private void AddBucket(string le, double count)
    {
        if (FloatReader.Read(ByteText.Encode(le), out var bound) != FloatFault.None || double.IsNaN(bound) || (double.IsInfinity(bound) && le is not ("+Inf" or "-Inf")))
        {
            complain($"le {GoQuote.Quote(le)} is not a bucket bound");
            return;
        }
        if (_hasBucket && bound <= _lastBound)
            complain($"bucket le={GoQuote.Quote(le)} does not come in ascending order");
        if (_hasBucket && count < _lastCount)
            complain($"bucket le={GoQuote.Quote(le)} counts less than the bucket before it");
        _hasBucket = true;
        _hasNegativeBound |= bound < 0;
        _lastBound = bound;
        _lastCount = count;
    }
}
