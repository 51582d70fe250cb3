using System.Runtime.InteropServices;

namespace ActorMon.Tsdb.Cardinality;

/// <summary>Active series of the node by metric, job and target. Keys without series are forgotten. Guarded by its owner.</summary>
internal sealed class SeriesTallies
{
    public long Total { get; private set; }
    public Dictionary<string, long> Metrics { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, long> Jobs { get; } = new(StringComparer.Ordinal);
    public Dictionary<TargetKey, long> Targets { get; } = [];

    public void Add(in SeriesKey key, long by)
    {
        Total += by;
        Add(Metrics, key.Metric, by);
        Add(Jobs, key.Job, by);
        Add(Targets, new TargetKey(key.Job, key.Instance), by);
    }

    public void Add(TableCounts counts, int sign)
    {
        Total += sign * counts.Series;
        foreach (var (metric, count) in counts.Metrics)
            Add(Metrics, metric, sign * count);
        foreach (var (job, count) in counts.Jobs)
            Add(Jobs, job, sign * count);
        foreach (var (target, count) in counts.Targets)
            Add(Targets, target, sign * count);
    }

    /// <summary>Active series in a scope of the key; -1: the scope does not concern a series without these labels.</summary>
    public long Of(LimitScope scope, in SeriesKey key) => scope switch
    {
        LimitScope.Node => Total,
        LimitScope.Job => key.Job.Length == 0 ? -1 : Jobs.GetValueOrDefault(key.Job),
        LimitScope.Target => key.Job.Length + key.Instance.Length == 0 ? -1 : Targets.GetValueOrDefault(new TargetKey(key.Job, key.Instance)),
        _ => key.Metric.Length == 0 ? -1 : Metrics.GetValueOrDefault(key.Metric),
    };

    private static void Add<TKey>(Dictionary<TKey, long> counts, TKey key, long by) where TKey : notnull
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
        count += by;
        if (count == 0)
            counts.Remove(key);
    }
}
