using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ActorMon.Model.Histograms;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Tsdb.Copies;

/// <summary>Sums up samples as <see cref="ContentDigest"/> says. A series may be added in pieces that divide no window. One thread.</summary>
internal sealed class DigestSums
{
    private readonly SortedDictionary<(long Window, int Bucket), (UInt128 Hash, long Samples)> _sums = [];
    private byte[] _bytes = new byte[4096];

    /// <summary>Ascending by window and bucket.</summary>
    public IEnumerable<WindowDigest> All => _sums.Select(d => new WindowDigest(d.Key.Window, d.Key.Bucket, d.Value.Hash, d.Value.Samples));

    /// <summary>Windows in which native histograms were met.</summary>
    public HashSet<long> WithHistograms { get; } = [];

    /// <param name="series">StableHash of its labels.</param>
    public void Add(ulong series, SampleBuffer samples)
    {
        var times = samples.Times;
        for (var at = 0; at < times.Length;)
        {
            var window = TimeWindow.Of(times[at], ContentDigest.WindowMs);
            var end = at + 1;
            while (end < times.Length && window.Contains(times[end]))
                end++;
            var key = (window.Start, (int)(series % ContentDigest.Buckets));
            var known = _sums.GetValueOrDefault(key);
            _sums[key] = (unchecked(known.Hash + HashOf(samples, series, window.Start, at, end)), known.Samples + (end - at));
            at = end;
        }
    }

    private UInt128 HashOf(SampleBuffer samples, ulong series, long window, int start, int end)
    {
        var count = end - start;
        Reserve(count * 16);
        MemoryMarshal.AsBytes(samples.Times[start..end]).CopyTo(_bytes);
        MemoryMarshal.AsBytes(samples.Values[start..end]).CopyTo(_bytes.AsSpan(count * 8));
        var length = count * 16;
        if (samples.HasHistograms)
            for (var i = start; i < end; i++)
                if (samples.HistogramAt(i) is { } histogram)
                {
                    Append(histogram, i - start, ref length, count);
                    WithHistograms.Add(window);
                }
        if (!BitConverter.IsLittleEndian)
            ReverseWords(_bytes.AsSpan(0, count * 16));
        return XxHash128.HashToUInt128(_bytes.AsSpan(0, length), unchecked((long)series));
    }

    private void Append(NativeHistogram histogram, int index, ref int length, int count)
    {
        // The float beside a histogram is meaningless.
        _bytes.AsSpan(count * 8 + index * 8, 8).Clear();
        Reserve(length + HistogramCodec.MaxSize(histogram));
        length += HistogramCodec.Encode(histogram with { CounterResetHint = CounterResetHint.Unknown }, _bytes.AsSpan(length));
    }

    private void Reserve(int bytes)
    {
        if (_bytes.Length < bytes)
            Array.Resize(ref _bytes, Math.Max(bytes, _bytes.Length * 2));
    }

    private static void ReverseWords(Span<byte> words)
    {
        for (; words.Length >= 8; words = words[8..])
            BinaryPrimitives.WriteUInt64LittleEndian(words, BinaryPrimitives.ReadUInt64BigEndian(words));
    }
}
