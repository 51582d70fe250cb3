using System.Text;
using ActorMon.Exposition.Parsing;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Text;

namespace ActorMon.Scraping.Samples;

/// <summary>
/// Gets the exposed labels back from a raw series key. The cache keeps no labels; when a layout must be given up, the few series that need them once more are read from
/// their keys: as a one-line document in the format they came in, below the type that decides how le and quantile are written.
/// </summary>
internal sealed class RawKeyLabels(ExpositionFormat format)
{
    /// <summary>The protobuf parser's keys are name, then label names and values, each behind this byte, which no UTF-8 text holds.</summary>
    private const byte ProtobufSeparator = 0xFF;

    private readonly ExpositionParser? _parser = format == ExpositionFormat.Protobuf ? null : ExpositionParsers.Create(format, new ExpositionOptions());

    /// <summary>Sets the labels in the emptied builder; false when the key does not tell them.</summary>
    public bool TryRead(ReadOnlySpan<byte> key, MetricType type, LabelSetBuilder into)
    {
        into.Reset();
        if (_parser is null)
            return ReadProtobuf(key, into);
        try
        {
            _parser.Reset(Document(key, type));
            while (true)
                switch (_parser.Next())
                {
                    case ExpositionEntry.Series:
                        _parser.ReadLabels(into);
                        return true;
                    case ExpositionEntry.End:
                        return false;
                }
        }
        catch (ExpositionException)
        {
            // A key that was made up by a conversion and is no line of the format.
            return false;
        }
    }

    private byte[] Document(ReadOnlySpan<byte> key, MetricType type)
    {
        var head = type switch
        {
            MetricType.Histogram => "# TYPE x histogram\n",
            MetricType.Summary => "# TYPE x summary\n",
            _ => "",
        };
        var tail = format == ExpositionFormat.OpenMetrics ? " 0\n# EOF\n" : " 0\n";
        var document = new byte[head.Length + key.Length + tail.Length];
        Encoding.ASCII.GetBytes(head, document);
        key.CopyTo(document.AsSpan(head.Length));
        Encoding.ASCII.GetBytes(tail, document.AsSpan(head.Length + key.Length));
        return document;
    }

    private static bool ReadProtobuf(ReadOnlySpan<byte> key, LabelSetBuilder into)
    {
        var at = key.IndexOf(ProtobufSeparator);
        into.Set(LabelNames.MetricName, ByteText.Decode(at < 0 ? key : key[..at]));
        if (at < 0)
            return true;
        key = key[at..];
        // Native histograms have one separator more, so that they differ from a float series of the same labels.
        if (key.Length == 1 || key[1] == ProtobufSeparator)
            key = key[1..];
        while (!key.IsEmpty)
        {
            key = key[1..];
            var nameEnd = key.IndexOf(ProtobufSeparator);
            if (nameEnd < 0)
                return false;
            var name = ByteText.Decode(key[..nameEnd]);
            key = key[(nameEnd + 1)..];
            var valueEnd = key.IndexOf(ProtobufSeparator);
            into.Set(name, ByteText.Decode(valueEnd < 0 ? key : key[..valueEnd]));
            key = valueEnd < 0 ? [] : key[valueEnd..];
        }
        return true;
    }
}
