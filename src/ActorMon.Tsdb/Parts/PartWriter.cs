using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Parts;

/// <summary>
/// Writes one part: series in ascending order, each once. Samples stream out in pages as they fill; in memory stay the open pages (at most one of each kind for each
/// of 256 time groups) and some sixty bytes a series. One thread. <see cref="Dispose"/> without <see cref="Finish"/> leaves nothing behind.
/// </summary>
public sealed class PartWriter : IDisposable
{
    /// <summary>Length of a time group unless the window is longer than 256 of them.</summary>
    private const ulong GroupLength = 4 * 3600 * 1000;

    private readonly IStorageFiles _files;
    private readonly string _directory;
    private readonly string _temporary;
    private readonly string _path;
    private readonly PartHeader _header;
    private readonly PartOutput _output;
    private readonly uint _headerChecksum;
    private readonly ulong _groupLength;
    private readonly TimeGroup?[] _groups;
    private readonly List<PageEntry> _pages = [];
    private readonly PartIndexBuilder _index = new();
    private readonly ByteWriter _times = new();
    private readonly ValueColumnWriter _values = new();
    private readonly HistogramColumns _histograms;
    private readonly DigestSums _digests = new();
    private LabelSet? _last;
    private ulong _buckets;
    private long _minTime = long.MaxValue, _maxTime = long.MinValue, _samples;
    private bool _isRenamed, _isFinished, _isDisposed;

    private PartWriter(IStorageFiles files, string directory, PartHeader header)
    {
        _files = files;
        _directory = directory;
        _header = header;
        _path = Path.Combine(directory, PartFormat.Name(header.Sequence));
        _temporary = _path + PartFormat.TemporaryExtension;
        _histograms = new HistogramColumns(_values);
        var window = unchecked((ulong)(header.WindowEnd - header.WindowStart));
        _groupLength = Math.Max(GroupLength, window / PartFormat.MaxGroups + 1);
        if (_groupLength > GroupLength)
            _groupLength = Math.Max(_groupLength, (_groupLength + GroupLength - 1) / GroupLength * GroupLength);
        _groups = new TimeGroup?[(int)((window - 1) / _groupLength) + 1];
        if (files.FileExists(_temporary))
            files.Delete(_temporary);
        _output = new PartOutput(files.Create(_temporary));
        var bytes = PartFormat.Header(header);
        _headerChecksum = PartFormat.ChecksumOf(bytes);
        _output.Write(bytes);
    }

    /// <summary>Begins a part in an existing directory, as <c>sequence.part.tmp</c>.</summary>
    /// <exception cref="ArgumentException">The window is empty.</exception>
    public static PartWriter Create(IStorageFiles files, string directory, PartHeader header)
    {
        if (header.WindowStart >= header.WindowEnd)
            throw new ArgumentException($"the window [{header.WindowStart}, {header.WindowEnd}) is empty", nameof(header));
        return new PartWriter(files, directory, header);
    }

    /// <summary>Bytes written or waiting to be.</summary>
    public long Bytes => _output.Position;

    public long Samples => _samples;

    /// <summary>Adds a series; without samples it is left out.</summary>
    /// <exception cref="ArgumentException">The series does not follow the one before it, or its samples do not ascend or lie outside the window.</exception>
    public void Add(LabelSet labels, SampleBuffer samples)
    {
        var times = samples.Times;
        if (times.IsEmpty)
            return;
        Check(labels, times);
        _last = labels;
        _index.Begin(labels);
        _buckets = BucketChains.KeyOf(labels);
        for (var at = 0; at < times.Length;)
        {
            var number = unchecked((ulong)(times[at] - _header.WindowStart)) / _groupLength;
            var group = _groups[(int)number] ??= new TimeGroup((int)number);
            var end = EndOf(times, at, PartDirectory.Last(number * _groupLength, _groupLength));
            Split(group, samples, at, end, number * _groupLength, _groupLength);
            at = end;
        }
        _index.End();
        _digests.Add(StableHash.Of(labels), samples);
        _minTime = Math.Min(_minTime, times[0]);
        _maxTime = Math.Max(_maxTime, times[^1]);
        _samples += times.Length;
    }

    /// <summary>Makes the part durable under its name and opens it; null when no sample was added (nothing is left then).</summary>
    public PartFile? Finish(PartCache cache)
    {
        if (_samples == 0)
        {
            Dispose();
            return null;
        }
        foreach (var group in _groups)
        {
            if (group is null)
                continue;
            FlushValues(group);
            FlushTimes(group);
        }
        var directory = _index.Write(_output, _pages, _minTime, _maxTime, _samples, _groupLength, PartDigests.Of(_digests));
        var bytes = new ByteWriter(1024);
        directory.Write(bytes);
        var (offset, length) = _output.WritePage(PageKind.Directory, _pages.Count, bytes.Written);
        Span<byte> trailer = stackalloc byte[PartFormat.TrailerBytes];
        PartFormat.Trailer(trailer, offset, length, _headerChecksum);
        _output.Write(trailer);
        _output.Complete();
        _output.Dispose();
        _files.Rename(_temporary, _path);
        _isRenamed = true;
        _files.SyncDirectory(_directory);
        var part = PartFile.Open(_files, _path, new WalIdentity(_header.ClusterId, _header.Partitions, _header.Partition), cache);
        _isFinished = true;
        return part;
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _output.Dispose();
        if (_isFinished)
            return;
        try
        {
            var left = _isRenamed ? _path : _temporary;
            if (_files.FileExists(left))
                _files.Delete(left);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full or failing disk: whoever opens the directory next deletes it.
        }
    }

    private void Check(LabelSet labels, ReadOnlySpan<long> times)
    {
        if (_last is not null && _last.CompareTo(labels) >= 0)
            ThrowOrder(labels);
        if (times[0] < _header.WindowStart || times[^1] >= _header.WindowEnd)
            ThrowOutside(labels, times[0], times[^1]);
        for (var i = 1; i < times.Length; i++)
            if (times[i] <= times[i - 1])
                ThrowTimes(labels, times[i]);
    }

    /// <summary>First index whose time lies behind a last time that is relative to the window.</summary>
    private int EndOf(ReadOnlySpan<long> times, int from, ulong last)
    {
        int low = from, high = times.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (unchecked((ulong)(times[middle] - _header.WindowStart)) <= last)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>
    /// Halves the stretch until its samples are no more than a chunk holds. The borders are times and not counts: series that are scraped together are cut alike,
    /// and share their times, even if one of them missed a scrape.
    /// </summary>
    private void Split(TimeGroup group, SampleBuffer samples, int from, int end, ulong start, ulong length)
    {
        if (from == end)
            return;
        if (end - from <= (samples.HasHistograms ? HistogramColumns.MaxRows : TimeColumn.MaxRows) || length < 2)
        {
            while (from < end)
            {
                var isHistogram = samples.HistogramAt(from) is not null;
                var next = from + 1;
                while (next < end && samples.HistogramAt(next) is not null == isHistogram)
                    next++;
                WriteChunk(group, samples, from, next - from, isHistogram);
                from = next;
            }
            return;
        }
        var half = length / 2;
        var middle = EndOf(samples.Times[..end], from, PartDirectory.Last(start, half));
        Split(group, samples, from, middle, start, half);
        Split(group, samples, middle, end, start + half, length - half);
    }

    private void WriteChunk(TimeGroup group, SampleBuffer samples, int from, int rows, bool isHistogram)
    {
        var times = PlaceTimes(group, samples.Times.Slice(from, rows));
        if (group.ValuesPage < 0)
            group.ValuesPage = NewPage(PageKind.Values, group.Number);
        _index.Chunk(group.ValuesPage, group.Values.Length, times.Page, times.Offset);
        if (isHistogram)
        {
            group.Values.Byte(ValueColumn.Histograms);
            _histograms.Write(samples, from, rows, group.Values);
        }
        else
        {
            Span<ColumnPlace> others = stackalloc ColumnPlace[2];
            others = others[..group.Buckets.Find(_buckets, times, rows, others)];
            var place = _values.Write(samples.Values.Slice(from, rows), group.Values, others);
            group.Buckets.Remember(_buckets, times, rows, place);
        }
        if (group.Values.Length >= PartFormat.PageBytes)
            FlushValues(group);
    }

    private (int Page, int Offset) PlaceTimes(TimeGroup group, ReadOnlySpan<long> times)
    {
        if (group.TryShare(times, out var place))
            return place;
        _times.Clear();
        TimeColumn.Write(times, _times);
        var isNewPage = group.TimesPage < 0;
        place = (isNewPage ? _pages.Count : group.TimesPage, group.Times.Length);
        if (group.TryShareEncoded(times, _times.Written, ref place))
            return place;
        if (isNewPage)
            group.TimesPage = NewPage(PageKind.Times, group.Number);
        group.Times.Bytes(_times.Written);
        if (group.Times.Length >= PartFormat.PageBytes)
            FlushTimes(group);
        return place;
    }

    private int NewPage(PageKind kind, int group)
    {
        _pages.Add(new PageEntry(kind, group, 0, 0));
        return _pages.Count - 1;
    }

    private void FlushValues(TimeGroup group)
    {
        if (group.ValuesPage >= 0)
            WritePage(group.ValuesPage, group.Values);
        group.ValuesPage = -1;
        group.Buckets.Clear();
    }

    private void FlushTimes(TimeGroup group)
    {
        if (group.TimesPage >= 0)
            WritePage(group.TimesPage, group.Times);
        group.TimesPage = -1;
    }

    private void WritePage(int number, ByteWriter content)
    {
        var (offset, length) = _output.WritePage(_pages[number].Kind, number, content.Written);
        _pages[number] = _pages[number] with { Offset = offset, Length = length };
        content.Clear();
    }

    [DoesNotReturn]
    private void ThrowOrder(LabelSet labels) =>
        throw new ArgumentException($"series {labels} does not follow {_last}: series come in ascending order, each once", nameof(labels));

    [DoesNotReturn]
    private void ThrowOutside(LabelSet labels, long first, long last) => throw new ArgumentException(
        $"series {labels} has samples from {first} to {last}, the part's window is [{_header.WindowStart}, {_header.WindowEnd})", nameof(labels));

    [DoesNotReturn]
    private static void ThrowTimes(LabelSet labels, long time) => throw new ArgumentException($"series {labels}: times do not ascend at {time}", nameof(labels));
}
