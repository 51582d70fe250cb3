using ActorMon.Exposition.Parsing;
using ActorMon.Exposition.Protobuf;
using ActorMon.Model.Histograms;

namespace ActorMon.Exposition.Histograms;

/// <summary>Makes the model's histogram of a protobuf one: absolute counts, compact, schemas 9 to 52 brought down to 8.</summary>
internal sealed class NativeHistogramReader
{
    private const int MaxReducibleSchema = 52;
    private readonly BucketLayout _positive = new();
    private readonly BucketLayout _negative = new();

    /// <exception cref="ExpositionException">Spans and buckets disagree, a population is negative, or the count is not that of the buckets.</exception>
    public NativeHistogram Read(HistogramMessage message, bool isGauge)
    {
        if (message.Schema is < NativeHistogram.MinSchema or > MaxReducibleSchema)
            ParseErrors.Plain($"invalid histogram schema {message.Schema}");
        var shift = Math.Max(0, message.Schema - NativeHistogram.MaxSchema);
        Collect(_positive, "positive", message.PositiveSpans, message.PositiveDeltas, message.PositiveCounts, message.IsFloat, shift);
        Collect(_negative, "negative", message.NegativeSpans, message.NegativeDeltas, message.NegativeCounts, message.IsFloat, shift);
        var (positiveSpans, positiveBuckets) = _positive.Build(maxEmpty: 0);
        var (negativeSpans, negativeBuckets) = _negative.Build(maxEmpty: 0);
        var histogram = new NativeHistogram
        {
            Schema = Math.Min(message.Schema, NativeHistogram.MaxSchema),
            CounterResetHint = isGauge ? CounterResetHint.Gauge : CounterResetHint.Unknown,
            Count = message.NativeCount,
            Sum = message.Sum,
            ZeroCount = message.NativeZeroCount,
            ZeroThreshold = message.ZeroThreshold,
            PositiveSpans = positiveSpans,
            PositiveBuckets = positiveBuckets,
            NegativeSpans = negativeSpans,
            NegativeBuckets = negativeBuckets,
        };
        if ((message.IsFloat ? histogram.Validate() : HistogramValidation.CheckInteger(histogram)) is { } fault)
            ParseErrors.Plain(fault);
        return histogram;
    }

    private static void Collect(BucketLayout into, string side, List<BucketSpan> spans, List<long> deltas, List<double> counts, bool isFloat, int shift)
    {
        into.Reset();
        var have = isFloat ? counts.Count : deltas.Count;
        long need = 0;
        for (var i = 0; i < spans.Count; i++)
        {
            need += spans[i].Length;
            if (i > 0 && spans[i].Offset < 0)
                ParseErrors.Plain($"{side} side: span number {i + 1} with offset {spans[i].Offset}: histogram has a span whose offset is negative");
        }
        // Checked before any bucket is touched: a span's length is the sender's word.
        if (need != have)
            ParseErrors.Plain($"{side} side: spans require {need} buckets, have {have}");
        long index = 0;
        long absolute = 0;
        var at = 0;
        foreach (var span in spans)
        {
            index += span.Offset;
            for (uint i = 0; i < span.Length; i++, at++, index++)
            {
                absolute = isFloat ? 0 : unchecked(absolute + deltas[at]);
                // Bucket i covers (base^(i-1), base^i], hence the shift around one.
                into.Add(shift == 0 ? index : ((index - 1) >> shift) + 1, isFloat ? counts[at] : absolute);
            }
        }
    }
}
