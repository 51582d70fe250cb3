using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links.Batches;
using ActorMon.Replication.Copies;

namespace ActorMon.Protocol.Tests.Links.Batches;

/// <summary>Batches of every kind, decided by a seed.</summary>
internal static class RandomBatches
{
    public static AddressedBatch Next(Random random)
    {
        var hasColumns = random.Next(3) > 0;
        var loose = new List<LooseSample>();
        for (var series = random.Next(4); series > 0; series--)
        {
            var labels = Series(random);
            for (var i = random.Next(1, 4); i > 0; i--)
                loose.Add(new LooseSample(labels, Time(random), Value(random), random.Next(4) == 0 ? Histogram(random) : null));
        }
        return new AddressedBatch(random.Next(8), new BatchTerms(random.NextInt64(1L << random.Next(1, 62)), random.NextInt64(1L << random.Next(1, 62))), new SampleBatch
        {
            Writer = new WriterId((ulong)random.NextInt64(long.MinValue, long.MaxValue)),
            Number = random.NextInt64(1, 1L << random.Next(2, 62)),
            Partition = new PartitionId(random.Next(32)),
            Columns = hasColumns ? Columns(random) : null,
            Loose = [.. loose],
            Exemplars = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new SeriesExemplar(Series(random), new Exemplar(random.Next(2) == 0 ? LabelSet.Empty : Series(random), Value(random), Time(random))))],
            Metadata = [.. Enumerable.Range(0, random.Next(3)).Select(i => new FamilyMetadata($"family_{i}", new MetricMetadata((MetricType)random.Next(8), "help \udc80 ü", "")))],
        });
    }

    public static NativeHistogram Histogram(Random random) => new()
    {
        Schema = random.Next(-4, 9),
        CounterResetHint = (CounterResetHint)random.Next(4),
        ZeroThreshold = 1e-128,
        ZeroCount = random.Next(5),
        Count = random.Next(1000),
        Sum = Value(random),
        PositiveSpans = [new BucketSpan(random.Next(-5, 5), 2), new BucketSpan(3, 1)],
        PositiveBuckets = [1, 2.5, random.Next(9)],
    };

    private static LayoutColumns Columns(Random random)
    {
        var slots = random.Next(1, 200);
        var firstNew = random.Next(slots + 1);
        var missing = new ulong[random.Next(2) == 0 ? 0 : (slots + 63) / 64];
        for (var slot = 0; slot < slots && missing.Length > 0; slot++)
            missing[slot >> 6] |= (ulong)random.Next(2) << (slot & 63);
        return new LayoutColumns
        {
            Layout = new LayoutId(new WriterId((ulong)random.NextInt64()), (uint)random.NextInt64(uint.MaxValue)),
            SlotCount = slots,
            ContentHash = (ulong)random.NextInt64(),
            FirstNewSlot = firstNew,
            NewSeries = [.. Enumerable.Range(firstNew, slots - firstNew).Select(_ => Series(random))],
            Timestamp = Time(random),
            // As from a pool: longer than it is meant.
            Values = Enumerable.Range(0, slots + 5).Select(_ => Value(random)).ToArray().AsMemory(0, slots),
            Missing = missing,
        };
    }

    private static LabelSet Series(Random random) => LabelSet.Of("__name__", $"m{random.Next(5)}", "job", "j", "text", $"ü\udcff{random.Next(3)}", "e", random.Next(2) == 0 ? "" : "x");

    private static TimestampMs Time(Random random) => new(random.Next(10) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : 1_700_000_000_000 + random.Next(100_000));

    private static double Value(Random random) => random.Next(6) switch
    {
        0 => SpecialValues.StaleNaN,
        1 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        2 => -0.0,
        _ => random.Next(1000) / 8.0,
    };
}
