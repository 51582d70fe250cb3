namespace ActorMon.Model.Histograms;

/// <summary>Builds spans and counts of one side from buckets added in ascending index order; a bucket right after the last one extends its span.</summary>
public sealed class BucketListBuilder
{
    private readonly List<BucketSpan> _spans = [];
    private readonly List<double> _counts = [];
    private int _lastIndex;

    public int Count => _counts.Count;

    public BucketSpan[] Spans => [.. _spans];

    public double[] Counts => [.. _counts];

    /// <summary>Adds a bucket; one with the index of the last bucket is added to it.</summary>
    public void Add(int index, double count)
    {
        if (_counts.Count == 0)
        {
            _spans.Add(new BucketSpan(index, 1));
        }
        else if (index == _lastIndex)
        {
            _counts[^1] += count;
            return;
        }
        else if (index == _lastIndex + 1)
        {
            _spans[^1] = _spans[^1] with { Length = _spans[^1].Length + 1 };
        }
        else
        {
            _spans.Add(new BucketSpan(index - _lastIndex - 1, 1));
        }
        _counts.Add(count);
        _lastIndex = index;
    }
}
