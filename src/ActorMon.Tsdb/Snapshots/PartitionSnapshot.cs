using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Snapshots;

/// <summary>
/// Writes one partition of a snapshot from a published view: parts of its samples, without what is deleted, and (with the head) a log that holds metadata and exemplars.
/// The partition itself is not touched and does not wait. Large parts that stand alone in their time are linked, the rest is written anew, small ones as one.
/// </summary>
public sealed class PartitionSnapshot(PartitionView view, PartitionOptions source, string directory, IStorageFiles files, TimeProvider time)
{
    /// <summary>Parts that span less are written anew with their neighbours.</summary>
    private const long WorthLinkingMs = 16 * 3_600_000;

    private readonly PartCache _cache = new(0);
    private long _sequence = 1;

    /// <summary>Samples written, linked ones included.</summary>
    public long Samples { get; private set; }

    /// <summary>Writes it at the pace given.</summary>
    /// <exception cref="IOException">The disk refused; what was written stays for the caller to discard.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task WriteAsync(bool skipHead, WorkPacer pacer, CancellationToken cancellation)
    {
        var shown = skipHead ? view.WithoutHead() : view;
        var parts = Path.Combine(directory, "parts");
        files.CreateDirectory(parts);
        files.SyncDirectory(directory);
        var from = shown.MinTime.Value;
        foreach (var part in Link(shown, parts))
        {
            await WriteStretchAsync(shown, parts, from, part.MinTime - 1, pacer, cancellation).ConfigureAwait(false);
            from = part.MaxTime + 1;
        }
        await WriteStretchAsync(shown, parts, from, shown.MaxTime.Value, pacer, cancellation).ConfigureAwait(false);
        if (!skipHead)
            WriteLog();
    }

    /// <summary>The parts that were linked, ascending and disjoint: nothing else of the partition has samples between their first and last.</summary>
    private List<PartFile> Link(PartitionView shown, string parts)
    {
        var sources = new List<ISampleSource>(shown.Older.ToArray()) { shown.Head };
        var linked = new List<PartFile>();
        foreach (var candidate in sources)
        {
            // One that has not applied all deletions stands behind a mask and is none.
            if (candidate is not PartSource { Part: var part } || part.MaxTime - part.MinTime < WorthLinkingMs || part.MinTime < shown.Floor)
                continue;
            if (sources.Any(other => !ReferenceEquals(other, candidate) && other.MinTime <= part.MaxTime && other.MaxTime >= part.MinTime))
                continue;
            var name = PartFormat.Name(part.Header.Sequence);
            // It may have been replaced since the view was published, or the file system knows no links: then its samples are written.
            if (!files.TryLink(Path.Combine(source.Directory, "parts", name), Path.Combine(parts, name)))
                continue;
            linked.Add(part);
            _sequence = Math.Max(_sequence, part.Header.Sequence + 1);
            Samples += part.Samples;
        }
        if (linked.Count > 0)
            files.SyncDirectory(parts);
        linked.Sort(static (a, b) => a.MinTime.CompareTo(b.MinTime));
        return linked;
    }

    private async Task WriteStretchAsync(PartitionView shown, string parts, long min, long max, WorkPacer pacer, CancellationToken cancellation)
    {
        foreach (var (start, end) in SnapshotWindows.Of(min, max))
            await WritePartAsync(shown, parts, new TimeWindow(start, end), Math.Max(min, start), Math.Min(max, end - 1), pacer, cancellation).ConfigureAwait(false);
    }

    private async Task WritePartAsync(PartitionView shown, string parts, TimeWindow window, long min, long max, WorkPacer pacer, CancellationToken cancellation)
    {
        using var selection = shown.Select(new SeriesRequest([], new TimestampMs(min), new TimestampMs(max)));
        if (selection.Count == 0)
            return;
        using var writer = PartWriter.Create(files, parts, new PartHeader
        {
            ClusterId = source.ClusterId,
            Partitions = source.Partitions,
            Partition = source.Partition,
            Sequence = _sequence++,
            Level = 1,
            WindowStart = window.Start,
            WindowEnd = window.End,
        });
        var buffer = new SampleBuffer();
        for (var i = 0; i < selection.Count; i++)
        {
            selection.Read(i, buffer);
            writer.Add(selection.LabelsAt(i), buffer);
            await pacer.PaceAsync(cancellation).ConfigureAwait(false);
        }
        using var part = writer.Finish(_cache);
        Samples += part?.Samples ?? 0;
    }

    /// <summary>What parts do not hold.</summary>
    private void WriteLog()
    {
        var batches = BesideSamples.Of(view, source.Partition);
        if (batches.Count == 0)
            return;
        using var store = PartitionStore.Open(source with { Directory = directory }, new NodeSymbols(), files, time);
        var results = new AppendResult[batches.Count];
        store.Append([.. batches], results);
        foreach (var result in results)
            if (result.Status != AppendStatus.Accepted)
                throw new IOException($"metadata and exemplars of partition {source.Partition} cannot be written: {result.Text ?? result.Status.ToString()}");
    }
}
