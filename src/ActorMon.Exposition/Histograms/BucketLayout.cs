using ActorMon.Exposition.Numbers;
using ActorMon.Exposition.Parsing;
using ActorMon.Model.Histograms;

namespace ActorMon.Exposition.Histograms;

/// <summary>
/// Collects the buckets of one side of a native histogram by index and lays them out as spans: empty buckets are dropped at the ends, and within only where more
/// than <c>maxEmpty</c> of them lie side by side. Reused.
/// </summary>
internal sealed class BucketLayout
{
    private readonly List<(long Index, double Count)> _buckets = [];

    public void Reset() => _buckets.Clear();

    /// <summary>Adds a bucket; indexes come in ascending order. Equal indexes add up.</summary>
    public void Add(long index, double count)
    {
        if (count == 0)
            return;
        if (count < 0)
            ParseErrors.Plain($"bucket number {_buckets.Count + 1} has observation count of {FloatWriter.ToText(count)}: histogram has a bucket whose observation count is negative");
        if (_buckets.Count > 0 && _buckets[^1].Index == index)
            _buckets[^1] = (index, _buckets[^1].Count + count);
        else
            _buckets.Add((index, count));
    }

    public (BucketSpan[] Spans, double[] Buckets) Build(int maxEmpty)
    {
        if (_buckets.Count == 0)
            return ([], []);
        var spans = new List<BucketSpan>();
        var counts = new List<double>(_buckets.Count);
        long previousEnd = 0;
        foreach (var (index, count) in _buckets)
        {
            var gap = index - previousEnd;
            if (spans.Count > 0 && gap <= maxEmpty)
            {
                for (var i = 0; i < gap; i++)
                    counts.Add(0);
                spans[^1] = spans[^1] with { Length = spans[^1].Length + (uint)gap + 1 };
            }
            else
            {
                if (gap is > int.MaxValue or < int.MinValue)
                    ParseErrors.Plain($"histogram span offset {gap} is out of range");
                spans.Add(new BucketSpan((int)gap, 1));
            }
            counts.Add(count);
            previousEnd = index + 1;
        }
        return ([.. spans], [.. counts]);
    }
}
