using System.Buffers;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Head;

/// <summary>
/// Chunks of loose series. What is sealed becomes a growing chunk, small as it is. Four tiny ones are merged into one, and all growing chunks of a series into a full one
/// when they have <see cref="LooseChunk.MaxSamples"/> together, so a sample is encoded two or three times in all. Growing chunks are the newest of a series' list.
/// </summary>
internal sealed partial class LooseStore
{
    private const int MaxHistograms = LooseChunk.MaxSamples / 4;
    private const int TinySamples = 16;
    private const int TinyChunks = 4;

    private readonly SampleBuffer _samples = new();
    private readonly SampleBuffer _merged = new();

    /// <summary>Takes the open samples of a series into <see cref="_samples"/>, oldest first.</summary>
    private void Collect(ref LooseState state)
    {
        _samples.Clear();
        Span<uint> chain = stackalloc uint[SamplesPerSeal];
        var count = 0;
        for (var at = state.Open; at != OpenLog.None; at = _log[at].Previous)
            chain[count++] = at;
        while (--count >= 0)
        {
            ref readonly var entry = ref _log[chain[count]];
            if (entry.HistogramBytes == 0)
            {
                _samples.Add(entry.Time, BitConverter.UInt64BitsToDouble(entry.Bits));
            }
            else
            {
                var offset = 0;
                _samples.Add(entry.Time, HistogramCodec.Decode(_tiny.At((long)entry.Bits), ref offset)!);
                _tiny.Release((long)entry.Bits, entry.HistogramBytes);
            }
            _log.Release(chain[count]);
        }
        state.Open = OpenLog.None;
        state.OpenCount = 0;
    }

    /// <summary>Seals <see cref="_samples"/>.</summary>
    private void Seal(ref LooseState state)
    {
        SampleMerge.Normalize(_samples);
        var count = _samples.Count;
        // A chunk that does not grow may only stand on such.
        if (state.Growing > 0 && (state.Growing + count > LooseChunk.MaxSamples || !Grows(_samples, 0, RunEnd(_samples, 0))))
            MergeGrowing(ref state);
        Write(ref state, _samples, mayGrow: true);
        Settle(ref state);
    }

    /// <summary>Seals a run of floats whose times ascend, 1 to <see cref="LooseChunk.MaxSamples"/> of them.</summary>
    private void Seal(ref LooseState state, ReadOnlySpan<long> times, ReadOnlySpan<double> values, ReadOnlySpan<byte> column)
    {
        var grows = times.Length <= LooseChunk.MaxSamples - SamplesPerSeal;
        if (state.Growing > 0 && (state.Growing + times.Length > LooseChunk.MaxSamples || !grows))
            MergeGrowing(ref state);
        var length = column.IsEmpty
            ? LooseChunk.EncodeFloats(state.Chunk, times, values, _scratch)
            : LooseChunk.EncodeFloats(state.Chunk, times, column, _scratch);
        Push(ref state, length, times.Length, grows);
        Settle(ref state);
    }

    /// <summary>Merges what has become enough for it.</summary>
    private void Settle(ref LooseState state)
    {
        if (state.Growing > LooseChunk.MaxSamples - SamplesPerSeal)
        {
            MergeGrowing(ref state);
            return;
        }
        int chunks = 0, samples = 0, kind = -1;
        for (var at = state.Chunk; at >= 0 && ChunkRef.Grows(at) && at != state.Cut && chunks < TinyChunks; chunks++)
        {
            var chunk = ChunkAt(at);
            samples += chunk.Count;
            if (chunk.Count >= TinySamples || (kind >= 0 && kind != chunk.Kind) || samples > MaxSamples(chunk.Kind) - SamplesPerSeal)
                return;
            kind = chunk.Kind;
            at = chunk.Previous;
        }
        if (chunks == TinyChunks)
            Merge(ref state, TinyChunks, mayGrow: true);
    }

    private void MergeGrowing(ref LooseState state) => Merge(ref state, int.MaxValue, mayGrow: false);

    /// <summary>Writes the newest growing chunks anew as one, or as few as their kinds and sizes allow.</summary>
    private void Merge(ref LooseState state, int most, bool mayGrow)
    {
        // Each has a sample at least.
        Span<long> chunks = stackalloc long[LooseChunk.MaxSamples + 1];
        var count = 0;
        for (var at = state.Chunk; at >= 0 && ChunkRef.Grows(at) && at != state.Cut && count < most; at = ChunkAt(at).Previous)
            chunks[count++] = at;
        _merged.Clear();
        var previous = ChunkAt(chunks[count - 1]).Previous;
        for (var i = count - 1; i >= 0; i--)
            ChunkAt(chunks[i]).Read(long.MinValue, long.MaxValue, _merged);
        state.Growing -= (byte)_merged.Count;
        for (var i = 0; i < count; i++)
            SlabOf(chunks[i]).Release(chunks[i] >> ChunkRef.Bits, ChunkAt(chunks[i]).Length);
        Chunks -= count;
        SampleMerge.Normalize(_merged);
        state.Chunk = previous;
        Write(ref state, _merged, mayGrow);
    }

    /// <summary>A chunk holds one kind: a run of floats, then a run of histograms, and so on. Only the last run goes on growing.</summary>
    private void Write(ref LooseState state, SampleBuffer samples, bool mayGrow)
    {
        for (var from = 0; from < samples.Count;)
        {
            var end = RunEnd(samples, from);
            var length = samples.HistogramAt(from) is not null
                ? EncodeHistograms(state.Chunk, samples, from, end)
                : LooseChunk.EncodeFloats(state.Chunk, samples.Times[from..end], samples.Values[from..end], _scratch);
            Push(ref state, length, end - from, mayGrow && Grows(samples, from, end));
            from = end;
        }
    }

    private void Push(ref LooseState state, int length, int samples, bool grows)
    {
        var slab = !grows ? ChunkRef.Full : samples < TinySamples ? ChunkRef.Tiny : ChunkRef.Growing;
        Link(ref state, slab, length);
        if (grows)
            state.Growing += (byte)samples;
    }

    /// <summary>Makes the chunk in <see cref="_scratch"/>, which names the newest one as the one before it, the newest of a series.</summary>
    private void Link(ref LooseState state, long slab, int length)
    {
        if (state.Chunk >= 0 && state.Chunk != state.Cut && new LooseChunk(_scratch).MinTime <= ChunkAt(state.Chunk).MaxTime)
            state.ChunksOverlap = true;
        state.Chunk = SlabOf(slab).Add(_scratch.AsSpan(0, length)) << ChunkRef.Bits | slab;
        Chunks++;
    }

    /// <summary>Where the run of one kind from a sample on ends, or the chunk of it is full.</summary>
    private static int RunEnd(SampleBuffer samples, int from)
    {
        if (!samples.HasHistograms)
            return Math.Min(samples.Count, from + LooseChunk.MaxSamples);
        var histograms = samples.HistogramAt(from) is not null;
        var limit = Math.Min(samples.Count, from + (histograms ? MaxHistograms : LooseChunk.MaxSamples));
        var end = from + 1;
        while (end < limit && (samples.HistogramAt(end) is not null) == histograms)
            end++;
        return end;
    }

    private static bool Grows(SampleBuffer samples, int from, int end) =>
        end == samples.Count && end - from <= (samples.HistogramAt(from) is null ? LooseChunk.MaxSamples : MaxHistograms) - SamplesPerSeal;

    private static int MaxSamples(byte kind) => kind == LooseChunk.Floats ? LooseChunk.MaxSamples : MaxHistograms;

    private int GrowingSamples(in LooseState state)
    {
        var samples = 0;
        for (var at = state.Chunk; at >= 0 && ChunkRef.Grows(at) && at != state.Cut; at = ChunkAt(at).Previous)
            samples += ChunkAt(at).Count;
        return samples;
    }

    private int EncodeHistograms(long previous, SampleBuffer samples, int from, int end)
    {
        var size = 0;
        for (var i = from; i < end; i++)
            size += HistogramCodec.MaxSize(samples.HistogramAt(i)!);
        var encoded = ArrayPool<byte>.Shared.Rent(size);
        var at = 0;
        for (var i = from; i < end; i++)
            at += HistogramCodec.Encode(samples.HistogramAt(i)!, encoded.AsSpan(at));
        if (_scratch.Length < at + LooseChunk.MaxFloatBytes)
            _scratch = new byte[at + LooseChunk.MaxFloatBytes];
        var length = LooseChunk.EncodeHistograms(previous, samples.Times[from..end], encoded.AsSpan(0, at), _scratch);
        ArrayPool<byte>.Shared.Return(encoded);
        return length;
    }
}
