using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Wal;

/// <summary>The section of loose samples. A run goes into the head as it is: no labels are looked at once the segment has defined its series.</summary>
internal sealed partial class WalReplay
{
    private struct LooseContext
    {
        public int Loose;
        public byte State;
        public double Value;
    }

    private readonly long[] _times = new long[LooseRuns.MaxSamples];
    private readonly double[] _runValues = new double[LooseRuns.MaxSamples];
    // Decoders fetch whole words, and no column reaches so far, whatever its bytes claim.
    private readonly byte[] _column = new byte[4 * ColumnCodec.MaxColumnBytes];
    private LooseContext[] _loose = new LooseContext[64];
    private int _looseCount;

    private bool TryLoose(ref WalReader reader)
    {
        if (!reader.TryCount(out var runs))
            return false;
        long number = -1, first = 0;
        var count = 0;
        for (var i = 0; i < runs; i++)
        {
            if (!reader.TryNumber(out var head))
                return false;
            number += Varint.UnZigZag(head >> WalEncoder.LooseFlagBits) + 1;
            if (number < 0 || number > _looseCount)
                return false;
            if (number == _looseCount && !TryNewLoose(ref reader))
                return false;
            if ((head & WalEncoder.LooseSameTimes) == 0)
            {
                if (!TryTimes(ref reader, first, out count))
                    return false;
                first = _times[0];
            }
            if (count == 0)
                return false;
            ref var context = ref _loose[(int)number];
            if (!((head & WalEncoder.LooseHistograms) != 0 ? TryHistograms(ref reader, context, count) : TryFloats(ref reader, ref context, count, (byte)head)))
                return false;
        }
        return true;
    }

    private bool TryNewLoose(ref WalReader reader)
    {
        if (!TryDefinition(ref reader, out var series))
            return false;
        if (_looseCount == _loose.Length)
            Array.Resize(ref _loose, _looseCount * 2);
        _loose[_looseCount++] = new LooseContext { Loose = head.LooseOf(series) };
        return true;
    }

    private bool TryTimes(ref WalReader reader, long first, out int count)
    {
        count = 0;
        if (!reader.TryNumber(out var number) || number is 0 or > LooseRuns.MaxSamples || !reader.TrySigned(out var time))
            return false;
        _times[0] = time += first;
        SegmentMaxTime = Math.Max(SegmentMaxTime, time);
        long delta = 0;
        for (var i = 1; i < (int)number; i++)
        {
            if (!reader.TrySigned(out var change))
                return false;
            delta += change;
            _times[i] = time += delta;
            SegmentMaxTime = Math.Max(SegmentMaxTime, time);
        }
        count = (int)number;
        return true;
    }

    private bool TryFloats(ref WalReader reader, ref LooseContext context, int count, byte flags)
    {
        var values = _runValues.AsSpan(0, count);
        if ((flags & WalEncoder.LooseUnchanged) != 0)
        {
            values.Fill(context.Value);
        }
        else if ((flags & WalEncoder.LooseColumn) != 0)
        {
            if (!reader.TryByte(out var low) || !reader.TryByte(out var high) || !reader.TryBytes(high << 8 | low, out var column) || !TryColumn(column, values))
                return false;
            context.Value = values[^1];
            Append(context.Loose, count, values, column);
            return true;
        }
        else
        {
            var value = context.Value;
            for (var i = 0; i < values.Length; i++)
            {
                if (!reader.TryValue(value, ref context.State, out value))
                    return false;
                values[i] = value;
            }
        }
        context.Value = values[^1];
        Append(context.Loose, count, values, []);
        return true;
    }

    private bool TryColumn(ReadOnlySpan<byte> column, Span<double> values)
    {
        if (column.Length is 0 or > ColumnCodec.MaxColumnBytes)
            return false;
        column.CopyTo(_column);
        return ColumnCodec.IsSound(_column, values.Length) && ColumnCodec.Decode(_column, values);
    }

    private bool TryHistograms(ref WalReader reader, in LooseContext context, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var at = 0;
            if (!reader.TryCount(out var length) || !reader.TryBytes(length, out var bytes) || HistogramCodec.Decode(bytes, ref at) is not { } histogram)
                return false;
            if (_covered?.Covers(_segment, _times[i]) != true)
                head.AppendLoose(context.Loose, _times[i], histogram);
        }
        return true;
    }

    /// <summary>A run of floats at the times read last, but for those that stand in parts.</summary>
    private void Append(int loose, int count, ReadOnlySpan<double> values, ReadOnlySpan<byte> column)
    {
        if (_covered is null)
        {
            head.AppendLoose(loose, _times.AsSpan(0, count), values, column);
            return;
        }
        for (var i = 0; i < count; i++)
            if (!_covered.Covers(_segment, _times[i]))
                head.AppendLoose(loose, _times.AsSpan(i, 1), values.Slice(i, 1), []);
    }
}
