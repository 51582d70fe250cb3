using ActorMon.Model.Ingest;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Snapshots;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Copies;

/// <summary>
/// Part files that together hold what a view shows in some windows of time: parts that lie within them as they are, everything else (the head, parts of which a piece is
/// wanted, parts that hide deleted samples) written to files of its own. Keeps all of them readable until <see cref="Dispose"/>. Any thread; reading is concurrent.
/// </summary>
public sealed class CopySource : IDisposable
{
    /// <summary>Below the partition's directory; emptied at start.</summary>
    public const string Folder = "copies";

    // Files of all copies of the process have names of their own.
    private static long _lastScratch;

    private readonly List<(PartFile Part, bool IsScratch)> _parts = [];
    private bool _isDisposed;

    private CopySource(IReadOnlyDictionary<WriterId, long> positions) => Positions = positions;

    /// <summary>Batches of each writer up to these numbers are in the files, as far as their samples lie in the windows.</summary>
    public IReadOnlyDictionary<WriterId, long> Positions { get; }

    /// <summary>Length of each file, bytes.</summary>
    public IReadOnlyList<long> Lengths => [.. _parts.Select(p => p.Part.Bytes)];

    /// <summary>Samples in all files.</summary>
    public long Samples => _parts.Sum(p => p.Part.Samples);

    /// <summary>Reads from a file; less than asked for only at its end.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public int Read(int file, long offset, Span<byte> into)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        return _parts[file].Part.ReadRaw(offset, into);
    }

    /// <summary>Removes what copies that were not ended have left in a partition's directory.</summary>
    /// <exception cref="IOException">The directory cannot be read or written.</exception>
    internal static void Clear(IStorageFiles files, string partition)
    {
        var directory = Path.Combine(partition, Folder);
        if (!files.DirectoryExists(directory))
            return;
        foreach (var name in files.List(directory))
            files.Delete(Path.Combine(directory, name));
    }

    internal static CopySource Begin(
        PartitionView view, IReadOnlyDictionary<WriterId, long> positions, IReadOnlyList<TimeWindow> windows, PartitionOptions options, IStorageFiles files, CancellationToken cancellation)
    {
        var copy = new CopySource(positions);
        try
        {
            var stretches = Stretches(windows);
            var rest = copy.TakeWhole(view, stretches);
            foreach (var window in stretches)
                copy.WriteRest(rest, window, options, files, cancellation);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        foreach (var (part, isScratch) in _parts)
        {
            if (isScratch)
                part.Retire();
            else
                part.Release();
        }
    }

    /// <summary>The same times with as few windows as can be: what crosses the edge of two wanted windows is within one stretch.</summary>
    private static List<TimeWindow> Stretches(IReadOnlyList<TimeWindow> windows)
    {
        var stretches = new List<TimeWindow>();
        foreach (var window in windows.OrderBy(w => w.Start))
        {
            if (stretches.Count > 0 && window.Start <= stretches[^1].End)
                stretches[^1] = new TimeWindow(stretches[^1].Start, Math.Max(stretches[^1].End, window.End));
            else
                stretches.Add(window);
        }
        return stretches;
    }

    /// <summary>Takes the parts that need no writing; returns the view without them.</summary>
    private PartitionView TakeWhole(PartitionView view, IReadOnlyList<TimeWindow> windows)
    {
        var rest = new List<ISampleSource>();
        foreach (var source in view.Older)
        {
            if (WholeParts.Of(source, view) is { } part && IsWithin(part, windows))
            {
                part.AddReference();
                _parts.Add((part, false));
            }
            else
            {
                rest.Add(source);
            }
        }
        return new PartitionView(view.Version, view.Head, [.. rest], view.Floor);
    }

    private static bool IsWithin(PartFile part, IReadOnlyList<TimeWindow> windows)
    {
        foreach (var window in windows)
            if (window.Contains(part.MinTime) && window.Contains(part.MaxTime))
                return true;
        return false;
    }

    private void WriteRest(PartitionView rest, TimeWindow wanted, PartitionOptions options, IStorageFiles files, CancellationToken cancellation)
    {
        var (min, max) = (Math.Max(wanted.Start, rest.MinTime.Value), Math.Min(wanted.End - 1, rest.MaxTime.Value));
        foreach (var (start, end) in SnapshotWindows.Of(min, max))
            Write(rest, new TimeWindow(start, end), Math.Max(min, start), Math.Min(max, end - 1), options, files, cancellation);
    }

    private void Write(PartitionView rest, TimeWindow window, long min, long max, PartitionOptions options, IStorageFiles files, CancellationToken cancellation)
    {
        using var selection = rest.Select(new SeriesRequest([], new TimestampMs(min), new TimestampMs(max)));
        if (selection.Count == 0)
            return;
        var directory = Path.Combine(options.Directory, Folder);
        if (!files.DirectoryExists(directory))
            files.CreateDirectory(directory);
        using var writer = PartWriter.Create(files, directory, new PartHeader
        {
            ClusterId = options.ClusterId,
            Partitions = options.Partitions,
            Partition = options.Partition,
            Sequence = Interlocked.Increment(ref _lastScratch),
            Level = 1,
            WindowStart = window.Start,
            WindowEnd = window.End,
        });
        var buffer = new SampleBuffer();
        for (var i = 0; i < selection.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            selection.Read(i, buffer);
            writer.Add(selection.LabelsAt(i), buffer);
        }
        // Not through the node's cache: nobody queries it.
        if (writer.Finish(new PartCache(0)) is { } part)
            _parts.Add((part, true));
    }
}
