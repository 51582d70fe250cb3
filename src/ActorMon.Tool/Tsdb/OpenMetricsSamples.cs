using ActorMon.Exposition.Parsing;
using ActorMon.Model.Labels;

namespace ActorMon.Tool.Tsdb;

/// <summary>OpenMetrics text, read in pieces of whole lines so that it may be of any length.</summary>
internal sealed class OpenMetricsSamples(int pieceBytes = 8 << 20) : ITextSamples
{
    private static ReadOnlySpan<byte> End => "# EOF\n"u8;

    private static ReadOnlySpan<byte> TypeStart => "\n# TYPE "u8;

    private readonly OpenMetricsParser _parser = new(new OpenMetricsOptions());
    private readonly LabelSetBuilder _labels = new();

    public void Read(Stream text, SampleSink sink)
    {
        // The type of the family that a piece begins in the middle of stands in an earlier one.
        byte[] type = [];
        var buffer = new byte[pieceBytes];
        var length = 0;
        while (true)
        {
            var read = text.Read(buffer, length, buffer.Length - length);
            length += read;
            if (read == 0)
            {
                Parse([.. type, .. buffer.AsSpan(0, length)], sink);
                return;
            }
            if (length < buffer.Length)
                continue;
            var whole = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (whole == 0)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
                continue;
            }
            var piece = buffer.AsSpan(0, whole);
            // The end mark belongs to the last piece.
            if (piece.EndsWith(End))
                whole -= End.Length;
            if (whole == 0)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
                continue;
            }
            piece = buffer.AsSpan(0, whole);
            Parse([.. type, .. piece, .. End], sink);
            type = LastType(piece) ?? type;
            buffer.AsSpan(whole, length - whole).CopyTo(buffer);
            length -= whole;
        }
    }

    private static byte[]? LastType(ReadOnlySpan<byte> piece)
    {
        var at = piece.LastIndexOf(TypeStart) + 1;
        if (at == 0 && !piece.StartsWith(TypeStart[1..]))
            return null;
        var line = piece[at..];
        return line[..(line.IndexOf((byte)'\n') + 1)].ToArray();
    }

    private void Parse(byte[] document, SampleSink sink)
    {
        _parser.Reset(document);
        while (Next() is var entry && entry != ExpositionEntry.End)
        {
            if (entry != ExpositionEntry.Series)
                continue;
            _parser.ReadLabels(_labels);
            var labels = _labels.Build();
            if (_parser.TimestampMs is not { } time)
                throw new ToolException($"expected timestamp for series {labels}, got none");
            sink(labels, time, _parser.Value);
        }
    }

    private ExpositionEntry Next()
    {
        try
        {
            return _parser.Next();
        }
        catch (ExpositionException e)
        {
            throw new ToolException($"parse: {e.Message}");
        }
    }
}
