using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ActorMon.Model.Ingest;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Wal;

/// <summary>The section of loose samples: a run of one series at a time.</summary>
internal sealed partial class WalEncoder
{
    public const byte LooseHistograms = 1;
    public const byte LooseSameTimes = 2;
    public const byte LooseUnchanged = 4;
    public const byte LooseColumn = 8;
    public const int LooseFlagBits = 4;

    /// <summary>From so many values on a column is as small as tokens and much faster to read back.</summary>
    private const int ColumnFrom = 12;

    private int _looseSeries;
    // By loose number: number in the segment + 1 (0: not defined there yet), last value, state.
    private int[] _looseNumbers = [];
    private double[] _looseValues = [];
    private byte[] _looseStates = [];

    /// <summary>A column the last <see cref="Encode"/> made; valid until the next one.</summary>
    public ReadOnlySpan<byte> Column(in LooseRun run) => _sections.Written.Slice(run.ColumnAt, run.ColumnBytes);

    private void Loose(LooseSample[] samples, LooseRuns runs)
    {
        var all = runs.All;
        _sections.Number((ulong)all.Length);
        var number = -1;
        long first = 0;
        ReadOnlySpan<long> timesBefore = [];
        for (var i = 0; i < all.Length; i++)
        {
            ref var run = ref all[i];
            GrowLoose(run.Loose);
            var isNew = _looseNumbers[run.Loose] == 0;
            if (isNew)
            {
                _looseNumbers[run.Loose] = ++_looseSeries;
                _looseValues[run.Loose] = 0;
                _looseStates[run.Loose] = 0;
            }
            var own = _looseNumbers[run.Loose] - 1;
            var times = runs.Times(run);
            var values = runs.Values(run);
            var sameTimes = times.SequenceEqual(timesBefore);
            var flags = (run.Histograms ? LooseHistograms : 0) | (sameTimes ? LooseSameTimes : 0);
            if (!run.Histograms)
                flags |= Unchanged(values, _looseValues[run.Loose]) ? LooseUnchanged : run.Count >= ColumnFrom ? LooseColumn : 0;
            _sections.Number(Varint.ZigZag(own - number - 1) << LooseFlagBits | (uint)flags);
            number = own;
            if (isNew)
                Define(run.Series);
            if (!sameTimes)
                Times(times, first);
            timesBefore = times;
            first = times[0];
            if (run.Histograms)
            {
                Histograms(samples.AsSpan(run.Start, run.Count));
                continue;
            }
            if ((flags & LooseColumn) != 0)
                Column(ref run, values);
            else if ((flags & LooseUnchanged) == 0)
                Tokens(run.Loose, values, i);
            _looseValues[run.Loose] = values[^1];
        }
    }

    private static bool Unchanged(ReadOnlySpan<double> values, double before) =>
        MemoryMarshal.Cast<double, ulong>(values).IndexOfAnyExcept(BitConverter.DoubleToUInt64Bits(before)) < 0;

    private void Times(ReadOnlySpan<long> times, long first)
    {
        var space = _sections.Reserve((times.Length + 1) * Varint.MaxBytes);
        var at = 0;
        Varint.Write(space, ref at, (ulong)times.Length);
        Varint.WriteSigned(space, ref at, times[0] - first);
        long delta = 0;
        for (var i = 1; i < times.Length; i++)
        {
            var next = times[i] - times[i - 1];
            Varint.WriteSigned(space, ref at, next - delta);
            delta = next;
        }
        _sections.Advance(at);
    }

    private void Column(ref LooseRun run, ReadOnlySpan<double> values)
    {
        var space = _sections.Reserve(sizeof(ushort) + ColumnCodec.MaxColumnBytes);
        run.ColumnBytes = ColumnCodec.Encode(values, space[sizeof(ushort)..]);
        run.ColumnAt = _sections.Length + sizeof(ushort);
        BinaryPrimitives.WriteUInt16LittleEndian(space, (ushort)run.ColumnBytes);
        _sections.Advance(sizeof(ushort) + run.ColumnBytes);
    }

    private void Tokens(int loose, ReadOnlySpan<double> values, int turn)
    {
        var space = _sections.Reserve(values.Length * ValueToken.MaxBytes + 8);
        var at = 0;
        var before = _looseValues[loose];
        foreach (var value in values)
        {
            ValueToken.Write(space, ref at, before, value, ref _looseStates[loose], (turn++ & 15) == 0);
            before = value;
        }
        _sections.Advance(at);
    }

    private void Histograms(ReadOnlySpan<LooseSample> samples)
    {
        foreach (ref readonly var sample in samples)
        {
            var encoded = ArrayPool<byte>.Shared.Rent(HistogramCodec.MaxSize(sample.Histogram!));
            var length = HistogramCodec.Encode(sample.Histogram!, encoded);
            _sections.Number((ulong)length);
            _sections.Bytes(encoded.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(encoded);
        }
    }

    private void GrowLoose(int loose)
    {
        if (loose < _looseNumbers.Length)
            return;
        var size = Math.Max(64, Math.Max(loose + 1, _looseNumbers.Length * 2));
        Array.Resize(ref _looseNumbers, size);
        Array.Resize(ref _looseValues, size);
        Array.Resize(ref _looseStates, size);
    }
}
