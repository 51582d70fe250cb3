using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;
using CsCheck;

namespace ActorMon.Model.Tests.Histograms;

public sealed class NativeHistogramTests
{
    private static NativeHistogram Sample() => new()
    {
        Schema = 0,
        Count = 12,
        Sum = 20.5,
        ZeroThreshold = 0.001,
        ZeroCount = 1,
        PositiveSpans = [new(0, 2), new(1, 2)],
        PositiveBuckets = [1, 2, 0, 4],
        NegativeSpans = [new(1, 2)],
        NegativeBuckets = [3, 1],
    };

    [Fact]
    public void Its_text_lists_filled_buckets_in_ascending_order() =>
        Assert.Equal("{count:12, sum:20.5, [-4,-2):1, [-2,-1):3, [-0.001,0.001]:1, (0.5,1]:1, (1,2]:2, (8,16]:4}", Sample().ToString());

    [Fact]
    public void Custom_buckets_have_their_own_bounds()
    {
        var h = new NativeHistogram { Schema = -53, Count = 6, Sum = 1, PositiveSpans = [new(0, 3)], PositiveBuckets = [1, 2, 3], CustomValues = [0.5, 1] };
        Assert.Equal("{count:6, sum:1, [-Inf,0.5]:1, (0.5,1]:2, (1,+Inf]:3}", h.ToString());
        Assert.Null(h.Validate());
    }

    [Fact]
    public void Bounds_are_those_of_the_peer_to_the_bit()
    {
        Assert.Equal(0.7071067811865475, HistogramBounds.Exponential(-1, 1));
        Assert.Equal(1.414213562373095, HistogramBounds.Exponential(1, 1));
        Assert.Equal(0.9972960560854698, HistogramBounds.Exponential(-1, 8));
        Assert.Equal(0.5013556375251013, HistogramBounds.Exponential(-255, 8));
        Assert.Equal(0.7879904225539431, HistogramBounds.Exponential(-11, 5));
        Assert.Equal(65536, HistogramBounds.Exponential(1, -4));
        Assert.Equal(double.MaxValue, HistogramBounds.Exponential(1024, 0));
        Assert.Equal(double.PositiveInfinity, HistogramBounds.Exponential(1025, 0));
        Assert.Equal(double.MaxValue, HistogramBounds.Exponential(64, -4));
        Assert.Equal(double.PositiveInfinity, HistogramBounds.Exponential(65, -4));
    }

    [Fact]
    public void Bounds_grow_with_the_index()
    {
        for (var schema = NativeHistogram.MinSchema; schema <= NativeHistogram.MaxSchema; schema++)
            for (var index = -600; index < 600; index++)
                Assert.True(HistogramBounds.Exponential(index, schema) <= HistogramBounds.Exponential(index + 1, schema));
    }

    [Fact]
    public void Equality_is_by_content()
    {
        Assert.Equal(Sample(), Sample());
        Assert.Equal(Sample().GetHashCode(), Sample().GetHashCode());
        Assert.NotEqual(Sample(), Sample() with { PositiveBuckets = [1, 2, 0, 5] });
        Assert.NotEqual(Sample(), Sample() with { Sum = SpecialValues.StaleNaN });
        Assert.Equal(Sample() with { Sum = double.NaN }, Sample() with { Sum = double.NaN });
        Assert.NotEqual(Sample(), Sample() with { CounterResetHint = CounterResetHint.Reset });
        Assert.True(Sample().SameContent(Sample() with { CounterResetHint = CounterResetHint.Reset }));
        Assert.True((Sample() with { Sum = SpecialValues.StaleNaN }).IsStale);
        Assert.False((Sample() with { Sum = double.NaN }).IsStale);
    }

    public static TheoryData<NativeHistogram, string> Faults => new()
    {
        { Sample() with { Schema = 9 }, "histogram has an invalid schema, which must be between -4 and 8 for exponential buckets, or -53 for custom buckets, got schema 9" },
        { Sample() with { PositiveBuckets = [1] }, "positive side: spans need 4 buckets, have 1 buckets: histogram spans specify different number of buckets than provided" },
        { Sample() with { NegativeSpans = [new(0, 1), new(-1, 1)] }, "negative side: span number 2 with offset -1: histogram has a span whose offset is negative" },
        { Sample() with { NegativeBuckets = [3, -1] }, "negative side: bucket number 2 has observation count of -1: histogram has a bucket whose observation count is negative" },
        { Sample() with { ZeroCount = -2 }, "zero bucket has observation count of -2: histogram has a bucket whose observation count is negative" },
        { Sample() with { Count = -1 }, "observation count is  -1: histogram's observation count is negative" },
        { Sample() with { CustomValues = [1] }, "histogram with exponential schema must not have custom bounds" },
        { Custom([2, 1]), "custom buckets: previous bound is 2.000000 and current is 1.000000: histogram custom bounds must be in strictly increasing order" },
        { Custom([1, double.PositiveInfinity]), "custom buckets: last +Inf bound must not be explicitly defined: histogram custom bounds must be finite" },
        { Custom([double.NaN]), "custom buckets: histogram custom bounds must not be NaN" },
        { Custom([]), "custom buckets: only 0 custom bounds defined which is insufficient to cover total span length of 2: histogram custom bounds are too few" },
        { Custom([1, 2]) with { ZeroCount = 1 }, "custom buckets: must have zero count of 0" },
        { Custom([1, 2]) with { ZeroThreshold = 1 }, "custom buckets: must have zero threshold of 0" },
        { Custom([1, 2]) with { NegativeSpans = [new(0, 0)] }, "custom buckets: must not have negative spans" },
        { Custom([1, 2]) with { NegativeBuckets = [1] }, "custom buckets: must not have negative buckets" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named_in_the_peers_words(NativeHistogram histogram, string text) => Assert.Equal(text, histogram.Validate());

    [Fact]
    public void Counts_of_integer_histograms_must_add_up()
    {
        var good = Sample() with { Count = 12 };
        Assert.Null(HistogramValidation.CheckInteger(good));
        Assert.Equal(
            "12 observations found in buckets, but the Count field is 99: histogram's observation count should equal the number of observations found in the buckets (in absence of NaN)",
            HistogramValidation.CheckInteger(good with { Count = 99 }));
        Assert.Null(HistogramValidation.CheckInteger(good with { Count = 99, Sum = double.NaN }));
        Assert.Contains("at least", HistogramValidation.CheckInteger(good with { Count = 3, Sum = double.NaN }), StringComparison.Ordinal);
    }

    [Fact]
    public void Compacting_drops_empty_buckets_and_joins_near_spans()
    {
        var h = Sample() with { PositiveSpans = [new(-2, 3), new(0, 0), new(2, 3), new(1, 1)], PositiveBuckets = [0, 5, 0, 1, 0, 2, 3] };
        var none = h.Compact(0);
        Assert.Equal([new BucketSpan(-1, 1), new(3, 1), new(1, 1), new(1, 1)], none.PositiveSpans);
        Assert.Equal([5.0, 1, 2, 3], none.PositiveBuckets);
        var few = h.Compact(2);
        Assert.Equal([new BucketSpan(-1, 1), new(3, 5)], few.PositiveSpans);
        Assert.Equal([5.0, 1, 0, 2, 0, 3], few.PositiveBuckets);
        Assert.Equal([new BucketSpan(-1, 9)], h.Compact(int.MaxValue).PositiveSpans);
        Assert.Empty((h with { PositiveSpans = [new(1, 2)], PositiveBuckets = [0, 0] }).Compact(0).PositiveSpans);
    }

    [Fact]
    public void A_compact_histogram_is_left_alone()
    {
        var h = Sample() with { PositiveSpans = [new(0, 2), new(3, 1)], PositiveBuckets = [1, 2, 3] };
        Assert.Same(h, h.Compact(0));
    }

    [Fact]
    public void Compacting_keeps_every_observation_in_its_bucket() => Histograms.Sample(h =>
    {
        foreach (var allowed in new[] { 0, 1, 3 })
            Assert.Equal(Filled(h), Filled(h.Compact(allowed)));
    });

    [Fact]
    public void A_lower_resolution_holds_the_same_observations_in_wider_buckets() => Histograms.Sample(h =>
    {
        var reduced = h.ReduceResolution(h.Schema - 2);
        Assert.Null(reduced.Validate());
        Assert.Equal(h.PositiveBuckets.Sum(), reduced.PositiveBuckets.Sum(), 6);
        var narrow = Filled(h);
        foreach (var wide in Filled(reduced))
            Assert.Equal(wide.Count, narrow.Where(n => n.Lower >= wide.Lower && n.Upper <= wide.Upper).Sum(n => n.Count), 6);
    });

    [Fact]
    public void Resolution_is_only_reduced()
    {
        Assert.Null(HistogramShape.ReduceResolution(Sample(), 0));
        Assert.Null(HistogramShape.ReduceResolution(Custom([1, 2]), -60));
        Assert.Throws<InvalidOperationException>(() => Sample().ReduceResolution(1));
    }

    [Fact]
    public void Deltas_and_counts_are_each_others_inverse() => Gen.Long[0, 1L << 40].Array[0, 20].Sample(counts =>
    {
        var values = counts.Select(c => (double)c).ToArray();
        var deltas = new long[counts.Length];
        Assert.True(BucketSpans.TryToDeltas(values, deltas));
        Assert.Equal(values, BucketSpans.FromDeltas(deltas));
    });

    [Fact]
    public void A_fraction_is_no_delta() => Assert.False(BucketSpans.TryToDeltas([1, 2.5], new long[2]));

    private static NativeHistogram Custom(double[] bounds) =>
        new() { Schema = NativeHistogram.CustomBucketsSchema, PositiveSpans = [new(0, 2)], PositiveBuckets = [1, 2], CustomValues = bounds };

    private static List<HistogramBucket> Filled(NativeHistogram h)
    {
        var buckets = new List<HistogramBucket>();
        h.CopyBuckets(buckets);
        buckets.RemoveAll(b => b.Count == 0);
        return buckets;
    }

    private static readonly Gen<(BucketSpan[] Spans, double[] Counts)> Sides = Gen.Select(Gen.Int[-20, 20], Gen.Int[0, 4], (offset, length) => (offset, length)).Array[0, 4]
        .SelectMany(spans => Gen.Int[0, 3].Array[spans.Sum(s => s.length)].Select(counts => (
            spans.Select((s, i) => new BucketSpan(i == 0 ? s.offset : Math.Abs(s.offset) % 5, (uint)s.length)).ToArray(),
            counts.Select(c => (double)c).ToArray())));

    private static readonly Gen<NativeHistogram> Histograms = Gen.Select(Sides, Sides, Gen.Int[-2, 8]).Select((positive, negative, schema) => new NativeHistogram
    {
        Schema = schema,
        PositiveSpans = positive.Spans,
        PositiveBuckets = positive.Counts,
        NegativeSpans = negative.Spans,
        NegativeBuckets = negative.Counts,
        ZeroThreshold = 1e-100,
        ZeroCount = 1,
    });
}
