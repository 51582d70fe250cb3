using System.Buffers.Binary;
using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Foreign.Chunks;

/// <summary>The chunks of Prometheus' database, by the number of their encoding.</summary>
public static class ForeignChunk
{
    private const byte Xor = 1;
    private const byte Histogram = 2;
    private const byte FloatHistogram = 3;
    private const byte Xor2 = 4;
    private const byte HistogramWithStarts = 5;
    private const byte FloatHistogramWithStarts = 6;

    internal static readonly NativeHistogram Stale = new() { Sum = SpecialValues.StaleNaN };

    /// <summary>Adds the chunk's samples; a chunk of n bytes yields at most 8 n of them.</summary>
    /// <exception cref="ForeignDataException">Unknown encoding, or data that does not follow it. Samples before the fault may have been added.</exception>
    public static void Read(byte encoding, ReadOnlySpan<byte> data, SampleBuffer into)
    {
        switch (encoding)
        {
            case Xor: XorChunk.Read(data, into); break;
            case Xor2: Xor2Chunk.Read(data, into); break;
            case Histogram: HistogramChunk.Read(data, HistogramHeader.Plain(data), into); break;
            case HistogramWithStarts: HistogramChunk.Read(data, HistogramHeader.WithStarts(data), into); break;
            case FloatHistogram: FloatHistogramChunk.Read(data, HistogramHeader.Plain(data), into); break;
            case FloatHistogramWithStarts: FloatHistogramChunk.Read(data, HistogramHeader.WithStarts(data), into); break;
            default: throw new ForeignDataException($"chunk encoding {encoding} is unknown");
        }
    }

    /// <summary>The number of samples in a chunk, from its header.</summary>
    public static int SamplesOf(byte encoding, ReadOnlySpan<byte> data) =>
        encoding is HistogramWithStarts or FloatHistogramWithStarts ? HistogramHeader.WithStarts(data).Count : Count(data, 2);

    /// <summary>True for the encodings of native histograms.</summary>
    public static bool IsHistogram(byte encoding) => encoding is Histogram or FloatHistogram or HistogramWithStarts or FloatHistogramWithStarts;

    /// <summary>The first two bytes, when the header is all there.</summary>
    internal static int Count(ReadOnlySpan<byte> data, int headerBytes)
    {
        if (data.Length < headerBytes)
            throw new ForeignDataException($"a chunk of {data.Length} bytes has no header");
        return BinaryPrimitives.ReadUInt16BigEndian(data);
    }
}
