using ActorMon.Model.Labels;

namespace ActorMon.Model.Sharding;

/// <summary>
/// Which partition a series belongs to: StableHash of its placement labels modulo P. Placement labels are (instance, job) when the series has both, else all
/// its labels, so the series of one target share a partition and a scrape is normally one batch.
/// </summary>
public static class Placement
{
    public const int DefaultPartitions = 32;

    /// <param name="partitions">P, a power of two, fixed for a cluster's life.</param>
    public static PartitionId Of(LabelSet series, int partitions)
    {
        var known = series.PlacementCache;
        if (known == 0)
            series.PlacementCache = known = int.MinValue | (int)Hash(series);
        return new PartitionId(known & (partitions - 1));
    }

    private static ulong Hash(LabelSet series)
    {
        var instance = series.Get(LabelNames.Instance);
        var job = series.Get(LabelNames.Job);
        return instance.Length > 0 && job.Length > 0
            ? StableHash.Of([new Label(LabelNames.Instance, instance), new Label(LabelNames.Job, job)])
            : StableHash.Of(series);
    }
}
