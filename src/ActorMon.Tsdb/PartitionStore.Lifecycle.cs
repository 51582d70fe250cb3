using System.Collections.Immutable;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb;

/// <summary>
/// From the head to parts and on: cut, compaction, retention. The store hands out one piece of work at a time and takes it back, both on the writer thread; between the two
/// it goes on taking batches. A cut begins with a new head: the old one is a source of the views until its parts are, so a reader finds every sample, and none twice.
/// </summary>
public sealed partial class PartitionStore
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly PartSet _parts;
    private readonly PartFactory _factory;
    private readonly DamagedParts _damaged = new();
    private readonly CancellationTokenSource _closing = new();
    private Dictionary<PartFile, PartSource> _sources = [];
    private ISampleSource[] _older = [];
    private DeletionMask? _olderDeletions;
    private IReadOnlyList<PartInfo> _partInfos = [];
    private long _partBytes;
    private long _partSamples;
    private CutSource? _cut;
    private CutWork? _failedCut;
    private StorageWork? _work;
    private LateArrivals _late;
    private LifecycleCounts _counts;
    private long _cutTo;
    private long _retryAt = long.MinValue;
    private long _rewriteTo;
    private bool _remains;

    /// <summary>Cancelled when the store is closed: to be given to the work it hands out.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Completes when no work that the store has handed out runs any more; until then its directory is in use. Any thread.</summary>
    public Task WorkEnded => Volatile.Read(ref _work)?.Ended ?? Task.CompletedTask;

    /// <summary>Late samples have piled up: ask for <see cref="NextWork"/> now rather than at the next <see cref="Maintain"/>.</summary>
    public bool IsWorkUrgent => _late.Samples >= _options.CutThresholds.Samples && _work is null && _failedCut is null;

    /// <summary>Parts that could not be used, or not wholly, since opening. The writer's.</summary>
    public IReadOnlyList<PartDamage> PartDamage => _parts.Damage;

    /// <summary>The parts in force. Any thread.</summary>
    internal ImmutableArray<PartFile> Parts => _parts.Live;

    /// <summary>
    /// Work that is due, to be run with <see cref="StorageWork.RunAsync"/> on any thread and given back with <see cref="Complete"/>; null: there is none, or one is out already.
    /// </summary>
    public StorageWork? NextWork()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_work is not null || _log.Failure is not null)
            return null;
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_remains)
            _parts.FindRemains();
        _remains = false;
        if (NextRemoval(now) is { } removal)
        {
            Volatile.Write(ref _work, removal);
            return removal;
        }
        if (now < _retryAt)
            return null;
        NoteDamage();
        Volatile.Write(ref _work, (StorageWork?)NextCut(now) ?? (StorageWork?)NextCheckpoint() ?? NextRewrite() ?? NextCompaction());
        return _work;
    }

    /// <summary>Cuts everything the head holds that is older than <see cref="CutPlanner.Line"/> at the next <see cref="NextWork"/>, and writes parts anew that have not applied deletions up to this version.</summary>
    internal void RequestRewrite(long deletionVersion)
    {
        _rewriteTo = Math.Max(_rewriteTo, deletionVersion);
        (_retryAt, _removeAt) = (long.MinValue, long.MinValue);
    }

    /// <summary>Takes the result of work that has ended; what it wrote is in the views from here on.</summary>
    public void Complete(StorageWork work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!ReferenceEquals(work, _work))
            throw new ArgumentException("this work was not handed out by this store, or was taken back already", nameof(work));
        Volatile.Write(ref _work, null);
        var retryAt = (_time.GetUtcNow() + RetryAfter).ToUnixTimeMilliseconds();
        if (work is RemovalWork removal)
        {
            CompleteRemoval(removal, retryAt);
            return;
        }
        // Also work that succeeded may have begun a part it had no sample for, on a disk that would not delete it.
        _remains = true;
        if (work.Failure is not null)
            _retryAt = retryAt;
        if (work is CutWork cut)
            CompleteCut(cut);
        else if (work is CompactionWork compaction)
            CompleteCompaction(compaction);
        else if (work is CheckpointWork checkpoint)
            CompleteCheckpoint(checkpoint.Checkpoint);
        FindOlder();
        Publish();
        FinishDeletions();
    }

    /// <summary>Reports what readers have met.</summary>
    private void NoteDamage()
    {
        foreach (var (part, damage) in _damaged.All)
            _parts.MarkUnfit(part, damage);
        foreach (var part in _parts.Live)
            if (part.DamagedPages > 0)
                _parts.MarkUnfit(part, part.Damages[0]);
    }

    private CutWork? NextCut(long now)
    {
        if (_failedCut is not null)
            return _failedCut.Again();
        if (CleanCutTo() is { } clean)
            return BeginCut(clean);
        var line = LineAt(now);
        // A clock that was ahead and was set right.
        _cutTo = Math.Min(_cutTo, line);
        return CutPlanner.IsDue(line, _head.MinTime, _cutTo, _late, now, _options.CutThresholds) ? BeginCut(line) : null;
    }

    private CutWork BeginCut(long cutTo)
    {
        var old = _head.View(_deletions);
        var segment = SwapHead(cutTo);
        _cut = new CutSource(old, cutTo);
        _cutTo = cutTo;
        _late = default;
        FindOlder();
        Publish();
        return new CutWork(_cut, cutTo, segment, old.Floor, Deletions, _factory, _partInfos, _options.Ranges);
    }

    private void CompleteCut(CutWork cut)
    {
        if (!Deletions.Continues(cut.Deletions))
        {
            // A deletion that these parts have carried out was taken back: the head that is being cut has the samples still.
            _parts.Discard(cut.Parts);
            _failedCut = cut.Anew(_cut!, Deletions);
            return;
        }
        _parts.Add(cut.Parts);
        if (cut.Failure is not null)
        {
            _failedCut = cut;
            _counts.CutsFailed++;
            return;
        }
        _failedCut = null;
        _cut = null;
        _checkpointAfterCut = true;
        _counts.Cuts++;
    }

    private CheckpointWork? NextCheckpoint() => IsCheckpointDue ? new CheckpointWork(BeginCheckpoint()) : null;

    private CompactionWork? NextRewrite()
    {
        foreach (var part in _parts.Live)
            if (part.Header.DeletionVersion < _rewriteTo && _parts.IsFit(part) && HoldsDeleted(part))
                return Work(StorageWorkKind.Rewrite, [part], new TimeWindow(part.Header.WindowStart, part.Header.WindowEnd), part.Header.Level);
        return null;
    }

    private CompactionWork? NextCompaction()
    {
        var fit = _partInfos.Where(info => _parts.IsFit(info.Sequence)).ToList();
        if (CompactionPlanner.Next(fit, _options.Ranges, _cutTo, _options.MaxPartBytes) is not { } plan)
            return null;
        var inputs = new List<PartFile>(plan.Inputs.Count);
        foreach (var part in _parts.Live)
            if (plan.Inputs.Any(input => input.Sequence == part.Header.Sequence))
                inputs.Add(part);
        return Work(StorageWorkKind.Compaction, inputs, plan.Window, plan.Level, plan.IsOverlap);
    }

    private CompactionWork Work(StorageWorkKind kind, IReadOnlyList<PartFile> inputs, TimeWindow window, int level, bool isOverlap = false) =>
        new(kind, inputs, window, level, isOverlap, _parts.NotYetDeleted.ToArray(), _head.Floor, _deletions, _factory);

    private void CompleteCompaction(CompactionWork compaction)
    {
        if (compaction.Damaged is { } damaged)
            _parts.MarkUnfit(damaged.Part, damaged.Damage);
        if (compaction.Failure is not null)
        {
            _counts.CompactionsFailed++;
            return;
        }
        if (!Deletions.Continues(compaction.Deletions))
        {
            _parts.Discard(compaction.Output is { } undone ? [undone] : []);
            return;
        }
        _parts.Replace(compaction.Inputs, compaction.Output is { } output ? [output] : []);
        if (compaction.Kind != StorageWorkKind.Compaction)
            return;
        _counts.Compactions++;
        _counts.OverlapCompactions += compaction.IsOverlap ? 1 : 0;
    }

    private long LineAt(long now) => CutPlanner.Line(now, _options.Ranges, Partition.Value, _options.Partitions);

    /// <summary>After opening: where the head was cut, and what of it is late.</summary>
    private void BeginLifecycle()
    {
        FindOlder();
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _cutTo = Math.Min(LineAt(now), _parts.CutTo);
        if (_cutTo == long.MinValue && _head.MinTime > _head.MaxTime)
            _cutTo = LineAt(now);
        if (_head.MinTime < _cutTo)
            _late.Add(1, now);
    }

    /// <summary>What stands behind the head in the next views, under the deletions in force.</summary>
    private void FindOlder()
    {
        var sources = new Dictionary<PartFile, PartSource>();
        var older = new List<ISampleSource>();
        var infos = new List<PartInfo>();
        foreach (var part in _parts.Live)
        {
            var source = sources[part] = _sources.GetValueOrDefault(part) ?? new PartSource(part, _damaged);
            var header = part.Header;
            older.Add(_deletions.Over(source, header.DeletionVersion));
            infos.Add(new PartInfo(
                header.Sequence, header.Level, new TimeWindow(header.WindowStart, header.WindowEnd), part.MinTime, part.MaxTime, part.Bytes, part.Samples, header.DeletionVersion));
        }
        if (_cut is not null)
            older.Add(_cut = _cut.With(_deletions));
        _partBytes = infos.Sum(info => info.Bytes);
        _partSamples = infos.Sum(info => info.Samples);
        (_sources, _partInfos, _older, _olderDeletions) = (sources, infos, [.. older], _deletions);
    }

    /// <summary>The newest view's sources behind the head.</summary>
    private ISampleSource[] Older()
    {
        if (!ReferenceEquals(_olderDeletions, _deletions))
            FindOlder();
        return _older;
    }

    private void NoteLate(ReadOnlySpan<long> times, long now)
    {
        var late = 0;
        foreach (var time in times)
            late += time < _cutTo ? 1 : 0;
        if (late > 0)
            _late.Add(late, now);
    }

    private struct LifecycleCounts
    {
        public long Cuts;
        public long CutsFailed;
        public long Compactions;
        public long OverlapCompactions;
        public long CompactionsFailed;
        public long TimeRetentions;
        public long SizeRetentions;
    }
}
