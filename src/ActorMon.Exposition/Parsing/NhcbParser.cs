using System.Text;
using ActorMon.Exposition.Histograms;
using ActorMon.Exposition.Numbers;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Parsing;

/// <summary>
/// Wraps a text parser and turns each classic histogram into one native histogram with custom buckets (schema -53) under the family's name. The lines of one
/// histogram must follow each other, as the formats demand; a histogram that cannot be converted (falling counts, count unlike +Inf) vanishes. With
/// <paramref name="keepClassic"/> the classic series come too.
/// </summary>
public sealed class NhcbParser(ExpositionParser inner, bool keepClassic, bool startTimestamps = false) : ExpositionParser
{
    private enum State : byte
    {
        Start,
        Collecting,

        // The converted histogram is handed out; the inner parser already stands on what follows it.
        Emitting,

        // Behind a native histogram: classic series with its labels are its own classic form, not to be converted.
        Inhibiting,
    }

    private readonly ClassicCollector _collector = new();
    private readonly LabelSetBuilder _builder = new();
    private readonly List<(Exemplar, bool)> _exemplars = [];
    private State _state;
    private ExpositionEntry _entry;
    private string _familyName = "";
    private LabelSet _labels = LabelSet.Empty;
    private LabelSet _collected = LabelSet.Empty;
    private long _collectedStartMs;
    private long? _collectedTimestampMs;
    private NativeHistogram? _converted;
    private byte[] _convertedKey = [];

    public override void Reset(ReadOnlyMemory<byte> body)
    {
        inner.Reset(body);
        _state = State.Start;
        _familyName = "";
        FamilyType = MetricType.Unknown;
        _exemplars.Clear();
        _collector.Reset();
    }

    public override ReadOnlySpan<byte> SeriesKey => _state == State.Emitting ? _convertedKey : inner.SeriesKey;

    public override ReadOnlySpan<byte> FamilyName => inner.FamilyName;

    public override ReadOnlySpan<byte> Text => inner.Text;

    public override long StartTimestampMs => _state == State.Emitting ? _collectedStartMs : inner.StartTimestampMs;

    public override void ReadLabels(LabelSetBuilder into)
    {
        if (_state == State.Emitting)
            into.Reset(_collected);
        else
            inner.ReadLabels(into);
    }

    public override void ReadExemplars(List<(Exemplar Exemplar, bool HasTimestamp)> into)
    {
        if (_state != State.Emitting)
        {
            inner.ReadExemplars(into);
            return;
        }
        into.AddRange(_exemplars);
        _exemplars.Clear();
    }

    /// <summary>Outside histogram families nothing is converted, and the inner parser's fast path is taken.</summary>
    public override bool TryNextKnown(ReadOnlySpan<byte> expectedKey)
    {
        if (FamilyType == MetricType.Histogram || _state != State.Start || !inner.TryNextKnown(expectedKey))
            return false;
        _entry = ExpositionEntry.Series;
        (Value, TimestampMs, Histogram) = (inner.Value, inner.TimestampMs, null);
        return true;
    }

    public override ExpositionEntry Next()
    {
        while (true)
        {
            if (_state == State.Emitting)
            {
                _state = State.Start;
                _exemplars.Clear();
            }
            else
            {
                _entry = inner.Next();
                switch (_entry)
                {
                    case ExpositionEntry.Series:
                        if (FamilyType == MetricType.Histogram || _state != State.Start)
                            ReadInnerLabels();
                        if (_state == State.Collecting && IsOther() && TryConvert())
                            return Emit();
                        break;
                    default:
                        if (TryConvert())
                            return Emit();
                        break;
                }
            }
            switch (_entry)
            {
                case ExpositionEntry.Type:
                    FamilyType = inner.FamilyType;
                    _familyName = ByteText.Decode(inner.FamilyName);
                    return _entry;
                case ExpositionEntry.Histogram:
                    (TimestampMs, Histogram) = (inner.TimestampMs, inner.Histogram);
                    ReadInnerLabels();
                    _collected = _labels;
                    _state = State.Inhibiting;
                    return _entry;
                case ExpositionEntry.Series:
                    (Value, TimestampMs, Histogram) = (inner.Value, inner.TimestampMs, null);
                    if (!Collects() || keepClassic)
                        return _entry;
                    continue;
                default:
                    return _entry;
            }
        }
    }

    private void ReadInnerLabels()
    {
        inner.ReadLabels(_builder);
        _labels = _builder.Build();
    }

    /// <summary>Takes the series in when it belongs to a histogram that is to be converted.</summary>
    private bool Collects()
    {
        if (_state == State.Inhibiting)
        {
            if (!IsOther())
                return false;
            _state = State.Start;
        }
        if (FamilyType != MetricType.Histogram)
            return false;
        var (suffix, name) = Split(_labels.MetricName);
        if (name != _familyName || suffix.Length == 0)
            return false;
        double upperBound = 0;
        if (suffix == "_bucket" && (!TryParse(_labels.Get(LabelNames.Bucket), out upperBound) || double.IsNaN(upperBound)))
            return false;
        if (_state != State.Collecting)
        {
            _state = State.Collecting;
            _collected = BaseLabels();
            _collectedStartMs = startTimestamps ? inner.StartTimestampMs : 0;
        }
        _collectedTimestampMs = inner.TimestampMs;
        // Exemplars move to the converted histogram; kept classic series go without, as with the peer.
        inner.ReadExemplars(_exemplars);
        switch (suffix)
        {
            case "_bucket":
                _collector.AddBucket(upperBound, inner.Value);
                break;
            case "_count":
                _collector.SetCount(inner.Value);
                break;
            default:
                _collector.SetSum(inner.Value);
                break;
        }
        return true;
    }

    /// <summary>True when the series is no part of the histogram at hand.</summary>
    private bool IsOther() => FamilyType != MetricType.Histogram || !BaseLabels().Equals(_collected);

    private LabelSet BaseLabels()
    {
        _builder.Reset(_labels);
        return _builder.Set(LabelNames.MetricName, Split(_labels.MetricName).Name).Remove(LabelNames.Bucket).Build();
    }

    private bool TryConvert()
    {
        if (_state != State.Collecting)
            return false;
        _converted = _collector.Convert(isGauge: false);
        _collector.Reset();
        _state = State.Start;
        if (_converted is null)
            _exemplars.Clear();
        return _converted is not null;
    }

    private ExpositionEntry Emit()
    {
        _state = State.Emitting;
        Histogram = _converted;
        TimestampMs = _collectedTimestampMs;
        _convertedKey = KeyOf(_collected);
        return ExpositionEntry.Histogram;
    }

    private static byte[] KeyOf(LabelSet labels)
    {
        var text = new StringBuilder(labels.MetricName);
        var separator = '{';
        foreach (var label in labels)
        {
            if (label.Name == LabelNames.MetricName)
                continue;
            text.Append(separator).Append(label.Name).Append("=\"");
            GoQuote.AppendQuoted(text, label.Value);
            text.Append('"');
            separator = ',';
        }
        if (separator == ',')
            text.Append('}');
        return ByteText.Encode(text.ToString());
    }

    private static (string Suffix, string Name) Split(string metricName)
    {
        foreach (var suffix in (ReadOnlySpan<string>)["_bucket", "_sum", "_count"])
            if (metricName.EndsWith(suffix, StringComparison.Ordinal))
                return (suffix, metricName[..^suffix.Length]);
        return ("", metricName);
    }

    private static bool TryParse(string text, out double value) => FloatReader.Read(ByteText.Encode(text), out value) == FloatFault.None;
}
