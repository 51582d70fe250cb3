using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;

namespace ActorMon.RemoteWrite.Decoding;

/// <summary>Why a series' labels are refused. The request's other series are taken all the same.</summary>
public enum LabelFault : byte
{
    None = 0,

    /// <summary>No __name__.</summary>
    NoMetricName,

    /// <summary>An empty name or text that is not UTF-8.</summary>
    Invalid,

    /// <summary>A label name twice.</summary>
    Duplicate,
}

/// <summary>A series' labels, sorted, without empty values; and what is wrong with them.</summary>
public readonly record struct SeriesLabels(LabelSet Labels, LabelFault Fault);

/// <summary>One series of a request: ranges of the request's columns.</summary>
public readonly record struct WriteSeries(SeriesLabels Labels, Range Samples, Range Histograms, Range Exemplars)
{
    public bool IsValid => Labels.Fault == LabelFault.None;
}

/// <summary>One native histogram sample. <paramref name="Fault"/>: the peer's text when it may not be stored, else null.</summary>
public readonly record struct HistogramSample(long Timestamp, NativeHistogram Histogram, string? Fault);

/// <summary>
/// A decoded remote-write 1.0 request in columns, reused by its owner over requests: <see cref="WriteRequestDecoder"/> fills it, everything in it is valid until
/// the next fill or <see cref="Clear"/>. Timestamps are milliseconds.
/// </summary>
public sealed class WriteRequest
{
    /// <summary>Columns longer than this are given up at <see cref="Clear"/>, so one huge request does not hold its memory for good.</summary>
    private const int MaxKeptCapacity = 1 << 16;

    private WriteSeries[] _series = new WriteSeries[64];
    private long[] _times = new long[256];
    private double[] _values = new double[256];
    private readonly List<HistogramSample> _histograms = [];
    private readonly List<Exemplar> _exemplars = [];
    private readonly List<FamilyMetadata> _metadata = [];
    private int _seriesCount;
    private int _sampleCount;

    public ReadOnlySpan<WriteSeries> Series => _series.AsSpan(0, _seriesCount);

    /// <summary>Timestamps of all float samples; a series has those of its <see cref="WriteSeries.Samples"/> range.</summary>
    public ReadOnlySpan<long> Times => _times.AsSpan(0, _sampleCount);

    /// <summary>Values of all float samples, beside <see cref="Times"/>.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _sampleCount);

    public IReadOnlyList<HistogramSample> Histograms => _histograms;

    public IReadOnlyList<Exemplar> Exemplars => _exemplars;

    public IReadOnlyList<FamilyMetadata> Metadata => _metadata;

    /// <summary>Float and histogram samples of series whose labels are refused (the peer's remote_write_invalid_labels_samples_total counts series).</summary>
    public int InvalidSeries { get; private set; }

    /// <summary>The first histogram of a valid series that may not be stored, as the peer's text; null when there is none. The peer refuses the whole request for it.</summary>
    public string? HistogramFault { get; private set; }

    public void Clear()
    {
        if (_times.Length > MaxKeptCapacity)
        {
            _times = new long[256];
            _values = new double[256];
        }
        if (_series.Length > MaxKeptCapacity)
            _series = new WriteSeries[64];
        else
            Array.Clear(_series, 0, _seriesCount);
        _seriesCount = _sampleCount = 0;
        _histograms.Clear();
        _exemplars.Clear();
        _metadata.Clear();
        InvalidSeries = 0;
        HistogramFault = null;
    }

    internal (int Samples, int Histograms, int Exemplars) Mark() => (_sampleCount, _histograms.Count, _exemplars.Count);

    internal void AddSample(long time, double value)
    {
        if (_sampleCount == _times.Length)
        {
            Array.Resize(ref _times, _sampleCount * 2);
            Array.Resize(ref _values, _sampleCount * 2);
        }
        _times[_sampleCount] = time;
        _values[_sampleCount++] = value;
    }

    internal void Add(HistogramSample sample) => _histograms.Add(sample);

    internal void Add(Exemplar exemplar) => _exemplars.Add(exemplar);

    internal void Add(FamilyMetadata metadata) => _metadata.Add(metadata);

    /// <summary>Closes a series whose columns were added since the mark.</summary>
    internal void AddSeries(SeriesLabels labels, (int Samples, int Histograms, int Exemplars) mark)
    {
        if (_seriesCount == _series.Length)
            Array.Resize(ref _series, _seriesCount * 2);
        _series[_seriesCount++] = new WriteSeries(labels, mark.Samples.._sampleCount, mark.Histograms.._histograms.Count, mark.Exemplars.._exemplars.Count);
        if (labels.Fault != LabelFault.None)
        {
            InvalidSeries++;
            return;
        }
        for (var i = mark.Histograms; i < _histograms.Count && HistogramFault is null; i++)
            HistogramFault = _histograms[i].Fault;
    }
}
