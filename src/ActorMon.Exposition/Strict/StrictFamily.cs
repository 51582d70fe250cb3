using ActorMon.Exposition.Numbers;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Strict;

/// <summary>One family while its lines pass by, checked as a whole.</summary>
internal sealed class StrictFamily
{
    private readonly Action<string> _complain;
    private readonly HistogramPoint _histogram;
    private readonly HashSet<LabelSet> _seen = [];
    private readonly HashSet<(string Suffix, LabelSet Labels)> _point = [];
    private readonly LabelSetBuilder _builder = new();
    private LabelSet? _metric;
    private double? _timestamp;

    public StrictFamily(string name, Action<string> complain)
    {
        Name = name;
        _complain = complain;
        _histogram = new HistogramPoint(complain);
    }

    public string Name { get; }
    public MetricType Type { get; private set; }
    public bool HasType { get; private set; }
    public bool HasHelp { get; private set; }
    public bool HasUnit { get; private set; }
    public bool HasSamples { get; private set; }

    public void SetType(MetricType type)
    {
        Declare("TYPE", HasType);
        HasType = true;
        Type = type;
    }

    public void SetHelp()
    {
        Declare("HELP", HasHelp);
        HasHelp = true;
    }

    public void SetUnit(string unit)
    {
        Declare("UNIT", HasUnit);
        HasUnit = unit.Length > 0;
    }

    /// <summary>The suffix of the sample in this family; null when it belongs elsewhere.</summary>
    public string? SuffixOf(string sampleName)
    {
        if (!sampleName.StartsWith(Name, StringComparison.Ordinal))
            return null;
        foreach (var suffix in FamilyShape.Suffixes(Type))
            if (sampleName.Length == Name.Length + suffix.Length && sampleName.EndsWith(suffix, StringComparison.Ordinal))
                return suffix;
        return null;
    }

    /// <param name="labels">All labels of the sample but the name.</param>
    /// <param name="timestamp">Seconds, or null.</param>
    public void AddSample(string suffix, LabelSet labels, double value, double? timestamp, bool hasExemplar)
    {
        HasSamples = true;
        var own = FamilyShape.OwnLabel(Type, Name);
        EnterMetric(MetricLabels(labels, own, suffix), timestamp);
        if (timestamp is null && !_point.Add((suffix, labels)))
            _complain("sample occurs twice");
        CheckOwnLabel(suffix, own, labels);
        CheckValue(suffix, value);
        if (hasExemplar && !FamilyShape.AllowsExemplar(Type, suffix))
            _complain($"exemplars are not allowed on {Name + suffix} of a {MetricTypeNames.NameOf(Type)}");
        if (Type is MetricType.Histogram or MetricType.GaugeHistogram)
            _histogram.Add(suffix, labels.Get(LabelNames.Bucket), value);
    }

    /// <summary>Checks what only shows at the end.</summary>
    public void Finish()
    {
        _histogram.Finish(Type);
        if (HasUnit && Type is MetricType.Info or MetricType.StateSet)
            _complain($"a {MetricTypeNames.NameOf(Type)} has no unit");
    }

    private void Declare(string what, bool already)
    {
        if (already)
            _complain($"second {what} line for {GoQuote.Quote(Name)}");
        else if (HasSamples)
            _complain($"{what} of {GoQuote.Quote(Name)} comes after its samples");
    }

    private LabelSet MetricLabels(LabelSet labels, string own, string suffix)
    {
        var holdsOwn = own.Length > 0 && (Type == MetricType.StateSet || suffix is "_bucket" || (Type == MetricType.Summary && suffix.Length == 0));
        if (!holdsOwn)
            return labels;
        _builder.Reset(labels);
        return _builder.Remove(own).Build();
    }

    /// <summary>Samples of one metric stand together, its points in order of time, all with a timestamp or none.</summary>
    private void EnterMetric(LabelSet metric, double? timestamp)
    {
        if (!metric.Equals(_metric))
        {
            _histogram.Finish(Type);
            _point.Clear();
            if (!_seen.Add(metric))
                _complain($"the samples of metric {Name}{metric} do not stand together");
            _metric = metric;
        }
        else if (timestamp is null != _timestamp is null)
        {
            _complain("samples of one metric with and without timestamp");
        }
        else if (timestamp != _timestamp)
        {
            if (timestamp < _timestamp)
                _complain("timestamps of one metric go back");
            _histogram.Finish(Type);
        }
        _timestamp = timestamp;
    }

    private void CheckOwnLabel(string suffix, string own, LabelSet labels)
    {
        switch (Type)
        {
            case MetricType.Histogram or MetricType.GaugeHistogram when suffix == "_bucket" && !labels.Has(own):
                _complain("bucket without le");
                break;
            case MetricType.StateSet when !labels.Has(own):
                _complain($"state without label {own}");
                break;
            case MetricType.Summary when suffix.Length == 0:
                var isNumber = FloatReader.Read(ByteText.Encode(labels.Get(own)), out var quantile) == FloatFault.None;
                if (!isNumber || !(quantile is >= 0 and <= 1))
                    _complain($"quantile {GoQuote.Quote(labels.Get(own))} is not between 0 and 1");
                break;
        }
    }

    private void CheckValue(string suffix, double value)
    {
        switch (Type)
        {
            case MetricType.Info when value != 1:
                _complain($"an info is 1, not {FloatWriter.ToText(value)}");
                break;
            case MetricType.StateSet when value is not (0 or 1):
                _complain($"a state is 0 or 1, not {FloatWriter.ToText(value)}");
                break;
        }
        if (suffix is "_total" or "_sum" or "_count" or "_bucket" or "_gcount" or "_gsum" && double.IsNaN(value))
            _complain($"{Name + suffix} is not a number");
        // Sums of histograms are judged with the bounds of their buckets.
        var mayNotFall = suffix is "_total" or "_count" or "_bucket" or "_gcount" || (Type == MetricType.Summary && suffix is "_sum" or "");
        if (mayNotFall && HasType && Type is not (MetricType.Gauge or MetricType.Unknown or MetricType.Info or MetricType.StateSet) && value < 0)
            _complain($"{Name + suffix} is negative");
    }
}
