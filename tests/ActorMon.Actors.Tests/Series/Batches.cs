using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;

namespace ActorMon.Actors.Tests.Series;

internal static class Batches
{
    public static readonly WriterId Writer = new(0xBEEF);
    public const long Start = 1_700_000_000_000;

    /// <summary>One sample of series {n="..."} whose value is its number.</summary>
    public static SampleBatch Of(int partition, int number, Action<SampleBatch>? released = null) => new()
    {
        Writer = Writer,
        Partition = new PartitionId(partition),
        Loose = [new LooseSample(LabelSet.Of("__name__", "m", "n", $"{number:000}"), new TimestampMs(Start + number), number)],
        OnRelease = released,
    };

    public static IReadOnlyList<SampleBatch> Many(int partition, int from, int count) => [.. Enumerable.Range(from, count).Select(n => Of(partition, n))];
}
