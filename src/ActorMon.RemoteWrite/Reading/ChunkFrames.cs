using System.Buffers;
using System.Buffers.Binary;
using ActorMon.Model.Bytes;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Wire;
using ActorMon.RemoteWrite.Chunks;

namespace ActorMon.RemoteWrite.Reading;

/// <summary>
/// Writes series as frames of a streamed remote read: length (uvarint), CRC-32C (big endian), a ChunkedReadResponse with chunks of one series. Keeps its buffers from
/// series to series; not thread-safe.
/// </summary>
/// <param name="maxFrameBytes">A frame ends with the chunk that reaches this.</param>
public sealed class ChunkFrames(IBufferWriter<byte> output, LabelSet external, int maxFrameBytes)
{
    /// <summary>Samples of a chunk of floats, as in the original's head.</summary>
    private const int FloatsPerChunk = 120;

    private const int HistogramsPerChunk = 30;

    private readonly WireWriter _frame = new();
    private readonly BitWriter _bits = new();
    private int _open = -1;

    /// <summary>Writes every sample of a series of one query.</summary>
    public void Write(int query, LabelSet labels, SampleBuffer samples)
    {
        var at = 0;
        while (at < samples.Count)
        {
            if (_open < 0)
                Begin(labels);
            at += samples.HistogramAt(at) is { } first ? Histograms(samples, at, first) : Floats(samples, at);
            if (_frame.Length >= maxFrameBytes)
                End(query);
        }
        if (_open >= 0)
            End(query);
    }

    private int Floats(SampleBuffer samples, int start)
    {
        var count = 1;
        while (count < FloatsPerChunk && start + count < samples.Count && samples.HistogramAt(start + count) is null)
            count++;
        XorChunk.Write(_bits, samples.Times.Slice(start, count), samples.Values.Slice(start, count));
        Chunk(1, samples.Times[start], samples.Times[start + count - 1]);
        return count;
    }

    private int Histograms(SampleBuffer samples, int start, NativeHistogram first)
    {
        var chunk = FloatHistogramChunk.Begin(_bits, samples.Times[start], first);
        var count = 1;
        while (count < HistogramsPerChunk && start + count < samples.Count && samples.HistogramAt(start + count) is { } next && chunk.TryAdd(samples.Times[start + count], next))
            count++;
        Chunk(3, samples.Times[start], samples.Times[start + count - 1]);
        return count;
    }

    private void Chunk(ulong encoding, long min, long max)
    {
        var message = _frame.Begin(2);
        _frame.VarintOrNothing(1, (ulong)min);
        _frame.VarintOrNothing(2, (ulong)max);
        _frame.VarintOrNothing(3, encoding);
        _frame.Bytes(4, _bits.Written);
        _frame.End(message);
    }

    private void Begin(LabelSet labels)
    {
        _frame.Reset();
        _open = _frame.Begin(1);
        SeriesWriter.Labels(_frame, labels, external);
    }

    private void End(int query)
    {
        _frame.End(_open);
        _open = -1;
        _frame.VarintOrNothing(2, (ulong)query);
        var bytes = _frame.Written;
        var head = output.GetSpan(16);
        var at = 0;
        var length = (uint)bytes.Length;
        for (; length >= 0x80; length >>= 7)
            head[at++] = (byte)(length | 0x80);
        head[at++] = (byte)length;
        BinaryPrimitives.WriteUInt32BigEndian(head[at..], Crc32C.Of(bytes));
        output.Advance(at + sizeof(uint));
        output.Write(bytes);
    }
}
