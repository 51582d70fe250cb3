using ActorMon.Model.Histograms;

namespace ActorMon.Exposition.Protobuf;

/// <summary>One classic bucket; <see cref="ExemplarEnd"/> 0: no exemplar.</summary>
internal struct BucketMessage
{
    public double Count;
    public double UpperBound;
    public int ExemplarStart;
    public int ExemplarEnd;
}

/// <summary>A decoded io.prometheus.client.Histogram, reused from metric to metric.</summary>
internal sealed class HistogramMessage
{
    private ulong _sampleCount;
    private ulong _zeroCount;
    private double _sampleCountFloat;
    private double _zeroCountFloat;

    public double Sum { get; private set; }
    public int Schema { get; private set; }
    public double ZeroThreshold { get; private set; }
    public long StartTimestampMs { get; private set; }
    public List<BucketMessage> Buckets { get; } = [];
    public List<(int Start, int End)> Exemplars { get; } = [];
    public List<BucketSpan> PositiveSpans { get; } = [];
    public List<BucketSpan> NegativeSpans { get; } = [];
    public List<long> PositiveDeltas { get; } = [];
    public List<long> NegativeDeltas { get; } = [];
    public List<double> PositiveCounts { get; } = [];
    public List<double> NegativeCounts { get; } = [];

    /// <summary>The count of observations; the float field counts when it is set.</summary>
    public double ClassicCount => _sampleCountFloat != 0 ? _sampleCountFloat : _sampleCount;
    public bool IsFloat => _sampleCountFloat > 0 || _zeroCountFloat > 0;
    public double NativeCount => IsFloat ? _sampleCountFloat : _sampleCount;
    public double NativeZeroCount => IsFloat ? _zeroCountFloat : _zeroCount;

    /// <summary>A span (even an empty one) or anything about the zero bucket makes it native.</summary>
    public bool IsNative => PositiveSpans.Count > 0 || NegativeSpans.Count > 0 || ZeroThreshold > 0 || _zeroCount > 0;

    public void Reset()
    {
        _sampleCount = _zeroCount = 0;
        _sampleCountFloat = _zeroCountFloat = Sum = ZeroThreshold = 0;
        Schema = 0;
        StartTimestampMs = 0;
        Buckets.Clear();
        Exemplars.Clear();
        PositiveSpans.Clear();
        NegativeSpans.Clear();
        PositiveDeltas.Clear();
        NegativeDeltas.Clear();
        PositiveCounts.Clear();
        NegativeCounts.Clear();
    }

    public void Read(byte[] source, int start, int end)
    {
        var reader = new ProtoReader(source, start, end);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: _sampleCount = reader.UInt64(); break;
                case 2: Sum = reader.Double(); break;
                case 3: Buckets.Add(ReadBucket(source, reader.Slice())); break;
                case 4: _sampleCountFloat = reader.Double(); break;
                case 5: Schema = reader.SInt32(); break;
                case 6: ZeroThreshold = reader.Double(); break;
                case 7: _zeroCount = reader.UInt64(); break;
                case 8: _zeroCountFloat = reader.Double(); break;
                case 9: NegativeSpans.Add(ReadSpan(source, reader.Slice())); break;
                case 10: reader.SInt64s(NegativeDeltas); break;
                case 11: reader.Doubles(NegativeCounts); break;
                case 12: PositiveSpans.Add(ReadSpan(source, reader.Slice())); break;
                case 13: reader.SInt64s(PositiveDeltas); break;
                case 14: reader.Doubles(PositiveCounts); break;
                case 15: StartTimestampMs = TimestampMessage.ReadMs(source, reader.Slice()); break;
                case 16: Exemplars.Add(reader.Slice()); break;
                default: reader.Skip(); break;
            }
        }
    }

    private static BucketMessage ReadBucket(byte[] source, (int Start, int End) slice)
    {
        var bucket = new BucketMessage();
        double floatCount = 0;
        var reader = new ProtoReader(source, slice.Start, slice.End);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: bucket.Count = reader.UInt64(); break;
                case 2: bucket.UpperBound = reader.Double(); break;
                case 3: (bucket.ExemplarStart, bucket.ExemplarEnd) = reader.Slice(); break;
                case 4: floatCount = reader.Double(); break;
                default: reader.Skip(); break;
            }
        }
        if (floatCount != 0)
            bucket.Count = floatCount;
        return bucket;
    }

    private static BucketSpan ReadSpan(byte[] source, (int Start, int End) slice)
    {
        var offset = 0;
        uint length = 0;
        var reader = new ProtoReader(source, slice.Start, slice.End);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: offset = reader.SInt32(); break;
                case 2: length = (uint)reader.UInt64(); break;
                default: reader.Skip(); break;
            }
        }
        return new BucketSpan(offset, length);
    }
}
