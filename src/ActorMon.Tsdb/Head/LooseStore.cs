using System.Buffers;
using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Cow;

namespace ActorMon.Tsdb.Head;

/// <summary>One series outside the layouts: 48 bytes.</summary>
internal struct LooseState
{
    /// <summary>Newest open entry, or <see cref="OpenLog.None"/>.</summary>
    public uint Open;
    public int OpenCount;

    /// <summary>Newest sealed chunk, or -1: position &lt;&lt; 1 | 1 when it still grows.</summary>
    public long Chunk;

    /// <summary>The list of chunks ends before this one: it and what is behind it fell to retention. -1: nothing did.</summary>
    public long Cut;

    /// <summary>The sample with the greatest time; meaningless before the first.</summary>
    public long LastTime;
    public double LastValue;
    public bool HasLast;
}

/// <summary>What readers see of the loose series.</summary>
internal sealed record LooseView(CowSnapshot<LooseState> Series, OpenLogSnapshot Log, SlabSnapshot Growing, SlabSnapshot Full)
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
            if (HistogramCodec.Decode(Growing.At((long)entry.Bits), ref offset) is { } histogram)
                into.Add(entry.Time, histogram);
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
            at = chunk.Previous;
        }
        return false;
    }

    private LooseChunk ChunkAt(long chunk) => new((chunk & 1) != 0 ? Growing.At(chunk >> 1) : Full.At(chunk >> 1));

    private void ReadChunks(in LooseState state, long min, long max, SampleBuffer into)
    {
        var chunks = ArrayPool<long>.Shared.Rent(64);
        var count = 0;
        for (var at = state.Chunk; at >= 0 && at != state.Cut;)
        {
            var chunk = ChunkAt(at);
            if (chunk.MaxTime >= min && chunk.MinTime <= max)
            {
                if (count == chunks.Length)
                {
                    var larger = ArrayPool<long>.Shared.Rent(count * 2);
                    chunks.CopyTo(larger, 0);
                    ArrayPool<long>.Shared.Return(chunks);
                    chunks = larger;
                }
                chunks[count++] = at;
            }
            at = chunk.Previous;
        }
        while (--count >= 0)
            ChunkAt(chunks[count]).Read(min, max, into);
        ArrayPool<long>.Shared.Return(chunks);
    }
}

/// <summary>
/// Series outside the layouts (remote write, rules, push). Samples wait in one log; a series with <see cref="SamplesPerSeal"/> of them is sealed: they join its growing
/// chunk, which is written anew until it has <see cref="LooseChunk.MaxSamples"/>. Growing and full chunks are in different slabs, so pages of the first empty themselves.
/// Called by the writer alone.
/// </summary>
internal sealed class LooseStore
{
    public const int SamplesPerSeal = 8;

    private readonly CowVector<LooseState> _series = new(5);
    private readonly OpenLog _log = new();
    private readonly Slab _growing = new();
    private readonly Slab _full = new();
    private readonly SampleBuffer _samples = new();
    private byte[] _scratch = new byte[LooseChunk.MaxFloatBytes];

    public int Count => _series.Count;
    public long Bytes => _growing.Bytes + _full.Bytes + (long)_log.PageCount * (1 << OpenLog.PageBits) * 32;
    public long Chunks { get; private set; }

    public int Add() => _series.Add(new LooseState { Open = OpenLog.None, Chunk = -1, Cut = -1 });

    public void Append(int loose, long time, double value) => Append(loose, new OpenEntry { Time = time, Bits = BitConverter.DoubleToUInt64Bits(value), Owner = loose }, value);

    public void Append(int loose, long time, NativeHistogram histogram)
    {
        var size = HistogramCodec.MaxSize(histogram);
        if (size > _scratch.Length)
            _scratch = new byte[size * 2];
        var length = HistogramCodec.Encode(histogram, _scratch);
        var at = _growing.Add(_scratch.AsSpan(0, length));
        Append(loose, new OpenEntry { Time = time, Bits = (ulong)at, HistogramBytes = length, Owner = loose }, histogram.Sum);
    }

    private void Append(int loose, OpenEntry entry, double value)
    {
        ref var state = ref _series.Writable(loose);
        entry.Previous = state.Open;
        state.Open = _log.Add(entry);
        if (!state.HasLast || entry.Time > state.LastTime || (entry.Time == state.LastTime && SampleOrder.Compare(value, state.LastValue) > 0))
        {
            state.HasLast = true;
            state.LastTime = entry.Time;
            state.LastValue = value;
        }
        if (++state.OpenCount == SamplesPerSeal)
            Seal(ref state);
    }

    /// <summary>Seals what slow series hold open so that the log stays short against the number of series. Called once a group of batches.</summary>
    public void TrimLog()
    {
        _log.Trim();
        // In steady state half of SamplesPerSeal is open a series; twice the whole means that old entries pin pages.
        var bound = 16 + (Count * SamplesPerSeal * 2 >> OpenLog.PageBits);
        while (_log.PageCount > bound)
        {
            foreach (var (index, owner) in _log.OldestPage())
                if (owner < Count && IsOpen(_series[owner], index))
                    Seal(ref _series.Writable(owner));
            var before = _log.PageCount;
            _log.Trim();
            if (_log.PageCount == before)
                return;
        }
    }

    /// <summary>Gives back the chunks at the old end of each list that end before the floor.</summary>
    public void DropBefore(long floor)
    {
        for (var i = 0; i < Count; i++)
        {
            ref readonly var state = ref _series[i];
            var keptUpTo = -1L;
            for (var at = state.Chunk; at >= 0 && at != state.Cut; at = ChunkAt(at).Previous)
                if (ChunkAt(at).MaxTime >= floor)
                    keptUpTo = at;
            var first = keptUpTo < 0 ? state.Chunk : ChunkAt(keptUpTo).Previous;
            if (first < 0 || first == state.Cut)
                continue;
            var end = state.Cut;
            ref var changed = ref _series.Writable(i);
            if (keptUpTo < 0)
                changed.Chunk = changed.Cut = -1;
            else
                changed.Cut = first;
            for (var at = first; at >= 0 && at != end;)
            {
                var chunk = ChunkAt(at);
                var (previous, length) = (chunk.Previous, chunk.Length);
                ((at & 1) != 0 ? _growing : _full).Release(at >> 1, length);
                Chunks--;
                at = previous;
            }
        }
    }

    public LooseView View() => new(_series.Snapshot(), _log.Snapshot(), _growing.Snapshot(), _full.Snapshot());

    private LooseChunk ChunkAt(long chunk) => new((chunk & 1) != 0 ? _growing.At(chunk >> 1) : _full.At(chunk >> 1));

    private bool IsOpen(in LooseState state, uint index)
    {
        for (var at = state.Open; at != OpenLog.None; at = _log[at].Previous)
            if (at == index)
                return true;
        return false;
    }

    private void Seal(ref LooseState state)
    {
        if (state.OpenCount == 0)
            return;
        _samples.Clear();
        var previous = state.Chunk;
        if (previous >= 0 && (previous & 1) != 0)
        {
            var chunk = new LooseChunk(_growing.At(previous >> 1));
            chunk.Read(long.MinValue, long.MaxValue, _samples);
            var replaced = previous >> 1;
            var length = chunk.Length;
            previous = chunk.Previous;
            Collect(ref state);
            _growing.Release(replaced, length);
            Chunks--;
        }
        else
        {
            Collect(ref state);
        }
        SampleMerge.Normalize(_samples);
        WriteRuns(ref state, previous);
    }

    private void Collect(ref LooseState state)
    {
        for (var at = state.Open; at != OpenLog.None;)
        {
            var entry = _log[at];
            if (entry.HistogramBytes == 0)
            {
                _samples.Add(entry.Time, BitConverter.UInt64BitsToDouble(entry.Bits));
            }
            else
            {
                var offset = 0;
                _samples.Add(entry.Time, HistogramCodec.Decode(_growing.At((long)entry.Bits), ref offset)!);
                _growing.Release((long)entry.Bits, entry.HistogramBytes);
            }
            _log.Release(at);
            at = entry.Previous;
        }
        state.Open = OpenLog.None;
        state.OpenCount = 0;
    }

    /// <summary>A chunk holds one kind: a run of floats, then a run of histograms, and so on. Only the last run goes on growing.</summary>
    private void WriteRuns(ref LooseState state, long previous)
    {
        for (var from = 0; from < _samples.Count;)
        {
            var histograms = _samples.HistogramAt(from) is not null;
            var limit = Math.Min(_samples.Count, from + (histograms ? LooseChunk.MaxSamples / 4 : LooseChunk.MaxSamples));
            var end = from + 1;
            while (end < limit && (_samples.HistogramAt(end) is not null) == histograms)
                end++;
            var length = histograms ? EncodeHistograms(previous, from, end) : LooseChunk.EncodeFloats(previous, _samples.Times[from..end], _samples.Values[from..end], _scratch);
            var grows = end == _samples.Count && end - from <= (histograms ? LooseChunk.MaxSamples / 4 : LooseChunk.MaxSamples) - SamplesPerSeal;
            previous = (grows ? _growing : _full).Add(_scratch.AsSpan(0, length)) << 1 | (grows ? 1L : 0L);
            Chunks++;
            from = end;
        }
        state.Chunk = previous;
    }

    private int EncodeHistograms(long previous, int from, int end)
    {
        var size = 0;
        for (var i = from; i < end; i++)
            size += HistogramCodec.MaxSize(_samples.HistogramAt(i)!);
        var encoded = ArrayPool<byte>.Shared.Rent(size);
        var at = 0;
        for (var i = from; i < end; i++)
            at += HistogramCodec.Encode(_samples.HistogramAt(i)!, encoded.AsSpan(at));
        if (_scratch.Length < at + LooseChunk.MaxFloatBytes)
            _scratch = new byte[at + LooseChunk.MaxFloatBytes];
        var length = LooseChunk.EncodeHistograms(previous, _samples.Times[from..end], encoded.AsSpan(0, at), _scratch);
        ArrayPool<byte>.Shared.Return(encoded);
        return length;
    }
}
