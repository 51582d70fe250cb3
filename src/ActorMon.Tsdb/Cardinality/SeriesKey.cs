using ActorMon.Model.Labels;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Cardinality;

/// <summary>The labels by which active series are counted; "" where a series has none.</summary>
internal readonly record struct SeriesKey(string Metric, string Job, string Instance)
{
    public static SeriesKey Of(LabelSet labels) => new(labels.Get(LabelNames.MetricName), labels.Get(LabelNames.Job), labels.Get(LabelNames.Instance));
}

/// <summary>Reads the keys of a table's series by their symbols, without label sets. One thread.</summary>
internal struct SeriesKeyReader(SeriesTable table)
{
    private int _metric = -1;
    private int _job = -1;
    private int _instance = -1;

    /// <summary>Value symbols of metric name, job and instance, or 0 (the symbol of "").</summary>
    public (int Metric, int Job, int Instance) Symbols(int series)
    {
        if (_instance < 0)
            Resolve();
        ref var row = ref table.Row(series);
        var names = table.Names(row);
        var values = table.ValuesOf(row);
        var found = (Metric: 0, Job: 0, Instance: 0);
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] == _metric)
                found.Metric = values[i];
            else if (names[i] == _job)
                found.Job = values[i];
            else if (names[i] == _instance)
                found.Instance = values[i];
        }
        return found;
    }

    public SeriesKey Of(int series)
    {
        var (metric, job, instance) = Symbols(series);
        var symbols = table.Symbols;
        return new SeriesKey(symbols.Text(metric), symbols.Text(job), symbols.Text(instance));
    }

    // A table of scraped series has all three soon; until then they are looked for again.
    private void Resolve()
    {
        _metric = table.Symbols.Find(LabelNames.MetricName);
        _job = table.Symbols.Find(LabelNames.Job);
        _instance = table.Symbols.Find(LabelNames.Instance);
    }
}
