using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Cardinality;

/// <summary>Job and instance of a series.</summary>
public readonly record struct TargetKey(string Job, string Instance);

/// <summary>How many series of one table there are by metric, job and target. Made when a table comes or goes, at about 20 ns a series.</summary>
internal sealed class TableCounts
{
    private TableCounts()
    {
    }

    public long Series { get; private set; }
    public Dictionary<string, long> Metrics { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, long> Jobs { get; } = new(StringComparer.Ordinal);
    public Dictionary<TargetKey, long> Targets { get; } = [];

    public static TableCounts Of(SeriesTable? table)
    {
        var counts = new TableCounts();
        if (table is null)
            return counts;
        var metrics = new Dictionary<int, long>();
        var targets = new Dictionary<(int Job, int Instance), long>();
        var reader = new SeriesKeyReader(table);
        for (var series = 0; series < table.Count; series++)
        {
            var (metric, job, instance) = reader.Symbols(series);
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(metrics, metric, out _)++;
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(targets, (job, instance), out _)++;
        }
        counts.Series = table.Count;
        foreach (var (metric, count) in metrics)
            counts.Metrics.Add(table.Symbols.Text(metric), count);
        foreach (var (target, count) in targets)
        {
            var job = table.Symbols.Text(target.Job);
            counts.Jobs[job] = counts.Jobs.GetValueOrDefault(job) + count;
            counts.Targets.Add(new TargetKey(job, table.Symbols.Text(target.Instance)), count);
        }
        return counts;
    }
}
