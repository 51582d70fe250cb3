using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Cow;

namespace ActorMon.Tsdb.Head;

/// <summary>
/// Series outside the layouts (remote write, rules, push). Single samples wait in one log; a series with <see cref="SamplesPerSeal"/> of them is sealed, and a longer run
/// of samples of one series is sealed as it comes. Called by the writer alone.
/// </summary>
internal sealed partial class LooseStore
{
    public const int SamplesPerSeal = 8;

    private readonly CowVector<LooseState> _series = new(5);
    private readonly OpenLog _log = new();
    // By how long they live, so that pages empty themselves: histograms of open entries and tiny chunks, growing chunks, full ones.
    private readonly Slab _tiny = new();
    private readonly Slab _growing = new();
    private readonly Slab _full = new();
    private byte[] _scratch = new byte[LooseChunk.MaxFloatBytes];

    public int Count => _series.Count;
    public long Bytes => _tiny.Bytes + _growing.Bytes + _full.Bytes + (long)_log.PageCount * (1 << OpenLog.PageBits) * 32;
    public long Chunks { get; private set; }

    public int Add() => _series.Add(new LooseState { Open = OpenLog.None, Chunk = -1, Cut = -1 });

    public void Append(int loose, long time, double value) => Append(loose, new OpenEntry { Time = time, Bits = BitConverter.DoubleToUInt64Bits(value), Owner = loose }, value);

    public void Append(int loose, long time, NativeHistogram histogram)
    {
        var size = HistogramCodec.MaxSize(histogram);
        if (size > _scratch.Length)
            _scratch = new byte[size * 2];
        var length = HistogramCodec.Encode(histogram, _scratch);
        var at = _tiny.Add(_scratch.AsSpan(0, length));
        Append(loose, new OpenEntry { Time = time, Bits = (ulong)at, HistogramBytes = length, Owner = loose }, histogram.Sum);
    }

    /// <summary>
    /// Appends at most <see cref="LooseChunk.MaxSamples"/> floats of one series. <paramref name="column"/> is what <see cref="ColumnCodec"/> makes of the values,
    /// when the caller has it already; else empty.
    /// </summary>
    public void Append(int loose, ReadOnlySpan<long> times, ReadOnlySpan<double> values, ReadOnlySpan<byte> column)
    {
        if (times.Length < SamplesPerSeal || !Ascend(times))
        {
            for (var i = 0; i < times.Length; i++)
                Append(loose, times[i], values[i]);
            return;
        }
        ref var state = ref _series.Writable(loose);
        Note(ref state, times[^1], values[^1]);
        if (state.OpenCount == 0)
        {
            Seal(ref state, times, values, column);
            return;
        }
        Collect(ref state);
        _samples.AddColumns(times.Length, out var ownTimes, out var ownValues);
        times.CopyTo(ownTimes);
        values.CopyTo(ownValues);
        Seal(ref state);
    }

    private void Append(int loose, OpenEntry entry, double value)
    {
        ref var state = ref _series.Writable(loose);
        entry.Previous = state.Open;
        state.Open = _log.Add(entry);
        Note(ref state, entry.Time, value);
        if (++state.OpenCount < SamplesPerSeal)
            return;
        Collect(ref state);
        Seal(ref state);
    }

    private static void Note(ref LooseState state, long time, double value)
    {
        if (state.HasLast && time <= state.LastTime && (time < state.LastTime || SampleOrder.Compare(value, state.LastValue) <= 0))
            return;
        state.HasLast = true;
        state.LastTime = time;
        state.LastValue = value;
    }

    private static bool Ascend(ReadOnlySpan<long> times)
    {
        for (var i = 1; i < times.Length; i++)
            if (times[i] <= times[i - 1])
                return false;
        return true;
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
            {
                if (owner < Count && IsOpen(_series[owner], index))
                {
                    ref var state = ref _series.Writable(owner);
                    Collect(ref state);
                    Seal(ref state);
                }
            }
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
                SlabOf(at).Release(at >> ChunkRef.Bits, length);
                Chunks--;
                at = previous;
            }
            changed.Growing = (byte)GrowingSamples(changed);
        }
    }

    public LooseView View() => new(_series.Snapshot(), _log.Snapshot(), _tiny.Snapshot(), _growing.Snapshot(), _full.Snapshot());

    private LooseChunk ChunkAt(long chunk) => new(SlabOf(chunk).At(chunk >> ChunkRef.Bits));

    private Slab SlabOf(long chunk) => (chunk & ChunkRef.Mask) switch
    {
        ChunkRef.Full => _full,
        ChunkRef.Tiny => _tiny,
        _ => _growing,
    };

    private bool IsOpen(in LooseState state, uint index)
    {
        for (var at = state.Open; at != OpenLog.None; at = _log[at].Previous)
            if (at == index)
                return true;
        return false;
    }
}
