using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Head;

/// <summary>
/// A sealed run of one loose series' samples, times ascending and distinct: 32 bytes of header, the times, then a value column or histograms one behind the other.
/// <code>
/// 0 previous chunk (8)   8 least time (8)   16 greatest time (8)   24 bytes in all (4)   28 samples (2)   30 kind (1)   31 zero (1)
/// times: varint of the least difference, width byte, packed differences
/// </code>
/// </summary>
internal readonly ref struct LooseChunk(ReadOnlySpan<byte> data)
{
    public const int HeaderBytes = 32;
    public const int MaxSamples = 128;
    public const byte Floats = 0;
    public const byte Histograms = 1;

    private readonly ReadOnlySpan<byte> _data = data;

    public long Previous => BinaryPrimitives.ReadInt64LittleEndian(_data);
    public long MinTime => BinaryPrimitives.ReadInt64LittleEndian(_data[8..]);
    public long MaxTime => BinaryPrimitives.ReadInt64LittleEndian(_data[16..]);
    public int Length => BinaryPrimitives.ReadInt32LittleEndian(_data[24..]);
    public int Count => BinaryPrimitives.ReadUInt16LittleEndian(_data[28..]);
    public byte Kind => _data[30];

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Bytes => _data[..Length];

    /// <summary>The most a chunk of floats may need.</summary>
    public static int MaxFloatBytes => HeaderBytes + MaxSamples * 8 + 32 + ColumnCodec.MaxColumnBytes + ColumnCodec.Padding;

    /// <summary>As below, with the values as the column they were encoded to before.</summary>
    public static int EncodeFloats(long previous, ReadOnlySpan<long> times, ReadOnlySpan<byte> column, Span<byte> to)
    {
        var at = EncodeTimes(times, to);
        column.CopyTo(to[at..]);
        return Finish(previous, times, Floats, at + column.Length, to);
    }

    public static int EncodeFloats(long previous, ReadOnlySpan<long> times, ReadOnlySpan<double> values, Span<byte> to)
    {
        var at = EncodeTimes(times, to);
        at += ColumnCodec.Encode(values, to[at..]);
        return Finish(previous, times, Floats, at, to);
    }

    public static int EncodeHistograms(long previous, ReadOnlySpan<long> times, ReadOnlySpan<byte> histograms, Span<byte> to)
    {
        var at = EncodeTimes(times, to);
        histograms.CopyTo(to[at..]);
        return Finish(previous, times, Histograms, at + histograms.Length, to);
    }

    /// <summary>Adds the samples with min &lt;= t &lt;= max; of floats only the rows in the range are decoded.</summary>
    [SkipLocalsInit]
    public void Read(long min, long max, SampleBuffer into)
    {
        if (MaxTime < min || MinTime > max)
            return;
        Span<long> times = stackalloc long[MaxSamples];
        times = times[..Count];
        var at = DecodeTimes(times);
        var (from, to) = (LowerBound(times, min), max == long.MaxValue ? times.Length : LowerBound(times, max + 1));
        if (Kind == Floats)
        {
            if (from == to)
                return;
            into.AddColumns(to - from, out var intoTimes, out var intoValues);
            times[from..to].CopyTo(intoTimes);
            ColumnCodec.Decode(_data[at..], intoValues, from);
            return;
        }
        for (var i = 0; i < to; i++)
            if (HistogramCodec.Decode(_data, ref at) is { } histogram && i >= from)
                into.Add(times[i], histogram);
    }

    private static int LowerBound(ReadOnlySpan<long> times, long wanted)
    {
        var at = times.BinarySearch(wanted);
        return at < 0 ? ~at : at;
    }

    [SkipLocalsInit]
    public bool Overlaps(long min, long max)
    {
        if (MaxTime < min || MinTime > max)
            return false;
        if (MinTime >= min || MaxTime <= max)
            return true;
        Span<long> times = stackalloc long[Count];
        DecodeTimes(times);
        foreach (var time in times)
            if (time >= min && time <= max)
                return true;
        return false;
    }

    private static int EncodeTimes(ReadOnlySpan<long> times, Span<byte> to)
    {
        // Differences are unsigned: times ascend, and wrap-around arithmetic holds any two of them.
        ulong least = ulong.MaxValue, most = 0;
        for (var i = 1; i < times.Length; i++)
        {
            var delta = (ulong)(times[i] - times[i - 1]);
            least = Math.Min(least, delta);
            most = Math.Max(most, delta);
        }
        if (times.Length == 1)
            least = 0;
        var width = 64 - BitOperations.LeadingZeroCount(most - Math.Min(least, most));
        var at = HeaderBytes;
        Varint.Write(to, ref at, least);
        to[at++] = (byte)width;
        var writer = new BitWriter(to[at..]);
        for (var i = 1; i < times.Length; i++)
            writer.Write((ulong)(times[i] - times[i - 1]) - least, width);
        writer.Flush();
        return at + writer.Length;
    }

    private int DecodeTimes(Span<long> times)
    {
        var at = HeaderBytes;
        var least = Varint.Read(_data, ref at);
        var width = (int)_data[at++];
        var time = MinTime;
        times[0] = time;
        if (width == 0)
        {
            for (var i = 1; i < times.Length; i++)
                times[i] = time += (long)least;
            return at;
        }
        var reader = new BitReader(_data[at..]);
        for (var i = 1; i < times.Length; i++)
            times[i] = time += (long)(least + reader.Read(width));
        return at + ((times.Length - 1) * width + 7) / 8;
    }

    private static int Finish(long previous, ReadOnlySpan<long> times, byte kind, int length, Span<byte> to)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, previous);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], times[0]);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], times[^1]);
        BinaryPrimitives.WriteInt32LittleEndian(to[24..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(to[28..], (ushort)times.Length);
        to[30] = kind;
        to[31] = 0;
        return length;
    }
}
