using System.Buffers.Binary;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Head;

/// <summary>Moving to the next generation of the head. Chunks are copied: one slab never holds what two generations give back.</summary>
internal sealed partial class LooseStore
{
    /// <summary>True when a series has a sample from a time on.</summary>
    public bool HasFrom(int loose, long time)
    {
        ref readonly var state = ref _series[loose];
        for (var at = state.Open; at != OpenLog.None; at = _log[at].Previous)
            if (_log[at].Time >= time)
                return true;
        for (var at = state.Chunk; at >= 0 && at != state.Cut; at = ChunkAt(at).Previous)
            if (ChunkAt(at).MaxTime >= time)
                return true;
        return false;
    }

    /// <summary>Times of the oldest and newest sample; MinTime &gt; MaxTime: there is none.</summary>
    public (long MinTime, long MaxTime) Range()
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < Count; i++)
        {
            ref readonly var state = ref _series[i];
            for (var at = state.Open; at != OpenLog.None; at = _log[at].Previous)
                (min, max) = (Math.Min(min, _log[at].Time), Math.Max(max, _log[at].Time));
            for (var at = state.Chunk; at >= 0 && at != state.Cut; at = ChunkAt(at).Previous)
                (min, max) = (Math.Min(min, ChunkAt(at).MinTime), Math.Max(max, ChunkAt(at).MaxTime));
        }
        return (min, max);
    }

    /// <summary>Copies a series of another store with its samples from a time on; returns its number here.</summary>
    public int Carry(LooseStore from, int loose, long time)
    {
        ref readonly var old = ref from._series[loose];
        var number = Add();
        ref var state = ref _series.Writable(number);
        if (old.HasLast && old.LastTime >= time)
            (state.HasLast, state.LastTime, state.LastValue) = (true, old.LastTime, old.LastValue);
        var chunks = new List<long>();
        for (var at = old.Chunk; at >= 0 && at != old.Cut; at = from.ChunkAt(at).Previous)
            if (from.ChunkAt(at).MaxTime >= time)
                chunks.Add(at);
        for (var i = chunks.Count - 1; i >= 0; i--)
            CarryChunk(ref state, from, chunks[i], time);
        Span<uint> open = stackalloc uint[SamplesPerSeal];
        var count = 0;
        for (var at = old.Open; at != OpenLog.None; at = from._log[at].Previous)
            if (from._log[at].Time >= time)
                open[count++] = at;
        while (--count >= 0)
        {
            var entry = from._log[open[count]];
            if (entry.HistogramBytes > 0)
                entry.Bits = (ulong)_tiny.Add(from._tiny.At((long)entry.Bits)[..entry.HistogramBytes]);
            entry.Owner = number;
            // The last sample is known already.
            Append(number, entry, old.LastValue);
        }
        return number;
    }

    private void CarryChunk(ref LooseState state, LooseStore from, long at, long time)
    {
        var chunk = from.ChunkAt(at);
        if (chunk.MinTime < time)
        {
            _samples.Clear();
            chunk.Read(time, long.MaxValue, _samples);
            Write(ref state, _samples, ChunkRef.Grows(at));
            return;
        }
        var length = chunk.Length;
        if (_scratch.Length < length)
            _scratch = new byte[length + ColumnCodec.Padding];
        from.SlabOf(at).At(at >> ChunkRef.Bits)[..length].CopyTo(_scratch);
        BinaryPrimitives.WriteInt64LittleEndian(_scratch, state.Chunk);
        Link(ref state, at & ChunkRef.Mask, length);
        if (ChunkRef.Grows(at))
            state.Growing += (byte)chunk.Count;
    }
}
