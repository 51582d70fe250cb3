using System.Buffers.Binary;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Head;

/// <summary>Reading a series back from a checkpoint.</summary>
internal sealed partial class LooseStore
{
    /// <summary>Reads what <see cref="LooseView.Write"/> wrote into a series that is empty; false when it cannot be that.</summary>
    public bool TryRead(int loose, ref WalReader from, out long floats, out long histograms)
    {
        (floats, histograms) = (0, 0);
        ref var state = ref _series.Writable(loose);
        if (!from.TryByte(out var flags))
            return false;
        if ((flags & CheckpointWriter.HasLast) != 0)
        {
            if (!from.TrySigned(out var time) || !from.TryFixed(out var bits))
                return false;
            Note(ref state, time, BitConverter.UInt64BitsToDouble(bits));
        }
        if (!from.TryCount(out var chunks))
            return false;
        for (var i = 0; i < chunks; i++)
        {
            if (!from.TryByte(out var slab) || !from.TryCount(out var length) || !from.TryBytes(length, out var bytes) || !TryAdd(ref state, slab, bytes, out var chunk))
                return false;
            if (chunk.Kind == LooseChunk.Floats)
                floats += chunk.Count;
            else
                histograms += chunk.Count;
        }
        return TryReadOpen(loose, ref from, ref floats, ref histograms);
    }

    private bool TryAdd(ref LooseState state, byte slab, ReadOnlySpan<byte> bytes, out LooseChunk chunk)
    {
        chunk = default;
        var length = bytes.Length + sizeof(long);
        if (slab > ChunkRef.Growing || length <= LooseChunk.HeaderBytes)
            return false;
        if (_scratch.Length < length)
            _scratch = new byte[length + ColumnCodec.Padding];
        BinaryPrimitives.WriteInt64LittleEndian(_scratch, state.Chunk);
        bytes.CopyTo(_scratch.AsSpan(sizeof(long)));
        chunk = new LooseChunk(_scratch);
        if (chunk.Length != length || chunk.Count is 0 or > LooseChunk.MaxSamples || chunk.Kind > LooseChunk.Histograms)
            return false;
        // Only chunks that grow stand on one that grows, and together they have room in one.
        var grows = slab != ChunkRef.Full;
        if (state.Growing > 0 && (!grows || state.Growing + chunk.Count > LooseChunk.MaxSamples))
            return false;
        Link(ref state, slab, length);
        if (grows)
            state.Growing += (byte)chunk.Count;
        return true;
    }

    private bool TryReadOpen(int loose, ref WalReader from, ref long floats, ref long histograms)
    {
        if (!from.TryCount(out var open) || open >= SamplesPerSeal)
            return false;
        for (var i = 0; i < open; i++)
        {
            if (!from.TrySigned(out var time) || !from.TryCount(out var length))
                return false;
            if (length == 0)
            {
                if (!from.TryFixed(out var bits))
                    return false;
                Append(loose, time, BitConverter.UInt64BitsToDouble(bits));
                floats++;
                continue;
            }
            var at = 0;
            if (!from.TryBytes(length, out var bytes) || HistogramCodec.Decode(bytes, ref at) is not { } histogram)
                return false;
            Append(loose, time, histogram);
            histograms++;
        }
        return true;
    }
}
