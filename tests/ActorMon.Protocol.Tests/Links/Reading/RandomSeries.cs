using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Protocol.Tests.Links.Reading;

/// <summary>Series of every kind, ascending, from a seed.</summary>
internal static class RandomSeries
{
    private static readonly double[] Odd =
        [double.NaN, SpecialValues.StaleNaN, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 9007199254740992, -9007199254740993, 1e300, 0.1];

    public static List<(LabelSet Labels, SampleBuffer Samples)> Of(int seed, int most = 40)
    {
        var random = new Random(seed);
        var labels = new SortedSet<LabelSet>();
        for (var i = random.Next(1, most); i > 0; i--)
            labels.Add(Labels(random));
        var shared = Times(random);
        return [.. labels.Select(set => (set, Samples(random, random.Next(3) > 0 ? shared : Times(random))))];
    }

    private static LabelSet Labels(Random random)
    {
        string[] names = ["__name__", "instance", "job", "le", "ü", "a b", "\uDC80"];
        var builder = new LabelSetBuilder();
        for (var i = random.Next(0, names.Length); i > 0; i--)
            builder.Set(names[random.Next(names.Length)], random.Next(4) == 0 ? new string('x', random.Next(1, 300)) : $"v{random.Next(20)}\uDCFF");
        return builder.Build();
    }

    private static long[] Times(Random random)
    {
        var times = new long[random.Next(6) == 0 ? 0 : random.Next(1, 400)];
        var time = random.Next(4) == 0 ? random.NextInt64(long.MinValue, 0) : 1_700_000_000_000;
        for (var i = 0; i < times.Length; i++)
            times[i] = time += random.Next(10) == 0 ? random.NextInt64(1, 1L << random.Next(1, 40)) : 15_000;
        return times;
    }

    private static SampleBuffer Samples(Random random, long[] times)
    {
        var samples = new SampleBuffer();
        var kind = random.Next(5);
        var number = random.Next(1000);
        for (var i = 0; i < times.Length; i++)
        {
            if (kind == 4 && random.Next(2) == 0)
                samples.Add(times[i], Histogram(random));
            else
                samples.Add(times[i], kind switch
                {
                    0 => number,
                    1 => number += random.Next(-5, 1000),
                    2 => random.NextDouble() * number,
                    _ => random.Next(3) == 0 ? Odd[random.Next(Odd.Length)] : number++,
                });
            if (kind == 3 && random.Next(2) == 0)
                samples.SetStartTime(times[i] - random.Next(10_000));
        }
        return samples;
    }

    private static NativeHistogram Histogram(Random random)
    {
        var buckets = new double[random.Next(0, 40)];
        for (var i = 0; i < buckets.Length; i++)
            buckets[i] = random.Next(2) == 0 ? random.Next(100) : random.NextDouble();
        return new NativeHistogram
        {
            Schema = random.Next(-4, 9),
            CounterResetHint = (CounterResetHint)random.Next(4),
            ZeroThreshold = 0.001,
            ZeroCount = random.Next(10),
            Count = random.Next(1000),
            Sum = random.Next(8) == 0 ? SpecialValues.StaleNaN : random.NextDouble(),
            PositiveSpans = buckets.Length == 0 ? [] : [new BucketSpan(random.Next(-3, 3), (uint)buckets.Length)],
            PositiveBuckets = buckets,
        };
    }
}
