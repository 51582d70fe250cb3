using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Tsdb.Head;

namespace ActorMon.Tsdb.Wal;

/// <summary>Samples of one series and kind that follow each other in a batch, at most <see cref="LooseRuns.MaxSamples"/>.</summary>
internal struct LooseRun
{
    public int Series;

    /// <summary>The series' number among the loose ones.</summary>
    public int Loose;

    /// <summary>Place of the first one in the batch.</summary>
    public int Start;
    public int Count;
    public bool Histograms;

    /// <summary>Where the encoder left the values as a column, in its sections; 0 bytes: it made none.</summary>
    public int ColumnAt;
    public int ColumnBytes;
}

/// <summary>A batch's loose samples as runs, with their times and values in columns. Reused by the partition's writer.</summary>
internal sealed class LooseRuns
{
    public const int MaxSamples = LooseChunk.MaxSamples;
    private const int KeptSamples = 1 << 16;

    private LooseRun[] _runs = new LooseRun[16];
    private long[] _times = [];
    private double[] _values = [];
    private int _count;

    public Span<LooseRun> All => _runs.AsSpan(0, _count);

    public ReadOnlySpan<long> Times(in LooseRun run) => _times.AsSpan(run.Start, run.Count);

    public ReadOnlySpan<double> Values(in LooseRun run) => _values.AsSpan(run.Start, run.Count);

    /// <summary>Takes a batch's samples; series that are new are added to the head.</summary>
    public void Fill(LooseSample[] samples, PartitionHead head)
    {
        _count = 0;
        if (samples.Length > _times.Length || (_times.Length > KeptSamples && samples.Length <= KeptSamples))
        {
            _times = new long[samples.Length];
            _values = new double[samples.Length];
            if (_runs.Length > KeptSamples)
                _runs = new LooseRun[16];
        }
        LabelSet? before = null;
        var run = new LooseRun { Series = -1 };
        for (var i = 0; i < samples.Length; i++)
        {
            ref readonly var sample = ref samples[i];
            var series = run.Series;
            if (!ReferenceEquals(sample.Series, before))
                series = head.Series.GetOrAdd(before = sample.Series);
            if (series != run.Series || run.Histograms != sample.Histogram is not null || run.Count == MaxSamples)
            {
                Add(run);
                run = new LooseRun { Series = series, Loose = series == run.Series ? run.Loose : head.LooseOf(series), Start = i, Histograms = sample.Histogram is not null };
            }
            run.Count++;
            _times[i] = sample.Timestamp.Value;
            _values[i] = sample.Value;
        }
        Add(run);
    }

    private void Add(in LooseRun run)
    {
        if (run.Count == 0)
            return;
        if (_count == _runs.Length)
            Array.Resize(ref _runs, _count * 2);
        _runs[_count++] = run;
    }
}
