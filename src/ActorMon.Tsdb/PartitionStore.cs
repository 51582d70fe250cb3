using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Ingest;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb;

/// <summary>
/// One partition: its log, its head and the view readers use. <see cref="Append"/>, <see cref="Maintain"/> and <see cref="Dispose"/> belong to one writer thread
/// at a time; <see cref="View"/>, <see cref="Stats"/> and <see cref="Sync"/> may be called on any thread.
/// </summary>
public sealed partial class PartitionStore : IDisposable
{
    private readonly PartitionOptions _options;
    private readonly TimeProvider _time;
    private PartitionHead _head;
    private BatchCheck _check;
    private readonly WriterPositions _positions;
    private readonly WalLog _log;
    private WalEncoder _encoder;
    private readonly WalBuffer _buffer = new();
    private readonly LooseRuns _loose = new();
    private int[] _exemplars = [];
    private PartitionView _view;
    private PartitionStats _stats;
    private readonly long _recoveredSeries;
    private readonly long _recoveredRemoved;
    private long _duplicates;
    private long _refused;
    private long _version;
    private bool _disposed;

    private PartitionStore(
        PartitionOptions options, IStorageFiles files, TimeProvider time, PartitionHead head, WriterPositions positions, WalLog log, RecoveryReport recovery, DeletionLogFile deletionFile,
        DeletionLog deletions, PartSet parts, PartFactory factory)
    {
        _options = options;
        _files = files;
        _time = time;
        _head = head;
        _positions = positions;
        _log = log;
        _check = new BatchCheck(options, head);
        _encoder = new WalEncoder(head.Series);
        _recoveredSeries = head.SeriesSeen;
        _recoveredRemoved = head.SeriesRemoved;
        Recovery = recovery;
        options.Accounts?.Use(options.Partition, head.Series);
        _checkpointDamaged = log.CheckpointBytes > 0 && recovery.Damage.Count > 0;
        _deletionFile = deletionFile;
        _deletions = new DeletionMask(deletions);
        _parts = parts;
        _factory = factory;
        BeginLifecycle();
        Publish();
    }

    public PartitionId Partition => _options.Partition;

    /// <summary>What opening found.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>The newest view: everything acknowledged so far.</summary>
    public PartitionView View => Volatile.Read(ref _view);

    public PartitionStats Stats => Volatile.Read(ref _stats);

    /// <summary>Opens the partition's directory, creating it when it is new, and replays its log. Damage is reported in <see cref="Recovery"/>, never an error.</summary>
    /// <exception cref="IOException">The directory cannot be read or written.</exception>
    public static PartitionStore Open(PartitionOptions options, NodeSymbols symbols, IStorageFiles files, TimeProvider time)
    {
        var started = time.GetTimestamp();
        var wal = WalDirectory(options);
        if (!files.DirectoryExists(wal))
        {
            files.CreateDirectory(wal);
            files.SyncDirectory(options.Directory);
        }
        var identity = new WalIdentity(options.ClusterId, options.Partitions, options.Partition);
        var gone = ClosingInventory.TakeMissing(files, options.Directory);
        CopySource.Clear(files, options.Directory);
        var parts = PartSet.Open(files, options.Directory, identity, options.PartCache);
        var head = new PartitionHead(symbols.Generations.Enter(), options.Limits);
        var positions = new WriterPositions();
        var replay = new WalReplay(head, positions, time.GetUtcNow().ToUnixTimeMilliseconds(), new CutCoverage(parts.Live));
        var recovery = new WalRecovery(files, wal, Path.Combine(options.Directory, "quarantine"), identity);
        recovery.Run(replay);
        var deletionFile = new DeletionLogFile(files, options.Directory, identity);
        var (deletions, deletionDamage) = deletionFile.Load(Path.Combine(options.Directory, "quarantine"));
        long cutSegment = 0;
        foreach (var part in parts.Live)
        {
            cutSegment = Math.Max(cutSegment, part.Header.CutSegment);
            deletions = deletions.Apply(deletions.Decide(new DeletionCommand.Continue(part.Header.DeletionVersion)));
        }
        var report = new RecoveryReport
        {
            Segments = recovery.Segments.Count,
            Bytes = recovery.Bytes,
            Batches = replay.Batches,
            Samples = head.FloatSamples + head.HistogramSamples,
            Duration = time.GetElapsedTime(started),
            CleanShutdown = recovery.CleanShutdown,
            Damage =
            [
                .. gone.Select(name => new WalDamage(name, 0, 0, "the file is gone: it was there when the partition was closed, and what only it held is lost", null)),
                .. parts.Missing.Select(name => $"{Path.GetFileName(parts.Directory)}/{name}").Except(gone)
                    .Select(name => new WalDamage(name, 0, 0, "the file is gone: it was a part in force, and what only it held is lost", null)),
                .. recovery.Damage, .. deletionDamage is null ? (ReadOnlySpan<WalDamage>)[] : [deletionDamage],
            ],
            Parts = parts.Live.Length,
            PartDamage = [.. parts.Damage],
        };
        var log = new WalLog(files, wal, identity, options.WalSegmentBytes, options.WalSync, time, Math.Max(recovery.NextNumber, cutSegment), recovery.Segments, recovery.Checkpoint, recovery.CheckpointBytes);
        return new PartitionStore(
            options, files, time, head, positions, log, report, deletionFile, deletions, parts, new PartFactory(files, parts, identity, options.PartCache))
        {
            _checkpointAfterCut = recovery.Segments.Any(segment => segment.Number < cutSegment),
        };
    }

    /// <summary>
    /// Takes a group of batches: one write to the log, then they are visible together, then this returns. <paramref name="results"/> has one place for each batch.
    /// A batch that is refused leaves nothing behind; when the log fails, no batch of the group is acknowledged or visible.
    /// </summary>
    public void Append(ReadOnlySpan<SampleBatch> batches, Span<AppendResult> results)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (results.Length < batches.Length)
            ThrowTooFewResults(results.Length, batches.Length);
        if (_log.Failure is { } failure)
        {
            results[..batches.Length].Fill(new AppendResult(AppendStatus.WalFailed, failure));
            return;
        }
        _buffer.Clear();
        if (_log.NeedsSegment)
            StartSegment();
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var accepted = 0;
        for (var i = 0; i < batches.Length; i++)
        {
            results[i] = Take(batches[i], now);
            accepted += results[i].Status == AppendStatus.Accepted ? 1 : 0;
        }
        // What Take changed is behind every published view's counts: until the view below it does not exist for readers.
        if (accepted == 0)
            return;
        if (_log.Write(_buffer.Written))
        {
            Publish();
            return;
        }
        for (var i = 0; i < batches.Length; i++)
            if (results[i].Status == AppendStatus.Accepted)
                results[i] = new AppendResult(AppendStatus.WalFailed, _log.Failure);
    }

    /// <summary>Makes everything appended before durable; false when that failed (the next append says so too). Any thread.</summary>
    public bool Sync() => _log.Sync();

    internal WalMark? Unsynced() => _log.Unsynced();

    internal void Synced(WalMark mark, TimeSpan took) => _log.Synced(mark, took);

    /// <summary>
    /// Housekeeping, about once a minute: gives back what abandoned layouts hold, drops samples and whole segments beyond retention.
    /// </summary>
    public void Maintain()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_log.Failure is not null)
            return;
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _head.Layouts.CloseAbandoned(now - (long)_options.LayoutEnded.TotalMilliseconds, now - (long)_options.LayoutIdle.TotalMilliseconds);
        NoteDamage();
        _options.NodeRetention.Report(Partition.Value, _partInfos, _log.Bytes, _view.MaxTime.Value);
        var floor = _options.NodeRetention.TimeFloor(now);
        _head.DropBefore(floor);
        _log.DropBefore(floor);
        DropParts(floor);
        Publish();
        FinishDeletions();
    }

    /// <summary>Closes in order: the log gets its end mark and is synced.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _closing.Cancel();
        _options.NodeRetention.Forget(Partition.Value);
        _parts.Dispose();
        _head.Series.Symbols.Generations.Leave(_head.Series.Symbols);
        if (_log.Failure is null && !_log.NeedsSegment)
        {
            _buffer.Clear();
            Record(WalRecordType.CleanClose);
            if (_log.Write(_buffer.Written) && _log.Sync())
                CheckpointAtClose();
        }
        _log.DeleteObsolete();
        var isWhole = _log.Failure is null;
        _log.Dispose();
        if (isWhole)
            ClosingInventory.Write(_files, _options.Directory, [Path.GetFileName(WalDirectory(_options)), Path.GetFileName(_parts.Directory)]);
    }

    private AppendResult Take(SampleBatch batch, long now)
    {
        if (_positions.Has(batch.Writer, batch.Number))
        {
            _duplicates++;
            return new AppendResult(AppendStatus.Duplicate);
        }
        var result = _check.Check(batch);
        if (result.Status != AppendStatus.Accepted)
        {
            _refused++;
            return result;
        }
        LayoutState? layout = null;
        var row = default(OpenRow);
        var missing = 0;
        if (batch.Columns is { } columns)
        {
            layout = Register(columns);
            row = RowOf(columns, _encoder.ContextOf(layout).Previous, out missing);
            _log.OpenMaxTime = Math.Max(_log.OpenMaxTime, row.Time);
            if (row.Time < _cutTo)
                _late.Add(row.Values.Length - missing, now);
        }
        _loose.Fill(batch.Loose, _head);
        var exemplars = ResolveExemplars(batch.Exemplars);
        _encoder.Encode(batch, layout, row, _loose, exemplars, _buffer);
        if (layout is not null)
            _head.AppendRow(layout, row, missing, now);
        AppendLoose(batch.Loose, now);
        for (var i = 0; i < exemplars.Length; i++)
            _head.AddExemplar(exemplars[i], batch.Exemplars[i].Exemplar);
        foreach (var (family, metadata) in batch.Metadata)
            _head.SetMetadata(family, metadata);
        _positions.Add(batch.Writer, batch.Number);
        return result;
    }

    private LayoutState Register(LayoutColumns columns)
    {
        var layout = _head.Layouts.Find(columns.Layout) ?? _head.Layouts.Create(columns.Layout);
        if (layout.SlotCount >= columns.SlotCount)
            return layout;
        for (var slot = layout.SlotCount; slot < columns.SlotCount; slot++)
        {
            var labels = columns.NewSeries[slot - columns.FirstNewSlot];
            _head.Layouts.AddSlot(layout, _head.Series.GetOrAdd(labels, StableHash.Of(labels)));
        }
        LayoutStore.TrimSlots(layout);
        return layout;
    }

    /// <summary>The scrape as the head keeps it: a missing slot repeats the value before it, which costs the log nothing.</summary>
    private static OpenRow RowOf(LayoutColumns columns, double[] previous, out int missing)
    {
        missing = 0;
        var values = columns.Values.ToArray();
        if (columns.Missing.IsEmpty)
            return new OpenRow(columns.Timestamp.Value, values, null);
        var words = columns.Missing.Span[..((values.Length + 63) / 64)].ToArray();
        if (values.Length % 64 != 0)
            words[^1] &= (1UL << (values.Length % 64)) - 1;
        for (var word = 0; word < words.Length; word++)
        {
            for (var bits = words[word]; bits != 0; bits &= bits - 1)
            {
                var slot = word * 64 + System.Numerics.BitOperations.TrailingZeroCount(bits);
                values[slot] = slot < previous.Length ? previous[slot] : 0;
                missing++;
            }
        }
        return new OpenRow(columns.Timestamp.Value, values, missing == 0 ? null : words);
    }

    private void AppendLoose(LooseSample[] samples, long now)
    {
        var newest = _log.OpenMaxTime;
        foreach (ref readonly var run in _loose.All)
        {
            var times = _loose.Times(run);
            foreach (var time in times)
                newest = Math.Max(newest, time);
            NoteLate(times, now);
            if (!run.Histograms)
            {
                _head.AppendLoose(run.Loose, times, _loose.Values(run), _encoder.Column(run));
                continue;
            }
            for (var i = 0; i < run.Count; i++)
                _head.AppendLoose(run.Loose, times[i], samples[run.Start + i].Histogram!);
        }
        _log.OpenMaxTime = newest;
    }

    private ReadOnlySpan<int> ResolveExemplars(SeriesExemplar[] exemplars)
    {
        if (_exemplars.Length < exemplars.Length)
            _exemplars = new int[exemplars.Length];
        for (var i = 0; i < exemplars.Length; i++)
            _exemplars[i] = _head.Series.GetOrAdd(exemplars[i].Series);
        return _exemplars.AsSpan(0, exemplars.Length);
    }

    private void StartSegment()
    {
        _encoder.StartSegment(_log.StartSegment());
        Record(WalRecordType.Positions);
    }

    private void Record(WalRecordType type)
    {
        var start = _buffer.Length;
        _buffer.Reserve(WalFormat.FrameBytes);
        _buffer.Advance(WalFormat.FrameBytes);
        _buffer.Byte((byte)type);
        if (type == WalRecordType.Positions)
            _positions.Write(_buffer);
        WalFormat.Frame(_buffer.From(start));
    }

    [MemberNotNull(nameof(_view), nameof(_stats))]
    private void Publish()
    {
        Volatile.Write(ref _view, new PartitionView(++_version, _head.View(_deletions), Older(), _head.Floor));
        Volatile.Write(ref _stats, new PartitionStats
        {
            Series = _head.Series.Count,
            SeriesCreated = _head.SeriesSeen - _recoveredSeries,
            SeriesRemoved = _head.SeriesRemoved - _recoveredRemoved,
            OpenLayouts = _head.Layouts.OpenCount,
            FloatSamples = _head.FloatSamples,
            HistogramSamples = _head.HistogramSamples,
            Exemplars = _head.Exemplars,
            ExemplarsHeld = _head.ExemplarsHeld,
            DuplicateBatches = _duplicates,
            RefusedBatches = _refused,
            Chunks = _head.Layouts.Chunks + _head.Loose.Chunks,
            SampleBytes = _head.Layouts.SealedBytes + _head.Loose.Bytes,
            MinTime = _head.MinTime,
            MaxTime = _head.MaxTime,
            WalBytes = _log.Bytes,
            CheckpointBytes = _log.CheckpointBytes,
            WalSegments = _log.Segments,
            WalSegment = _log.NextNumber - 1,
            WalBytesWritten = _log.Written,
            WalSyncs = _log.Syncs,
            WalSyncTime = _log.SyncTime,
            Writers = _positions.Snapshot(),
            Parts = _partInfos.Count,
            PartBytes = _partBytes,
            PartSamples = _partSamples,
            PartsDamaged = _parts.Damage.Count,
            OldestTime = _view.MinTime.Value,
            Cuts = _counts.Cuts,
            CutsFailed = _counts.CutsFailed,
            Compactions = _counts.Compactions,
            OverlapCompactions = _counts.OverlapCompactions,
            CompactionsFailed = _counts.CompactionsFailed,
            TimeRetentions = _counts.TimeRetentions,
            SizeRetentions = _counts.SizeRetentions,
        });
    }

    [DoesNotReturn]
    private static void ThrowTooFewResults(int results, int batches) =>
        throw new ArgumentException($"{results} places for the results of {batches} batches", nameof(results));
}
