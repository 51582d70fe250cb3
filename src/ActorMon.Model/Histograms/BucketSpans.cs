namespace ActorMon.Model.Histograms;

/// <summary>One side of a histogram: spans and absolute counts. Walks the buckets in index order; built again from (index, count) pairs.</summary>
public static class BucketSpans
{
    /// <summary>Walks (index, count) in ascending index order; stops where spans or counts end, whichever is first.</summary>
    public static Enumerator Walk(ReadOnlySpan<BucketSpan> spans, ReadOnlySpan<double> counts) => new(spans, counts);

    /// <summary>The counts from differences to the bucket before (the wire form of integer histograms).</summary>
    public static double[] FromDeltas(ReadOnlySpan<long> deltas)
    {
        var counts = new double[deltas.Length];
        var sum = 0L;
        for (var i = 0; i < deltas.Length; i++)
        {
            sum = unchecked(sum + deltas[i]);
            counts[i] = sum;
        }
        return counts;
    }

    /// <summary>The differences of counts; false when a count is no whole number that a long holds.</summary>
    public static bool TryToDeltas(ReadOnlySpan<double> counts, Span<long> deltas)
    {
        var before = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            if (!(Math.Abs(counts[i]) <= 1L << 62) || Math.Floor(counts[i]) != counts[i])
                return false;
            var count = (long)counts[i];
            deltas[i] = count - before;
            before = count;
        }
        return true;
    }

    public ref struct Enumerator(ReadOnlySpan<BucketSpan> spans, ReadOnlySpan<double> counts)
    {
        private readonly ReadOnlySpan<BucketSpan> _spans = spans;
        private readonly ReadOnlySpan<double> _counts = counts;
        private int _span = -1;
        private uint _left;
        private int _next;

        /// <summary>Index of the bucket.</summary>
        public int Index { get; private set; } = -1;

        /// <summary>Position of the bucket among the counts.</summary>
        public readonly int Position => _next - 1;

        public readonly double Count => _counts[_next - 1];

        public readonly Enumerator GetEnumerator() => this;

        public readonly (int Index, double Count) Current => (Index, Count);

        public bool MoveNext()
        {
            if (_next >= _counts.Length)
                return false;
            // An offset counts from the bucket after the last one; before the first that is index 0.
            Index++;
            while (_left == 0)
            {
                if (++_span >= _spans.Length)
                    return false;
                Index += _spans[_span].Offset;
                _left = _spans[_span].Length;
            }
            _left--;
            _next++;
            return true;
        }
    }
}
