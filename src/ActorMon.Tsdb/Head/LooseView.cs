using System.Runtime.CompilerServices;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Cow;

namespace ActorMon.Tsdb.Head;

/// <summary>Where a loose chunk is: its position in a slab, shifted, and which slab.</summary>
internal static class ChunkRef
{
    public const int Bits = 2;
    public const long Mask = 3;
    public const long Full = 0;
    public const long Tiny = 1;
    public const long Growing = 2;

    /// <summary>It may be merged with others still.</summary>
    public static bool Grows(long chunk) => (chunk & Mask) != Full;
}

/// <summary>One series outside the layouts: 48 bytes.</summary>
internal struct LooseState
{
    /// <summary>Newest open entry, or <see cref="OpenLog.None"/>.</summary>
    public uint Open;
    public int OpenCount;

    /// <summary>Newest sealed chunk, or -1: a <see cref="ChunkRef"/>.</summary>
    public long Chunk;

    /// <summary>The list of chunks ends before this one: it and what is behind it fell to retention. -1: nothing did.</summary>
    public long Cut;

    /// <summary>The sample with the greatest time; meaningless before the first.</summary>
    public long LastTime;
    public double LastValue;
    public bool HasLast;

    /// <summary>Some chunk begins before the end of an older one. False: going back in the list, times only fall.</summary>
    public bool ChunksOverlap;

    /// <summary>Samples in the growing chunks; those are the newest of the list.</summary>
    public byte Growing;
}

/// <summary>What readers see of the loose series.</summary>
internal sealed record LooseView(CowSnapshot<LooseState> Series, OpenLogSnapshot Log, SlabSnapshot Tiny, SlabSnapshot Growing, SlabSnapshot Full)
{
    public void Read(int loose, long min, long max, SampleBuffer into)
    {
        if (loose >= Series.Count)
            return;
        ref readonly var state = ref Series[loose];
        ReadChunks(state, min, max, into);
        Span<uint> chain = stackalloc uint[LooseStore.SamplesPerSeal];
        var count = 0;
        for (var at = state.Open; at != OpenLog.None; at = Log[at].Previous)
            chain[count++] = at;
        while (--count >= 0)
        {
            ref readonly var entry = ref Log[chain[count]];
            if (entry.Time < min || entry.Time > max)
                continue;
            if (entry.HistogramBytes == 0)
            {
                into.Add(entry.Time, BitConverter.UInt64BitsToDouble(entry.Bits));
                continue;
            }
            var offset = 0;
            if (HistogramCodec.Decode(Tiny.At((long)entry.Bits), ref offset) is { } histogram)
                into.Add(entry.Time, histogram);
        }
    }

    public bool HasSamples(int loose) => loose < Series.Count && (Series[loose].Open != OpenLog.None || (Series[loose].Chunk >= 0 && Series[loose].Chunk != Series[loose].Cut));

    /// <summary>Writes a series for a checkpoint: its newest sample, its chunks from the oldest on as they are, its open samples. See docs/formats/wal.md.</summary>
    public void Write(int loose, Wal.WalBuffer to)
    {
        ref readonly var state = ref Series[loose];
        to.Byte(state.HasLast ? Wal.CheckpointWriter.HasLast : (byte)0);
        if (state.HasLast)
        {
            to.Signed(state.LastTime);
            to.Fixed(BitConverter.DoubleToUInt64Bits(state.LastValue));
        }
        var chunks = new List<long>();
        for (var at = state.Chunk; at >= 0 && at != state.Cut; at = ChunkAt(at).Previous)
            chunks.Add(at);
        to.Number((ulong)chunks.Count);
        for (var i = chunks.Count - 1; i >= 0; i--)
        {
            var bytes = ChunkAt(chunks[i]).Bytes[sizeof(long)..];
            to.Byte((byte)(chunks[i] & ChunkRef.Mask));
            to.Number((ulong)bytes.Length);
            to.Bytes(bytes);
        }
        Span<uint> open = stackalloc uint[LooseStore.SamplesPerSeal];
        var count = 0;
        for (var at = state.Open; at != OpenLog.None; at = Log[at].Previous)
            open[count++] = at;
        to.Number((ulong)count);
        while (--count >= 0)
        {
            ref readonly var entry = ref Log[open[count]];
            to.Signed(entry.Time);
            to.Number((ulong)entry.HistogramBytes);
            if (entry.HistogramBytes == 0)
                to.Fixed(entry.Bits);
            else
                to.Bytes(Tiny.At((long)entry.Bits)[..entry.HistogramBytes]);
        }
    }

    public bool Overlaps(int loose, long min, long max)
    {
        if (loose >= Series.Count)
            return false;
        ref readonly var state = ref Series[loose];
        for (var at = state.Open; at != OpenLog.None; at = Log[at].Previous)
            if (Log[at].Time >= min && Log[at].Time <= max)
                return true;
        for (var at = state.Chunk; at >= 0 && at != state.Cut;)
        {
            var chunk = ChunkAt(at);
            if (chunk.Overlaps(min, max))
                return true;
            if (chunk.MaxTime < min && !state.ChunksOverlap)
                return false;
            at = chunk.Previous;
        }
        return false;
    }

    private LooseChunk ChunkAt(long chunk) => new((chunk & ChunkRef.Mask) switch
    {
        ChunkRef.Full => Full.At(chunk >> ChunkRef.Bits),
        ChunkRef.Tiny => Tiny.At(chunk >> ChunkRef.Bits),
        _ => Growing.At(chunk >> ChunkRef.Bits),
    });

    [SkipLocalsInit]
    private void ReadChunks(in LooseState state, long min, long max, SampleBuffer into)
    {
        Span<long> chunks = stackalloc long[64];
        var count = 0;
        for (var at = state.Chunk; at >= 0 && at != state.Cut;)
        {
            var chunk = ChunkAt(at);
            // Each step back is a miss of the processor's cache: what is older than the range is not looked at when the list tells.
            if (chunk.MaxTime < min && !state.ChunksOverlap)
                break;
            if (chunk.MaxTime >= min && chunk.MinTime <= max)
            {
                if (count == chunks.Length)
                {
                    var larger = new long[count * 2];
                    chunks.CopyTo(larger);
                    chunks = larger;
                }
                chunks[count++] = at;
            }
            at = chunk.Previous;
        }
        while (--count >= 0)
            ChunkAt(chunks[count]).Read(min, max, into);
    }
}
