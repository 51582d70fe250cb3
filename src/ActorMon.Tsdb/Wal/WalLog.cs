using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Wal;

/// <summary>How far a log was written at one moment, and how many segments it had begun.</summary>
internal readonly record struct WalMark(long WrittenTo, long Created);

/// <summary>
/// The write end of a partition's log. <see cref="Write"/> is the writer's; <see cref="Sync"/> may be called beside it by the node's sync thread.
/// The first failure is final: after it nothing is known of what the file holds, so nothing more is written.
/// </summary>
internal sealed class WalLog(IStorageFiles files, string directory, WalIdentity identity, long segmentBytes, WalSyncMode mode, TimeProvider time, long nextNumber, List<ClosedSegment> closed, long checkpoint, long checkpointBytes) : IDisposable
{
    private readonly Lock _syncing = new();
    private readonly SortedSet<string> _obsolete = new(StringComparer.Ordinal);
    private IStorageFile? _file;
    private long _number;
    private long _next = nextNumber;
    private long _closedBytes = closed.Sum(s => s.Bytes);
    private long _writtenTo;
    private long _syncedTo;
    private bool _directoryDirty;
    private long _created;
    private volatile string? _failure;
    private long _checkpoint = checkpoint;

    /// <summary>Why the log takes no more, or null.</summary>
    public string? Failure => _failure;

    public long Bytes => TailBytes + CheckpointBytes;

    /// <summary>Bytes behind the checkpoint: what a start has to replay.</summary>
    public long TailBytes => _closedBytes + (_file?.Length ?? 0);

    /// <summary>0: there is no checkpoint.</summary>
    public long CheckpointBytes { get; private set; } = checkpointBytes;

    public int Segments => closed.Count + (_file is null ? 0 : 1);
    public long Written { get; private set; }
    public long Syncs { get; private set; }
    public TimeSpan SyncTime { get; private set; }

    /// <summary>Greatest time of a sample in the open segment; the store keeps it up to date.</summary>
    public long OpenMaxTime { get; set; } = long.MinValue;

    /// <summary>True when the next write begins a segment: everything must be defined again.</summary>
    public bool NeedsSegment => _file is null || _file.Length >= segmentBytes;

    public long StartSegment()
    {
        lock (_syncing)
        {
            CloseOpen();
            _number = _next++;
        }
        return _number;
    }

    /// <summary>The number of the next segment that is begun.</summary>
    public long NextNumber => _next;

    /// <summary>Ends the open segment, so that the next write begins one; everything written so far stands in segments below <see cref="NextNumber"/>.</summary>
    public void EndSegment()
    {
        lock (_syncing)
            CloseOpen();
    }

    /// <summary>Appends a group of records in one write; false: see <see cref="Failure"/>.</summary>
    public bool Write(ReadOnlySpan<byte> records)
    {
        if (_failure is not null)
            return false;
        try
        {
            if (_file is null)
                Create(records);
            else
                _file.Append(records);
            Written += records.Length;
            Interlocked.Add(ref _writtenTo, records.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failure = $"writing segment {WalFormat.SegmentName(_number)} in {directory} failed: {e.Message}";
            return false;
        }
        return mode != WalSyncMode.Always || Sync();
    }

    /// <summary>Makes what was written durable; false: see <see cref="Failure"/>. Any thread.</summary>
    public bool Sync()
    {
        if (_failure is not null)
            return false;
        lock (_syncing)
        {
            var target = Interlocked.Read(ref _writtenTo);
            if (_file is null || target == _syncedTo)
                return true;
            var started = time.GetTimestamp();
            try
            {
                _file.Sync();
                if (_directoryDirty)
                {
                    files.SyncDirectory(directory);
                    _directoryDirty = false;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _failure = $"syncing segment {WalFormat.SegmentName(_number)} in {directory} failed: {e.Message}";
                return false;
            }
            _syncedTo = target;
            Syncs++;
            SyncTime += time.GetElapsedTime(started);
            return true;
        }
    }

    /// <summary>What is to be synced now, for <see cref="Synced"/>; null: nothing. Any thread.</summary>
    public WalMark? Unsynced()
    {
        lock (_syncing)
        {
            var target = Interlocked.Read(ref _writtenTo);
            return _failure is not null || _file is null || target == _syncedTo ? null : new WalMark(target, _created);
        }
    }

    /// <summary>The file system was synced as a whole after the mark was taken; it took so long. Any thread.</summary>
    public void Synced(WalMark mark, TimeSpan took)
    {
        lock (_syncing)
        {
            _syncedTo = Math.Max(_syncedTo, mark.WrittenTo);
            if (mark.Created == _created)
                _directoryDirty = false;
            Syncs++;
            SyncTime += took;
        }
    }

    /// <summary>Files that are of no use any more and wait to be deleted; a start that finds one does no harm.</summary>
    public IReadOnlyCollection<string> Obsolete => _obsolete;

    /// <summary>Gives up closed segments whose newest sample is older than the floor.</summary>
    public void DropBefore(long floor)
    {
        for (var i = closed.Count - 1; i >= 0; i--)
            if (closed[i].MaxTime < floor)
                GiveUp(i);
    }

    /// <summary>These files are gone for good.</summary>
    public void Removed(IReadOnlyCollection<string> paths) => _obsolete.ExceptWith(paths);

    /// <summary>Deletes what waits for it, where nobody waits for the writer any more; what cannot be deleted the next start deletes.</summary>
    public void DeleteObsolete()
    {
        try
        {
            foreach (var path in _obsolete)
                files.Delete(path);
            _obsolete.Clear();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It costs space until then, nothing else.
        }
    }

    /// <summary>Ends the open segment and takes a number for a checkpoint: all that was written so far stands in segments below it.</summary>
    public long TakeNumber()
    {
        EndSegment();
        return _next++;
    }

    /// <summary>A checkpoint with a number from <see cref="TakeNumber"/> is durable: what it holds is given up.</summary>
    public void Checkpointed(long number, long bytes)
    {
        for (var i = closed.Count - 1; i >= 0; i--)
            if (closed[i].Number <= number)
                GiveUp(i);
        if (_checkpoint > 0)
            _obsolete.Add(Path.Combine(directory, WalFormat.CheckpointName(_checkpoint)));
        (_checkpoint, CheckpointBytes) = (number, bytes);
    }

    private void GiveUp(int index)
    {
        _obsolete.Add(Path.Combine(directory, WalFormat.SegmentName(closed[index].Number)));
        _closedBytes -= closed[index].Bytes;
        closed.RemoveAt(index);
    }

    public void Dispose()
    {
        lock (_syncing)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void Create(ReadOnlySpan<byte> records)
    {
        // Header and first records go out in one write: a segment with a torn header holds nothing acknowledged.
        var first = new byte[WalFormat.HeaderBytes + records.Length];
        WalFormat.WriteHeader(first, identity, _number);
        records.CopyTo(first.AsSpan(WalFormat.HeaderBytes));
        var file = files.Create(Path.Combine(directory, WalFormat.SegmentName(_number)));
        lock (_syncing)
        {
            _directoryDirty = true;
            _created++;
            _file = file;
        }
        file.Append(first);
    }

    private void CloseOpen()
    {
        if (_file is null)
            return;
        // The next segment may be synced before this one is asked for again: no segment is left half on disk behind a newer one.
        if (_syncedTo != _writtenTo)
            Sync();
        closed.Add(new ClosedSegment(_number, _file.Length, OpenMaxTime));
        _closedBytes += _file.Length;
        OpenMaxTime = long.MinValue;
        _file.Dispose();
        _file = null;
    }
}
