using ActorMon.Model.Histograms;

namespace ActorMon.Exposition.Histograms;

/// <summary>
/// Collects the buckets, count and sum of one classic histogram and converts them into a native histogram with custom buckets (Prometheus' convertnhcb). Buckets
/// may come in any order; the first of two equal ones counts. Reused.
/// </summary>
internal sealed class ClassicCollector
{
    private const int MaxEmptyInteger = 2;
    private readonly List<Bucket> _buckets = [];
    private readonly BucketLayout _layout = new();
    private double _count;
    private bool _hasCount;
    private double _sum;
    private string? _problem;

    /// <summary>What makes the conversion impossible so far, or null.</summary>
    public string? Problem => _problem;

    public void Reset()
    {
        _buckets.Clear();
        _count = _sum = 0;
        _hasCount = false;
        _problem = null;
    }

    public void AddBucket(double upperBound, double count)
    {
        if (_problem is not null)
            return;
        if (double.IsNaN(upperBound))
            _problem = "bucket boundary must not be NaN";
        else if (count < 0)
            _problem = $"bucket count must be non-negative: le={upperBound}, count={count}";
        if (_problem is null)
            _buckets.Add(new Bucket(upperBound, count, 0));
    }

    public void SetCount(double count)
    {
        if (_problem is not null)
            return;
        if (count < 0)
            _problem = $"count must be non-negative: count={count}";
        _count = count;
        _hasCount = true;
    }

    public void SetSum(double sum) => _sum = sum;

    /// <summary>The histogram, or null with <see cref="Problem"/> set.</summary>
    public NativeHistogram? Convert(bool isGauge)
    {
        Order();
        if (_problem is not null)
            return null;
        if (!_hasCount && _buckets.Count > 0)
            _count = _buckets[^1].Count;
        if (_buckets.Count == 0 || !double.IsPositiveInfinity(_buckets[^1].UpperBound))
            _buckets.Add(new Bucket(double.PositiveInfinity, _count, 0));
        var highest = _buckets[^1].Count;
        if (!(_count == highest))
        {
            _problem = $"count mismatch: count={_count} != le=+Inf count={highest}";
            return null;
        }
        var integer = IsInteger(_count);
        foreach (var bucket in _buckets)
            integer &= IsInteger(bucket.Count);
        var bounds = new double[_buckets.Count - 1];
        _layout.Reset();
        double below = 0;
        for (var i = 0; i < _buckets.Count; i++)
        {
            if (i < bounds.Length)
                bounds[i] = _buckets[i].UpperBound;
            // NaN counts cannot be ordered; they never are buckets.
            if (double.IsNaN(_buckets[i].Count))
            {
                _problem = "bucket count must be a number";
                return null;
            }
            _layout.Add(i, _buckets[i].Count - below);
            below = _buckets[i].Count;
        }
        var (spans, counts) = _layout.Build(integer ? MaxEmptyInteger : 0);
        return new NativeHistogram
        {
            Schema = NativeHistogram.CustomBucketsSchema,
            CounterResetHint = isGauge ? CounterResetHint.Gauge : CounterResetHint.Unknown,
            Count = _count,
            Sum = _sum,
            PositiveSpans = spans,
            PositiveBuckets = counts,
            CustomValues = bounds,
        };
    }

    /// <summary>Sorts by bound, keeps the first of equals, and sees that counts do not fall. Once, however the buckets came: inserting each would be quadratic.</summary>
    private void Order()
    {
        for (var i = 0; i < _buckets.Count; i++)
            _buckets[i] = _buckets[i] with { Order = i };
        _buckets.Sort(static (a, b) => a.UpperBound == b.UpperBound ? a.Order.CompareTo(b.Order) : a.UpperBound.CompareTo(b.UpperBound));
        var kept = 0;
        for (var i = 0; i < _buckets.Count; i++)
        {
            if (kept > 0 && _buckets[kept - 1].UpperBound == _buckets[i].UpperBound)
                continue;
            if (kept > 0 && _buckets[i].Count < _buckets[kept - 1].Count)
                _problem ??= $"count is not cumulative: {_buckets[i].Count} < {_buckets[kept - 1].Count}";
            _buckets[kept++] = _buckets[i];
        }
        _buckets.RemoveRange(kept, _buckets.Count - kept);
    }

    private readonly record struct Bucket(double UpperBound, double Count, int Order);

    private static bool IsInteger(double value) => Math.Abs(value) < 1L << 62 && value == Math.Floor(value);
}
