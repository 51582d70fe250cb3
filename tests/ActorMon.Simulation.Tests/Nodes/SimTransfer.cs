using ActorMon.Model.Ingest;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Digests;
using ActorMon.Replication.Map;
using ActorMon.Replication.Repair;
using ActorMon.Replication.Writers;

namespace ActorMon.Simulation.Tests.Nodes;

/// <summary>One copying of content from another node into a copy here: filling, comparing, or merging a returned copy. Ends by an event, or gets stuck and is begun again.</summary>
public sealed class SimTransfer
{
    public const int ChunkIds = 64;
    private const long StuckAfterMs = 3_000;

    private readonly SimProcess _process;
    private readonly int _partition;
    private readonly CopyDuty _duty;
    private readonly CopyRecord? _source;
    private readonly HashSet<DigestCell> _open = [];
    private IReadOnlyCollection<KeyValuePair<WriterId, WriterPosition>> _positions = [];
    private long _lastProgress;

    public SimTransfer(SimProcess process, int partition, CopyDuty duty)
    {
        (_process, _partition, _duty, _lastProgress) = (process, partition, duty, process.Node.Monotonic);
        _source = duty switch
        {
            Fill fill => process.World.Chance.Pick(fill.Sources),
            Verify verify => process.World.Chance.Pick(verify.Sources),
            MergeReturned merge => process.Map[merge.Awaited.Partition].OnSlot(merge.Awaited.Slot),
            _ => null,
        };
    }

    public bool IsStuck => _process.Node.Monotonic - _lastProgress > StuckAfterMs;

    public bool IsFor(CopyDuty duty) => (duty, _duty) switch
    {
        (Fill a, Fill b) => a.Copy == b.Copy,
        (Verify a, Verify b) => a.Copy == b.Copy,
        (MergeReturned a, MergeReturned b) => a.Awaited == b.Awaited,
        _ => false,
    };

    public void Begin()
    {
        if (_duty is Verify verify)
            AskDigest(verify);
        else
            AskChunk(0);
    }

    private void AskChunk(int from) => Ask(source =>
    {
        var ids = source.Holder.Chunk(_partition, from, out var end, out var deletions);
        return () =>
        {
            // Not merged: this transfer gets stuck, another one begins.
            if (end < 0 || !_process.Holder.Merge(_partition, ids, deletions))
                return;
            if (from + ChunkIds < end)
                AskChunk(from + ChunkIds);
            else if (_duty is Fill fill)
                _process.Holder.Happened(_partition, new FilledFrom(fill.Copy.Since));
            else if (_duty is MergeReturned merge)
                _process.Holder.Happened(_partition, new MergedFrom(merge.Awaited));
        };
    });

    private void AskDigest(Verify verify) => Ask(source =>
    {
        if (source.Holder.Copy(_partition) is not { } copy || !source.Holder.MayConfirm(_partition, verify.Copy.Since))
            return () => { };
        var digest = copy.Digest(source.Map.Partitions[_partition].RetentionFloor);
        var positions = copy.Received.Snapshot();
        return () =>
        {
            if (_process.Holder.Copy(_partition) is not { } mine)
                return;
            var own = mine.Digest(_process.Map.Partitions[_partition].RetentionFloor);
            if (!own.IsComparableTo(digest))
                return;
            _positions = positions;
            _open.UnionWith(own.CellsToFetchFrom(digest));
            foreach (var cell in _open)
                AskCell(cell);
            EndWhenCompared();
        };
    });

    private void AskCell(DigestCell cell) => Ask(source =>
    {
        var copy = source.Holder.Copy(_partition);
        var (ids, deletions) = (copy?.IdsOf(cell), copy?.DeletionsApplied ?? 0);
        return () =>
        {
            if (ids is null || !_process.Holder.Merge(_partition, ids, deletions))
                return;
            _open.Remove(cell);
            EndWhenCompared();
        };
    });

    private void EndWhenCompared()
    {
        if (_open.Count > 0 || _duty is not Verify verify)
            return;
        _process.Holder.Copy(_partition)?.Received.Union(_positions);
        _process.Holder.Happened(_partition, new VerifiedWith(verify.Copy.Since));
    }

    /// <summary>Sends a question to the source; what it returns is done here when the answer arrives, unless this transfer is no longer wanted.</summary>
    private void Ask(Func<SimProcess, Action> question)
    {
        if (_source is not { } from)
            return;
        _process.Send(_process.Holder.Number(from.Node), source =>
        {
            if (source.Self != from.Holder)
                return;
            var answer = question(source);
            source.Send(_process.Node.Number, p =>
            {
                if (p != _process || !_process.Holder.Runs(_partition, this))
                    return;
                _lastProgress = _process.Node.Monotonic;
                answer();
            });
        });
    }
}
