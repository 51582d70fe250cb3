using System.Security.Cryptography;
using ActorMon.Model.Ingest;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
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
    private readonly PartCache _cache = new(0);
    private long _sequence = 1;

    /// <summary>Samples written, linked ones included.</summary>
    public long Samples { get; private set; }

    /// <exception cref="IOException">The disk refused; what was written stays for the caller to discard.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Write(bool skipHead, CancellationToken cancellation)
    {
        var shown = skipHead ? view.WithoutHead() : view;
        var parts = Path.Combine(directory, "parts");
        files.CreateDirectory(parts);
        files.SyncDirectory(directory);
        foreach (var (start, end) in SnapshotWindows.Of(shown.MinTime.Value, shown.MaxTime.Value))
            WritePart(shown, parts, start, end, cancellation);
        if (!skipHead)
            WriteLog();
    }

    private void WritePart(PartitionView shown, string parts, long start, long end, CancellationToken cancellation)
    {
        using var selection = shown.Select(new SeriesRequest([], new TimestampMs(start), new TimestampMs(end - 1)));
        if (selection.Count == 0)
            return;
        using var writer = PartWriter.Create(files, parts, new PartHeader
        {
            ClusterId = source.ClusterId,
            Partitions = source.Partitions,
            Partition = source.Partition,
            Sequence = _sequence++,
            Level = 1,
            WindowStart = start,
            WindowEnd = end,
        });
        var buffer = new SampleBuffer();
        for (var i = 0; i < selection.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            selection.Read(i, buffer);
            writer.Add(selection.LabelsAt(i), buffer);
        }
        using var part = writer.Finish(_cache);
        Samples += part?.Samples ?? 0;
    }

    /// <summary>What parts do not hold.</summary>
    private void WriteLog()
    {
        var exemplars = view.Exemplars([Index.ResolvedMatchers.Resolve([], view.Symbols)], TimestampMs.Min, TimestampMs.Max);
        if (exemplars.Count == 0 && view.Metadata.Count == 0)
            return;
        using var store = PartitionStore.Open(source with { Directory = directory }, new NodeSymbols(), files, time);
        var batch = new SampleBatch
        {
            Writer = new WriterId(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))),
            Number = 1,
            Partition = source.Partition,
            Exemplars = [.. exemplars.SelectMany(e => e.Exemplars, (e, exemplar) => new SeriesExemplar(e.Series, exemplar))],
            Metadata = [.. view.Metadata.Select(m => new FamilyMetadata(m.Key, m.Value))],
        };
        var results = new AppendResult[1];
        store.Append([batch], results);
        if (results[0].Status != AppendStatus.Accepted)
            throw new IOException($"metadata and exemplars of partition {source.Partition} cannot be written: {results[0].Text ?? results[0].Status.ToString()}");
    }
}
