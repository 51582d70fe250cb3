using ActorMon.Exposition.Histograms;
using ActorMon.Exposition.Numbers;
using ActorMon.Exposition.Protobuf;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Parsing;

/// <summary>How histograms come out of a <see cref="ProtobufParser"/>.</summary>
/// <param name="NativeHistograms">False: native parts are ignored, only classic buckets count (scrape_native_histograms off).</param>
/// <param name="AlwaysClassic">The classic series come too where a native or converted histogram is given (always_scrape_classic_histograms).</param>
/// <param name="ConvertClassic">Purely classic histograms become native ones with custom buckets (convert_classic_histograms_to_nhcb).</param>
/// <param name="TypeAndUnitLabels">Adds the labels <c>__type__</c> and <c>__unit__</c>.</param>
public sealed record ProtobufOptions(bool NativeHistograms = true, bool AlwaysClassic = false, bool ConvertClassic = false, bool TypeAndUnitLabels = false);

/// <summary>
/// The protobuf exposition: varint-delimited io.prometheus.client.MetricFamily messages, presented as the lines of a text format. A family yields Help, Unit
/// (when given) and Type, then the series of its metrics; families without metrics yield nothing.
/// </summary>
public sealed class ProtobufParser(ProtobufOptions? options = null) : ExpositionParser
{
    private const byte KeySeparator = 0xff;

    // Positions within a summary or classic histogram; quantiles and buckets count from zero.
    private const int AtCount = -2;
    private const int AtSum = -1;

    private enum Stage : byte
    {
        FamilyStart,
        Unit,
        Type,
        MetricStart,
        Classic,
        Native,
    }

    private readonly ProtobufOptions _options = options ?? new ProtobufOptions();
    private readonly FamilyMessage _family = new();
    private readonly MetricMessage _metric = new();
    private readonly NativeHistogramReader _native = new();
    private readonly ClassicCollector _converter = new();
    private byte[] _source = [];
    private int _at, _end;
    private Stage _stage;
    private int _nextMetric;
    private int _position;
    private bool _nativeComesAfter;
    private ExpositionEntry _entry;
    private (int Start, int End) _text;
    private string _suffix = "";
    private string _magicLabel = "";
    private double _magicValue;
    private byte[] _key = new byte[256];
    private int _keyLength;

    public ProtobufParser(ReadOnlyMemory<byte> body, ProtobufOptions? options = null) : this(options) => Reset(body);

    public override void Reset(ReadOnlyMemory<byte> body)
    {
        (_source, _at, _end) = DocumentBytes.Of(body, endWithLinebreak: false);
        _stage = Stage.FamilyStart;
        _keyLength = 0;
        Histogram = null;
    }

    public override ReadOnlySpan<byte> SeriesKey => _key.AsSpan(0, _keyLength);

    public override ReadOnlySpan<byte> FamilyName => Bytes(_family.Name);

    public override ReadOnlySpan<byte> Text => Bytes(_text);

    public override long StartTimestampMs => _family.Type switch
    {
        Protobuf.FamilyType.Counter or Protobuf.FamilyType.Summary => _metric.StartTimestampMs,
        Protobuf.FamilyType.Histogram or Protobuf.FamilyType.GaugeHistogram => _metric.Histogram.StartTimestampMs,
        _ => 0,
    };

    public override ExpositionEntry Next()
    {
        while (true)
        {
            switch (_stage)
            {
                case Stage.FamilyStart:
                    if (!NextFamily())
                        return ExpositionEntry.End;
                    if (_family.Metrics.Count == 0)
                        continue;
                    _text = _family.Help;
                    _stage = _family.Unit.End > _family.Unit.Start ? Stage.Unit : Stage.Type;
                    return ExpositionEntry.Help;
                case Stage.Unit:
                    _text = _family.Unit;
                    _stage = Stage.Type;
                    return ExpositionEntry.Unit;
                case Stage.Type:
                    FamilyType = TypeOf(_family.Type);
                    _stage = Stage.MetricStart;
                    return ExpositionEntry.Type;
                case Stage.MetricStart:
                    if (_nextMetric == _family.Metrics.Count)
                    {
                        _stage = Stage.FamilyStart;
                        continue;
                    }
                    StartMetric();
                    continue;
                case Stage.Native:
                    return NativeEntry();
                default:
                    if (TryClassicEntry())
                        return ExpositionEntry.Series;
                    continue;
            }
        }
    }

    public override void ReadLabels(LabelSetBuilder into)
    {
        into.Reset();
        into.Set(LabelNames.MetricName, ByteText.Decode(FamilyName) + _suffix);
        var type = TypeOf(_family.Type);
        var ownType = _options.TypeAndUnitLabels && type != MetricType.Unknown;
        var ownUnit = _options.TypeAndUnitLabels && _family.Unit.End > _family.Unit.Start;
        if (ownType)
            into.Set(LabelNames.Type, MetricTypeNames.NameOf(type));
        if (ownUnit)
            into.Set(LabelNames.Unit, ByteText.Decode(Bytes(_family.Unit)));
        foreach (var label in _metric.Labels)
        {
            var name = ByteText.Decode(Bytes((label.NameStart, label.NameEnd)));
            if ((ownType && name == LabelNames.Type) || (ownUnit && name == LabelNames.Unit) || (_options.TypeAndUnitLabels && name == LabelNames.MetricName))
                continue;
            AddLabel(into, name, ByteText.Decode(Bytes((label.ValueStart, label.ValueEnd))));
        }
        if (_magicLabel.Length > 0)
            AddLabel(into, _magicLabel, FloatWriter.ToOpenMetrics(_magicValue));
    }

    public override void ReadExemplars(List<(Exemplar Exemplar, bool HasTimestamp)> into)
    {
        if (_family.Type == Protobuf.FamilyType.Counter)
        {
            ExemplarMessage.Add(_source, _metric.Exemplar, timestampNeeded: false, into);
            return;
        }
        if (_family.Type is not (Protobuf.FamilyType.Histogram or Protobuf.FamilyType.GaugeHistogram))
            return;
        var histogram = _metric.Histogram;
        if (_entry == ExpositionEntry.Series)
        {
            var index = _position - 1;
            if (index >= 0 && index < histogram.Buckets.Count)
                ExemplarMessage.Add(_source, (histogram.Buckets[index].ExemplarStart, histogram.Buckets[index].ExemplarEnd), timestampNeeded: false, into);
            return;
        }
        // Exemplars of native histograms that do not say when they were seen cannot be told apart, so they are dropped.
        foreach (var exemplar in histogram.Exemplars)
            ExemplarMessage.Add(_source, exemplar, timestampNeeded: true, into);
        if (histogram.Exemplars.Count == 0)
            foreach (var bucket in histogram.Buckets)
                ExemplarMessage.Add(_source, (bucket.ExemplarStart, bucket.ExemplarEnd), timestampNeeded: true, into);
    }

    private bool NextFamily()
    {
        if (_at >= _end)
            return false;
        var reader = new ProtoReader(_source, _at, _end);
        var length = reader.Varint();
        if (length > (ulong)(_end - reader.At))
            ParseErrors.Plain($"clientpb: insufficient length of buffer, expected at least {length} bytes, got {_end - reader.At} bytes");
        _family.Read(_source, reader.At, reader.At + (int)length);
        _at = reader.At + (int)length;
        _nextMetric = 0;
        return true;
    }

    private void StartMetric()
    {
        var (start, end) = _family.Metrics[_nextMetric++];
        _metric.Read(_source, start, end, _family.Type);
        TimestampMs = _metric.TimestampMs == 0 ? null : _metric.TimestampMs;
        Histogram = null;
        _position = AtCount;
        _nativeComesAfter = false;
        _stage = Stage.Classic;
        if (_family.Type is not (Protobuf.FamilyType.Histogram or Protobuf.FamilyType.GaugeHistogram))
            return;
        if (IsNative)
        {
            _stage = Stage.Native;
        }
        else if (_options.ConvertClassic)
        {
            _nativeComesAfter = true;
            if (!_options.AlwaysClassic)
                _stage = Stage.Native;
        }
    }

    private bool IsNative => _options.NativeHistograms && _metric.Histogram.IsNative;

    private ExpositionEntry NativeEntry()
    {
        var isGauge = _family.Type == Protobuf.FamilyType.GaugeHistogram;
        if (IsNative)
        {
            Histogram = ReadNative(isGauge);
            _stage = _options.AlwaysClassic && _metric.Histogram.Buckets.Count > 0 ? Stage.Classic : Stage.MetricStart;
        }
        else
        {
            Histogram = ConvertClassic(isGauge);
            _stage = Stage.MetricStart;
        }
        SetKey("", "", 0);
        _entry = ExpositionEntry.Histogram;
        return _entry;
    }

    private Model.Histograms.NativeHistogram ReadNative(bool isGauge)
    {
        try
        {
            return _native.Read(_metric.Histogram, isGauge);
        }
        catch (ExpositionException e)
        {
            throw new ExpositionException($"histogram {ParseErrors.Quote(FamilyName)}: {e.Message}");
        }
    }

    private Model.Histograms.NativeHistogram ConvertClassic(bool isGauge)
    {
        var message = _metric.Histogram;
        _converter.Reset();
        _converter.SetCount(message.ClassicCount);
        _converter.SetSum(message.Sum);
        foreach (var bucket in message.Buckets)
            _converter.AddBucket(bucket.UpperBound, bucket.Count);
        var converted = _converter.Convert(isGauge);
        if (converted is null)
            ParseErrors.Plain(_converter.Problem!);
        return converted;
    }

    /// <summary>The next series of the metric; false when it has no more.</summary>
    private bool TryClassicEntry()
    {
        var position = _position++;
        var found = _family.Type switch
        {
            Protobuf.FamilyType.Summary => TrySummary(position),
            Protobuf.FamilyType.Histogram or Protobuf.FamilyType.GaugeHistogram => TryHistogram(position),
            _ => TryPlain(position),
        };
        if (found)
            _entry = ExpositionEntry.Series;
        else
            _stage = _nativeComesAfter ? Stage.Native : Stage.MetricStart;
        return found;
    }

    private bool TryPlain(int position)
    {
        if (position != AtCount)
            return false;
        Value = _metric.Value;
        SetKey("", "", 0);
        return true;
    }

    private bool TrySummary(int position)
    {
        if (position >= _metric.Quantiles.Count)
            return false;
        switch (position)
        {
            case AtCount:
                Value = _metric.SummaryCount;
                SetKey("_count", "", 0);
                break;
            case AtSum:
                Value = _metric.SummarySum;
                SetKey("_sum", "", 0);
                break;
            default:
                Value = _metric.Quantiles[position].Value;
                SetKey("", LabelNames.Quantile, _metric.Quantiles[position].Quantile);
                break;
        }
        return true;
    }

    private bool TryHistogram(int position)
    {
        var histogram = _metric.Histogram;
        if (position == AtCount)
        {
            Value = histogram.ClassicCount;
            SetKey("_count", "", 0);
            return true;
        }
        if (position == AtSum)
        {
            Value = histogram.Sum;
            SetKey("_sum", "", 0);
            return true;
        }
        // The bucket +Inf is the last one; a histogram that does not give it gets it from its count.
        if (position > histogram.Buckets.Count || (position > 0 && double.IsPositiveInfinity(histogram.Buckets[position - 1].UpperBound)))
            return false;
        var given = position < histogram.Buckets.Count;
        Value = given ? histogram.Buckets[position].Count : histogram.ClassicCount;
        SetKey("_bucket", LabelNames.Bucket, given ? histogram.Buckets[position].UpperBound : double.PositiveInfinity);
        return true;
    }

    /// <summary>The key: the name, then each label behind bytes that no label can hold.</summary>
    private void SetKey(string suffix, string magicLabel, double magicValue)
    {
        (_suffix, _magicLabel, _magicValue) = (suffix, magicLabel, magicValue);
        _keyLength = 0;
        Append(FamilyName);
        System.Text.Encoding.ASCII.GetBytes(suffix, Room(suffix.Length));
        _keyLength += suffix.Length;
        // A histogram and a float series of one name and labels are different series to a cache.
        if (_stage == Stage.Native)
            Append([KeySeparator]);
        foreach (var label in _metric.Labels)
        {
            Append([KeySeparator]);
            Append(Bytes((label.NameStart, label.NameEnd)));
            Append([KeySeparator]);
            Append(Bytes((label.ValueStart, label.ValueEnd)));
        }
        if (magicLabel.Length == 0)
            return;
        Append([KeySeparator]);
        Append(magicLabel == LabelNames.Bucket ? "le"u8 : "quantile"u8);
        Append([KeySeparator]);
        _keyLength += FloatWriter.WriteOpenMetrics(magicValue, Room(FloatWriter.MaxLength));
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _keyLength += bytes.Length;
    }

    private Span<byte> Room(int count)
    {
        if (_key.Length - _keyLength < count)
            Array.Resize(ref _key, Math.Max(_key.Length * 2, _keyLength + count));
        return _key.AsSpan(_keyLength);
    }

    private static void AddLabel(LabelSetBuilder into, string name, string value)
    {
        if (into.Has(name))
            ParseErrors.Plain($"label name \"{name}\" is not unique: invalid sample");
        into.Set(name, value);
    }

    private ReadOnlySpan<byte> Bytes((int Start, int End) slice) => _source.AsSpan(slice.Start, slice.End - slice.Start);

    private static MetricType TypeOf(Protobuf.FamilyType type) => type switch
    {
        Protobuf.FamilyType.Counter => MetricType.Counter,
        Protobuf.FamilyType.Gauge => MetricType.Gauge,
        Protobuf.FamilyType.Summary => MetricType.Summary,
        Protobuf.FamilyType.Histogram => MetricType.Histogram,
        Protobuf.FamilyType.GaugeHistogram => MetricType.GaugeHistogram,
        _ => MetricType.Unknown,
    };
}
