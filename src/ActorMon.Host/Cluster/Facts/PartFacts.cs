using System.Globalization;
using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Facts;

namespace ActorMon.Host.Cluster.Facts;

/// <summary>Finished files of the storage: those of some partitions, and all as one list.</summary>
public static class PartFacts
{
    public static PartsOfPartitions Of(PartitionTable table, IReadOnlyList<PartitionId> partitions)
    {
        var told = new PartsOfPartitions();
        foreach (var partition in partitions)
            foreach (var part in table[partition]?.StoredParts() ?? [])
                told.Parts.Add(new PartRow
                {
                    Partition = partition.Value,
                    Sequence = part.Sequence,
                    MinTime = part.MinTime,
                    MaxTime = part.MaxTime,
                    Samples = part.Samples,
                    Series = part.Series,
                    Level = part.Level,
                });
        return told;
    }

    /// <summary>By time.</summary>
    public static IReadOnlyList<StoredBlock> Merge(IReadOnlyList<PartsOfPartitions> nodes) =>
    [
        .. nodes.SelectMany(node => node.Parts)
            .Select(p => new StoredBlock(string.Create(CultureInfo.InvariantCulture, $"p-{p.Partition:D2}/{p.Sequence}"), p.MinTime, p.MaxTime, p.Samples, (int)p.Series, p.Level))
            .OrderBy(b => b.MinTime).ThenBy(b => b.Name, StringComparer.Ordinal),
    ];
}
