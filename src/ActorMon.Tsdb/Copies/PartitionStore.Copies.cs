using ActorMon.Model.Ingest;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb;

/// <summary>Taking in what another copy of the partition holds. Everything arrives as parts, so what is here and what comes are merged as late samples are.</summary>
public sealed partial class PartitionStore
{
    /// <summary>Begins to take a part's file of so many bytes. Any thread; <see cref="Adopt"/> or <see cref="GiveUp"/> ends it.</summary>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public PartIntake BeginIntake(long length)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return new PartIntake(_files, _parts, new WalIdentity(_options.ClusterId, _options.Partitions, _options.Partition), _options.PartCache, length);
    }

    /// <summary>
    /// Puts finished intakes in force: the next view shows them. <paramref name="positions"/>: batches of writers up to these numbers are in them, so they are not asked for.
    /// The writer's.
    /// </summary>
    public void Adopt(IReadOnlyList<PartFile> parts, IReadOnlyDictionary<WriterId, long> positions)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _parts.Add(parts);
        foreach (var part in parts)
            _parts.EndIntake(part.Header.Sequence);
        foreach (var (writer, number) in positions)
            _positions.AddRange(writer, 1, number);
        FindOlder();
        Publish();
        if (positions.Count == 0 || _log.Failure is not null || _log.NeedsSegment)
            return;
        // A segment begins with the positions; one that is open already learns of them here.
        _buffer.Clear();
        Record(WalRecordType.Positions);
        _log.Write(_buffer.Written);
    }

    /// <summary>Finished intakes that are not wanted after all: their files go. Any thread.</summary>
    public void GiveUp(IReadOnlyList<PartFile> parts)
    {
        foreach (var part in parts)
        {
            part.Retire();
            _parts.EndIntake(part.Header.Sequence);
        }
    }

    /// <summary>
    /// Files that together hold what the newest view shows in some windows, for another copy; see <see cref="CopySource"/>. Any thread; reads, and writes what has no file yet.
    /// </summary>
    /// <exception cref="IOException">The disk refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public CopySource BeginCopy(IReadOnlyList<Lifecycle.TimeWindow> windows, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        // In this order: what the positions count is in the view.
        var positions = Stats.Writers;
        return CopySource.Begin(View, positions, windows, _options, _files, cancellation);
    }
}
