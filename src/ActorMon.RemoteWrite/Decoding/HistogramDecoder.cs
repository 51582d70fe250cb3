using ActorMon.Model.Histograms;
using ActorMon.RemoteWrite.Wire;

namespace ActorMon.RemoteWrite.Decoding;

/// <summary>Reads a Histogram message (integer form: differences of bucket counts; float form: counts) into the one form the engine has, and checks it.</summary>
internal sealed class HistogramDecoder
{
    private readonly List<double> _customValues = [];
    private readonly Side _negative = new();
    private readonly Side _positive = new();

    public bool TryDecode(ReadOnlySpan<byte> message, out HistogramSample sample, out string? error)
    {
        sample = default;
        _negative.Clear();
        _positive.Clear();
        _customValues.Clear();
        var reader = new WireReader(message);
        long schema = 0, timestamp = 0;
        ulong hint = 0, zeroCountInteger = 0, countInteger = 0;
        double sum = 0, zeroThreshold = 0, countFloat = 0, zeroCountFloat = 0;
        var isFloat = false;
        while (reader.TryNext())
        {
            switch (reader.Field)
            {
                case 1:
                    countInteger = reader.VarintField("CountInt");
                    isFloat = false;
                    break;
                case 2:
                    countFloat = reader.DoubleField("CountFloat");
                    isFloat = true;
                    break;
                case 3:
                    sum = reader.DoubleField("Sum");
                    break;
                case 4:
                    schema = (int)reader.SignedField("Schema");
                    break;
                case 5:
                    zeroThreshold = reader.DoubleField("ZeroThreshold");
                    break;
                case 6:
                    zeroCountInteger = reader.VarintField("ZeroCountInt");
                    zeroCountFloat = 0;
                    break;
                case 7:
                    zeroCountFloat = reader.DoubleField("ZeroCountFloat");
                    zeroCountInteger = 0;
                    break;
                case 8:
                    ReadSpan(ref reader, _negative, "NegativeSpans");
                    break;
                case 9:
                    ReadDeltas(ref reader, _negative.Deltas, "NegativeDeltas");
                    break;
                case 10:
                    ReadDoubles(ref reader, _negative.Counts, "NegativeCounts");
                    break;
                case 11:
                    ReadSpan(ref reader, _positive, "PositiveSpans");
                    break;
                case 12:
                    ReadDeltas(ref reader, _positive.Deltas, "PositiveDeltas");
                    break;
                case 13:
                    ReadDoubles(ref reader, _positive.Counts, "PositiveCounts");
                    break;
                case 14:
                    hint = reader.VarintField("ResetHint");
                    break;
                case 15:
                    timestamp = (long)reader.VarintField("Timestamp");
                    break;
                case 16:
                    ReadDoubles(ref reader, _customValues, "CustomValues");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        error = reader.Error;
        if (error is not null)
            return false;

        var histogram = new NativeHistogram
        {
            Schema = (int)schema,
            CounterResetHint = hint <= (ulong)CounterResetHint.Gauge ? (CounterResetHint)hint : CounterResetHint.Unknown,
            ZeroThreshold = zeroThreshold,
            ZeroCount = isFloat ? zeroCountFloat : zeroCountInteger,
            Count = isFloat ? countFloat : countInteger,
            Sum = sum,
            PositiveSpans = [.. _positive.Spans],
            PositiveBuckets = _positive.Absolute(isFloat),
            NegativeSpans = [.. _negative.Spans],
            NegativeBuckets = _negative.Absolute(isFloat),
            CustomValues = [.. _customValues],
        };
        sample = Check(timestamp, histogram, isFloat);
        return true;
    }

    /// <summary>A finer schema than the engine keeps is brought to the finest it does; the rest must be valid as it is.</summary>
    private static HistogramSample Check(long timestamp, NativeHistogram histogram, bool isFloat)
    {
        if (histogram.Schema is > NativeHistogram.MaxSchema and <= HistogramShape.MaxKnownSchema)
        {
            if (HistogramShape.ReduceResolution(histogram, NativeHistogram.MaxSchema) is not { } reduced)
                return new HistogramSample(timestamp, histogram, "histogram spans specify different number of buckets than provided");
            histogram = reduced;
        }
        return new HistogramSample(timestamp, histogram, isFloat ? HistogramValidation.Check(histogram) : HistogramValidation.CheckInteger(histogram));
    }

    private static void ReadSpan(ref WireReader reader, Side side, string name)
    {
        var span = new WireReader(reader.BytesField(name));
        long offset = 0;
        uint length = 0;
        while (span.TryNext())
        {
            if (span.Field == 1)
                offset = span.SignedField("Offset");
            else if (span.Field == 2)
                length = (uint)span.VarintField("Length");
            else
                span.Skip();
        }
        reader.Adopt(span.Error);
        side.Spans.Add(new BucketSpan((int)offset, length));
    }

    /// <summary>A repeated sint64, packed or not.</summary>
    private static void ReadDeltas(ref WireReader reader, List<long> into, string name)
    {
        if (reader.Type != WireType.Bytes)
        {
            into.Add(reader.SignedField(name));
            return;
        }
        var packed = new WireReader(reader.BytesField(name));
        while (packed.TryReadPacked(out var value))
            into.Add(WireReader.ZigZag(value));
        reader.Adopt(packed.Error);
    }

    /// <summary>A repeated double, packed or not.</summary>
    private static void ReadDoubles(ref WireReader reader, List<double> into, string name)
    {
        if (reader.Type != WireType.Bytes)
        {
            into.Add(reader.DoubleField(name));
            return;
        }
        var packed = new WireReader(reader.BytesField(name));
        while (packed.TryReadPackedDouble(out var value))
            into.Add(value);
        reader.Adopt(packed.Error);
    }

    private sealed class Side
    {
        public List<BucketSpan> Spans { get; } = [];

        public List<long> Deltas { get; } = [];

        public List<double> Counts { get; } = [];

        public void Clear()
        {
            Spans.Clear();
            Deltas.Clear();
            Counts.Clear();
        }

        public double[] Absolute(bool isFloat) => isFloat
            ? [.. Counts]
            : BucketSpans.FromDeltas(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Deltas));
    }
}
