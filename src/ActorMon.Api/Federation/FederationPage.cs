using System.Buffers;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Negotiation;
using ActorMon.Exposition.Writing;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Names;

namespace ActorMon.Api.Federation;

/// <summary>
/// Writes federated samples as families. Samples come ordered by name; a family ends where the name or the kind of value changes, so a name with several kinds gives
/// several families, which Prometheus reads although the format knows no such thing.
/// </summary>
public sealed class FederationPage
{
    private const string Instance = "instance";

    private readonly IBufferWriter<byte> _output;
    private readonly WireFormatKind _kind;
    private readonly EscapingScheme _escaping;
    private readonly List<Label> _external;
    private readonly ProtobufWriter _protobuf = new();
    private readonly List<Metric> _metrics = [];
    private string _name = "";
    private MetricType _type;

    /// <param name="external">Added to every series that has no label of that name; and an empty instance, so that the scraper adds none of its own.</param>
    public FederationPage(IBufferWriter<byte> output, string format, LabelSet external)
    {
        _output = output;
        _kind = WireFormat.KindOf(format);
        _escaping = WireFormat.EscapingOf(format, EscapingScheme.Underscores);
        _external = [.. external];
        if (!external.Has(Instance))
            _external.Add(new Label(Instance, ""));
        _external.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
    }

    /// <summary>True: the sample began a family, so the one before it has been written.</summary>
    public bool Add(in FederatedSample sample)
    {
        var name = sample.Labels.MetricName;
        if (name.Length == 0 || (sample.Histogram is { UsesCustomBuckets: false } && _kind is WireFormatKind.TextPlain))
            return false;
        var type = sample.Histogram is not { } histogram ? MetricType.Unknown
            : histogram.CounterResetHint == CounterResetHint.Gauge ? MetricType.GaugeHistogram : MetricType.Histogram;
        var begins = name != _name || type != _type;
        if (begins)
        {
            Finish();
            (_name, _type) = (name, type);
        }
        _metrics.Add(new Metric(LabelsOf(sample.Labels), ValueOf(sample), sample.Time));
        return begins;
    }

    /// <summary>Writes the family that is not yet written.</summary>
    public void Finish()
    {
        if (_metrics.Count == 0)
            return;
        var family = FamilyEscaping.Escape(new MetricFamily(_name, _type, _metrics), _escaping);
        switch (_kind)
        {
            case WireFormatKind.ProtoDelim: _protobuf.Write(_output, family); break;
            case WireFormatKind.ProtoText: ProtobufTextWriter.Write(_output, family, compact: false); break;
            case WireFormatKind.ProtoCompact: ProtobufTextWriter.Write(_output, family, compact: true); break;
            default: TextFormatWriter.Write(_output, family); break;
        }
        _metrics.Clear();
    }

    private List<Label> LabelsOf(LabelSet labels)
    {
        var shown = new List<Label>(labels.Count + _external.Count);
        foreach (ref readonly var label in labels.AsSpan())
            if (label.Name != LabelNames.MetricName && label.Value.Length > 0)
                shown.Add(label);
        foreach (var label in _external)
            if (!labels.Has(label.Name))
                shown.Add(label);
        return shown;
    }

    private static MetricValue ValueOf(in FederatedSample sample) => sample.Histogram switch
    {
        null => new UntypedValue(sample.Value),
        { UsesCustomBuckets: true } custom => Classic(custom),
        { } native => new HistogramValue(native.Count, native.Sum, []) { IsFloat = true, Native = native },
    };

    /// <summary>Custom buckets as cumulative ones; what lies above the last bound is told by the count.</summary>
    private static HistogramValue Classic(NativeHistogram histogram)
    {
        var counts = new double[histogram.CustomValues.Length];
        var bucket = 0;
        var index = 0;
        foreach (var span in histogram.PositiveSpans)
        {
            index += span.Offset;
            for (var i = 0; i < span.Length; i++, index++, bucket++)
                if (index >= 0 && index < counts.Length)
                    counts[index] += histogram.PositiveBuckets[bucket];
        }
        var buckets = new ClassicBucket[counts.Length];
        var cumulative = 0.0;
        for (var i = 0; i < counts.Length; i++)
            buckets[i] = new ClassicBucket(histogram.CustomValues[i], cumulative += counts[i]);
        return new HistogramValue(histogram.Count, histogram.Sum, buckets) { IsFloat = true };
    }
}
