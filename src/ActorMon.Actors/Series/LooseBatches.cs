using System.Buffers;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;

namespace ActorMon.Actors.Series;

/// <summary>Splits samples of any series into one batch for each partition that has some of them.</summary>
/// <param name="writer">This node in its present life.</param>
public sealed class LooseBatches(Func<WriterId> writer, int partitions)
{
    /// <summary>Where the samples of a series go.</summary>
    public PartitionId PartitionOf(LabelSet series) => Placement.Of(series, partitions);

    public IReadOnlyList<SampleBatch> Split(IReadOnlyList<LooseSample> samples, IReadOnlyList<SeriesExemplar> exemplars, IReadOnlyList<FamilyMetadata> metadata)
    {
        var loose = Spread(samples);
        var rows = new List<SeriesExemplar>?[partitions];
        foreach (var exemplar in exemplars)
            (rows[Placement.Of(exemplar.Series, partitions).Value] ??= []).Add(exemplar);

        var batches = new List<SampleBatch>();
        for (var p = 0; p < partitions; p++)
        {
            // Metadata has no series to place it by: partition 0 keeps what remote write brings.
            var families = p == 0 ? metadata : [];
            if (loose[p] is null && rows[p] is null && families.Count == 0)
                continue;
            batches.Add(new SampleBatch
            {
                Writer = writer(),
                Partition = new PartitionId(p),
                Loose = loose[p] ?? [],
                Exemplars = rows[p]?.ToArray() ?? [],
                Metadata = [.. families],
            });
        }
        return batches;
    }

    /// <summary>The samples of each partition, in arrays of their own that are made at their length: a request is mostly of one target, so of one partition.</summary>
    private LooseSample[]?[] Spread(IReadOnlyList<LooseSample> samples)
    {
        var places = ArrayPool<int>.Shared.Rent(samples.Count);
        var counts = new int[partitions];
        // Samples of one series follow each other, so the placement of the previous one usually holds.
        LabelSet? previous = null;
        var place = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            var series = samples[i].Series;
            if (!ReferenceEquals(previous, series))
                place = Placement.Of(previous = series, partitions).Value;
            places[i] = place;
            counts[place]++;
        }
        var spread = new LooseSample[]?[partitions];
        for (var i = samples.Count - 1; i >= 0; i--)
        {
            place = places[i];
            (spread[place] ??= new LooseSample[counts[place]])[--counts[place]] = samples[i];
        }
        ArrayPool<int>.Shared.Return(places);
        return spread;
    }
}
