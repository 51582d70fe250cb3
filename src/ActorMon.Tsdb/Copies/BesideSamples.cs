using System.Security.Cryptography;
using ActorMon.Model.Ingest;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb.Copies;

/// <summary>What part files do not hold, exemplars and metadata, as batches that any copy takes: of a writer of their own, numbered from 1.</summary>
public static class BesideSamples
{
    /// <param name="maxEntries">Exemplars and families in one batch.</param>
    public static IReadOnlyList<SampleBatch> Of(PartitionView view, PartitionId partition, int maxEntries = int.MaxValue)
    {
        var writer = new WriterId(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        var batches = new List<SampleBatch>();
        var exemplars = view.Exemplars([ResolvedMatchers.Resolve([], view.Symbols)], TimestampMs.Min, TimestampMs.Max)
            .SelectMany(e => e.Exemplars, (e, exemplar) => new SeriesExemplar(e.Series, exemplar));
        foreach (var some in exemplars.Chunk(maxEntries))
            batches.Add(new SampleBatch { Writer = writer, Number = batches.Count + 1, Partition = partition, Exemplars = some });
        foreach (var some in view.Metadata.Select(m => new FamilyMetadata(m.Key, m.Value)).Chunk(maxEntries))
            batches.Add(new SampleBatch { Writer = writer, Number = batches.Count + 1, Partition = partition, Metadata = some });
        return batches;
    }
}
