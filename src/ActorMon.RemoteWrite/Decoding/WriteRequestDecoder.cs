using System.Buffers.Binary;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Ingest;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.RemoteWrite.Wire;

namespace ActorMon.RemoteWrite.Decoding;

/// <summary>
/// Decodes remote-write 1.0 messages (prometheus.WriteRequest). Labels of a series seen before come from a cache by their bytes. Not thread-safe; one a worker.
/// </summary>
public sealed class WriteRequestDecoder(SeriesLabelCache cache)
{
    // Tags of a Sample in the order every encoder writes them.
    private const byte ValueTag = (1 << 3) | (byte)WireType.Fixed64;
    private const byte TimestampTag = (2 << 3) | (byte)WireType.Varint;
    private const int TimestampAt = 1 + sizeof(double);
    private const byte LabelTag = (1 << 3) | (byte)WireType.Bytes;

    private readonly LabelDecoder _labels = new();
    private readonly LabelDecoder _exemplarLabels = new();
    private readonly HistogramDecoder _histograms = new();

    public WriteRequestDecoder()
        : this(new SeriesLabelCache())
    {
    }

    /// <summary>The cache of series labels, for its counts.</summary>
    public SeriesLabelCache Cache => cache;

    /// <summary>
    /// Decodes a decompressed body into <paramref name="request"/>, which is cleared first. False: the body is no such message, the request is empty, and
    /// <paramref name="error"/> says why (to be answered with 400). Faults of single series or histograms are in the request.
    /// </summary>
    public bool TryDecode(ReadOnlySpan<byte> body, WriteRequest request, out string error)
    {
        request.Clear();
        var reader = new WireReader(body);
        while (reader.TryNext())
        {
            if (reader.Field == 1)
                reader.Adopt(DecodeSeries(reader.BytesField("Timeseries"), request));
            else if (reader.Field == 3)
                reader.Adopt(DecodeMetadata(reader.BytesField("Metadata"), request));
            else
                reader.Skip();
        }
        error = reader.Error ?? "";
        if (reader.Error is null)
            return true;
        request.Clear();
        return false;
    }

    private string? DecodeSeries(ReadOnlySpan<byte> message, WriteRequest request)
    {
        var mark = request.Mark();
        var labelBytes = LeadingLabels(message);
        if (!cache.TryGet(labelBytes, out var labels))
        {
            if (CollectLabels(labelBytes) is { } error)
                return error;
            labels = _labels.Build(needsMetricName: true);
            cache.Add(labelBytes, labels);
        }
        var hasStrayLabels = false;
        var reader = new WireReader(message[labelBytes.Length..]);
        while (reader.TryNext())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.BytesField("Labels");
                    hasStrayLabels = true;
                    break;
                case 2:
                    reader.Adopt(DecodeSample(reader.BytesField("Samples"), request));
                    break;
                case 3:
                    reader.Adopt(DecodeExemplar(reader.BytesField("Exemplars"), request));
                    break;
                case 4:
                    if (_histograms.TryDecode(reader.BytesField("Histograms"), out var sample, out var histogramError))
                        request.Add(sample);
                    reader.Adopt(histogramError);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (reader.Error is not null)
            return reader.Error;
        // Labels behind samples: legal though nobody writes them so.
        if (hasStrayLabels)
        {
            if (CollectLabels(message) is { } error)
                return error;
            labels = _labels.Build(needsMetricName: true);
        }
        request.AddSeries(labels, mark);
        return null;
    }

    /// <summary>The bytes of the Label fields that the message starts with.</summary>
    private static ReadOnlySpan<byte> LeadingLabels(ReadOnlySpan<byte> message)
    {
        var at = 0;
        while (at < message.Length && message[at] == LabelTag)
        {
            var next = at + 1;
            uint length = 0;
            for (var shift = 0; ; shift += 7)
            {
                // What is cut short or too long is left to the reader, which names the fault.
                if (next >= message.Length || shift > 21)
                    return message[..at];
                var part = message[next++];
                length |= (uint)(part & 0x7F) << shift;
                if (part < 0x80)
                    break;
            }
            if (length > (uint)(message.Length - next))
                break;
            at = next + (int)length;
        }
        return message[..at];
    }

    /// <summary>Collects the labels among a TimeSeries' fields; the fault or null.</summary>
    private string? CollectLabels(ReadOnlySpan<byte> fields)
    {
        _labels.Clear();
        var reader = new WireReader(fields);
        while (reader.TryNext())
        {
            if (reader.Field == 1)
                reader.Adopt(_labels.Add(reader.BytesField("Labels")));
            else
                reader.Skip();
        }
        return reader.Error;
    }

    private static string? DecodeSample(ReadOnlySpan<byte> message, WriteRequest request)
    {
        if (message.Length > TimestampAt + 1 && message[0] == ValueTag && message[TimestampAt] == TimestampTag)
        {
            var value = BinaryPrimitives.ReadDoubleLittleEndian(message[1..]);
            var packed = new WireReader(message[(TimestampAt + 1)..]);
            var time = packed.ReadVarint();
            if (packed.Error is null && packed.Position == message.Length - TimestampAt - 1)
            {
                request.AddSample((long)time, value);
                return null;
            }
        }
        return DecodeUnusualSample(message, request);
    }

    /// <summary>A sample with a default value left out, other fields or another order.</summary>
    private static string? DecodeUnusualSample(ReadOnlySpan<byte> message, WriteRequest request)
    {
        double value = 0;
        long time = 0;
        var reader = new WireReader(message);
        while (reader.TryNext())
        {
            if (reader.Field == 1)
                value = reader.DoubleField("Value");
            else if (reader.Field == 2)
                time = (long)reader.VarintField("Timestamp");
            else
                reader.Skip();
        }
        if (reader.Error is null)
            request.AddSample(time, value);
        return reader.Error;
    }

    private string? DecodeExemplar(ReadOnlySpan<byte> message, WriteRequest request)
    {
        double value = 0;
        long time = 0;
        _exemplarLabels.Clear();
        var reader = new WireReader(message);
        while (reader.TryNext())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Adopt(_exemplarLabels.Add(reader.BytesField("Labels")));
                    break;
                case 2:
                    value = reader.DoubleField("Value");
                    break;
                case 3:
                    time = (long)reader.VarintField("Timestamp");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (reader.Error is null)
            request.Add(new Exemplar(_exemplarLabels.Build(needsMetricName: false).Labels, value, new TimestampMs(time)));
        return reader.Error;
    }

    private static string? DecodeMetadata(ReadOnlySpan<byte> message, WriteRequest request)
    {
        ulong type = 0;
        string family = "", help = "", unit = "";
        var reader = new WireReader(message);
        while (reader.TryNext())
        {
            switch (reader.Field)
            {
                case 1:
                    type = reader.VarintField("Type");
                    break;
                case 2:
                    family = ByteText.Decode(reader.BytesField("MetricFamilyName"));
                    break;
                case 4:
                    help = ByteText.Decode(reader.BytesField("Help"));
                    break;
                case 5:
                    unit = ByteText.Decode(reader.BytesField("Unit"));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (reader.Error is null)
            request.Add(new FamilyMetadata(family, new MetricMetadata(TypeOf(type), help, unit)));
        return reader.Error;
    }

    private static MetricType TypeOf(ulong type) => type switch
    {
        1 => MetricType.Counter,
        2 => MetricType.Gauge,
        3 => MetricType.Histogram,
        4 => MetricType.GaugeHistogram,
        5 => MetricType.Summary,
        6 => MetricType.Info,
        7 => MetricType.StateSet,
        _ => MetricType.Unknown,
    };
}
