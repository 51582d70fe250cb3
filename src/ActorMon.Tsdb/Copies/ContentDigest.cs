using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ActorMon.Model.Histograms;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Snapshots;

namespace ActorMon.Tsdb.Copies;

/// <summary>
/// Digests of what readers of a partition see: independent of how it is stored (head, parts, merged or not), so copies that were written and compacted differently compare
/// equal. The content of a series in a window is its labels' StableHash, its times and the bits of its values (XXH128); a histogram counts without its counter reset hint,
/// which follows from its neighbours. Part of what nodes of one cluster compare: changing it needs another version.
/// </summary>
public sealed class ContentDigest
{
    /// <summary>Length of a window, ms.</summary>
    public const long WindowMs = 2 * 3_600_000;

    /// <summary>Series are spread over so many digests a window, so that a repair moves a share of it.</summary>
    public const int Buckets = 8;

    /// <summary>Version of the content that is hashed.</summary>
    public const int Version = 1;

    private readonly SortedDictionary<(long Window, int Bucket), (UInt128 Hash, long Samples)> _digests = [];
    private readonly SampleBuffer _samples = new();
    private byte[] _bytes = new byte[4096];

    private ContentDigest()
    {
    }

    /// <summary>Of everything visible with min &lt;= t &lt;= max (Unix ms), ascending by window and bucket; empty windows are left out. Reads every sample; any thread.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<WindowDigest> Of(PartitionView view, long min, long max, CancellationToken cancellation)
    {
        var digest = new ContentDigest();
        min = Math.Max(min, view.MinTime.Value);
        max = Math.Min(max, view.MaxTime.Value);
        // In stretches, so that the samples of one series that are in memory at once are those of some days.
        foreach (var (start, end) in SnapshotWindows.Of(min, max))
            digest.AddStretch(view, Math.Max(min, start), Math.Min(max, end - 1), cancellation);
        return [.. digest._digests.Select(d => new WindowDigest(d.Key.Window, d.Key.Bucket, d.Value.Hash, d.Value.Samples))];
    }

    private void AddStretch(PartitionView view, long min, long max, CancellationToken cancellation)
    {
        using var selection = view.Select(new SeriesRequest([], new TimestampMs(min), new TimestampMs(max)));
        for (var i = 0; i < selection.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            selection.Read(i, _samples);
            if (_samples.Count > 0)
                AddSeries(StableHash.Of(selection.LabelsAt(i)));
        }
    }

    private void AddSeries(ulong series)
    {
        var times = _samples.Times;
        for (var at = 0; at < times.Length;)
        {
            var window = TimeWindow.Of(times[at], WindowMs);
            var end = at + 1;
            while (end < times.Length && window.Contains(times[end]))
                end++;
            var key = (window.Start, (int)(series % Buckets));
            var known = _digests.GetValueOrDefault(key);
            _digests[key] = (unchecked(known.Hash + HashOf(series, at, end)), known.Samples + (end - at));
            at = end;
        }
    }

    private UInt128 HashOf(ulong series, int start, int end)
    {
        var count = end - start;
        Reserve(count * 16);
        MemoryMarshal.AsBytes(_samples.Times[start..end]).CopyTo(_bytes);
        MemoryMarshal.AsBytes(_samples.Values[start..end]).CopyTo(_bytes.AsSpan(count * 8));
        var length = count * 16;
        if (_samples.HasHistograms)
            for (var i = start; i < end; i++)
                if (_samples.HistogramAt(i) is { } histogram)
                    Append(histogram, i - start, ref length, count);
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
