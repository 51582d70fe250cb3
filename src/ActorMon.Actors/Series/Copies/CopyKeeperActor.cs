using System.Collections.Immutable;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Replication;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Series.Copies;

/// <param name="Interval">How often duties are looked through when the map does not change.</param>
/// <param name="MaxTransfers">Copies that are filled or compared at once; others wait.</param>
/// <param name="StopTimeout">How long a given-up copy's store may take to close before its files are tried again.</param>
public sealed record CopyKeeperSettings(TimeSpan Interval, int MaxTransfers, TimeSpan StopTimeout)
{
    /// <summary>Between two comparisons of copies in sync: a stretch of a day of one partition each.</summary>
    public TimeSpan CompareInterval { get; init; } = TimeSpan.FromMinutes(1);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static readonly CopyKeeperSettings Default = new(TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(30));
}

/// <summary>What the keeper works with.</summary>
/// <param name="HeldEpoch">Highest epoch of the partition that this node's disk has noted for its copy; null: no files.</param>
/// <param name="Drop">Deletes the files of a partition that nobody has open.</param>
public sealed record CopyKeeperParts(
    MapView View, CopyStandings Standings, PartitionTable Table, CopyTransfer Transfer, CopyMetrics Metrics, Func<PartitionId, long?> HeldEpoch, Action<PartitionId> Drop)
{
    public FollowedDeletions Deletions { get; } = new(Table);
}

/// <summary>
/// One per node (/user/copies): does what the map asks of this node's copies (docs/replication.md): fills joining ones, compares confirming ones, merges returned ones, steps
/// aside, deletes what was granted, and tells Control until its map shows it. Duties follow from map and facts alone, so a lost message or a restart of this actor costs a
/// second. Lost on restart: transfers under way, which begin anew with what still differs.
/// </summary>
public sealed partial class CopyKeeperActor : ReceiveActor, IWithTimers
{
    public const string Name = "copies";

    private readonly CopyKeeperSettings _settings;
    private readonly CopyKeeperParts _parts;
    private readonly IActorRef _replicas;
    private readonly IActorRef _control;
    private readonly HashSet<PartitionId> _busy = [];
    private readonly Dictionary<PartitionId, int> _attempts = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Action _onMap;
    private int _transfers;

    // Up to here copies know that they may forget deletions.
    private long _told;
    private long _correlation;

    /// <param name="replicas">The region of the copies.</param>
    public CopyKeeperActor(CopyKeeperSettings settings, CopyKeeperParts parts, IActorRef replicas, IActorRef control)
    {
        _replicas = replicas;
        _settings = settings;
        _parts = parts;
        _control = control;
        var self = Self;
        _onMap = () => self.Tell(Look.Instance, ActorRefs.NoSender);
        Receive<Look>(_ => OnLook());
        Receive<Compare>(_ => OnCompare());
        Receive<Compared>(OnCompared);
        Receive<Done>(OnDone);
        Receive<Failed>(OnFailed);
        Receive<MapProtocol.MapCommandDone>(_ => { });
        Receive<SeriesProtocol.Touch>(OnTouch);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(CopyKeeperSettings settings, CopyKeeperParts parts, IActorRef replicas, IActorRef control) =>
        Akka.Actor.Props.Create(() => new CopyKeeperActor(settings, parts, replicas, control));

    protected override void PreStart()
    {
        _parts.View.Changed += _onMap;
        Timers.StartPeriodicTimer("look", Look.Instance, _settings.Interval);
        Timers.StartPeriodicTimer("compare", Compare.Instance, _settings.CompareInterval);
    }

    protected override void PostStop()
    {
        _parts.View.Changed -= _onMap;
        _stopping.Cancel();
    }

    /// <summary>Control calls a copy. One that this node's map does not have here yet, or no more, is called again when it does.</summary>
    private void OnTouch(SeriesProtocol.Touch touch)
    {
        if (_parts.View.Current?[touch.Replica.Partition].HeldBy(_parts.View.Self)?.Slot == touch.Replica.Replica)
            _replicas.Forward(touch);
    }

    private void OnLook()
    {
        if (_parts.View.Current is not { } map)
            return;
        _comparisons = _comparisons.Look(map, _parts.View.Self, Now);
        CompareRecent();
        foreach (var (partition, copy) in map.CopiesOn(_parts.View.Self.Node))
        {
            var isCurrent = _parts.Deletions.IsCurrent(partition, map);
            if (!isCurrent || _told != map.Deletions.Pruned)
                _parts.Table.Serving(partition)?.Writer.Tell(FollowDeletions.Instance);
            if (!isCurrent && IsForgotten(partition, copy, map))
            {
                _log.Warning("This node's copy of partition {Partition} is from before deletions that the cluster remembers no more; it is dropped and made anew", partition);
                Delete(partition, CopyStint.Of(partition, copy));
                continue;
            }
            LookAtDamage(partition, copy, map);
            foreach (var duty in CopyDuties.Of(partition, map[partition], _parts.Standings[partition], _parts.HeldEpoch(partition), isCurrent))
                Do(duty, partition, map);
        }
        _told = map.Deletions.Pruned;
    }

    /// <summary>Files of a node that was given up and is back: what was deleted meanwhile would come back with them.</summary>
    private bool IsForgotten(PartitionId partition, CopyRecord copy, PartitionMap map) =>
        copy.State is CopyState.Joining or CopyState.Confirming or CopyState.Opening && _parts.Table[partition] is { } store && store.View.MinTime <= store.View.MaxTime
        && store.Deletions.ClusterVersion < map.Deletions.Pruned;

    private void Do(CopyDuty duty, PartitionId partition, PartitionMap map)
    {
        switch (duty)
        {
            case Tell tell:
                _control.Tell(new MapProtocol.DoMapCommand(++_correlation, tell.Report));
                break;
            case StepAside aside:
                _parts.Standings.Apply(partition, new SteppedAside(aside.Copy.Since));
                _log.Info("This node's copy of partition {Partition} steps aside: others hold it", partition);
                Self.Tell(Look.Instance);
                break;
            case Fill fill:
                if (SourceOf(fill.Sources, partition, map) is { } from)
                    Transfer(partition, cancellation => _parts.Transfer.FillAsync(from, partition, cancellation), new FilledFrom(fill.Copy.Since), $"filled from {from}");
                break;
            case Verify verify:
                if (SourceOf(verify.Sources, partition, map) is { } sibling)
                    Transfer(
                        partition, cancellation => _parts.Transfer.VerifyAsync(sibling, partition, verify.Copy.Since, cancellation), new VerifiedWith(verify.Copy.Since),
                        $"compared with {sibling}");
                break;
            case MergeReturned merge:
                if (PeerOf(merge.Awaited.Holder, map) is { } returned)
                    Transfer(partition, cancellation => _parts.Transfer.FillAsync(returned, partition, cancellation), new MergedFrom(merge.Awaited), $"merged with the returned copy of {returned}");
                break;
            case DeleteFiles delete:
                Delete(partition, delete.Copy);
                break;
        }
    }

    /// <summary>Another source after each failure.</summary>
    private LinkPeer? SourceOf(ImmutableArray<CopyRecord> sources, PartitionId partition, PartitionMap map)
    {
        var others = sources.Where(s => s.Holder != _parts.View.Self).ToArray();
        return others.Length == 0 ? null : PeerOf(others[(partition.Value + _attempts.GetValueOrDefault(partition)) % others.Length].Holder, map);
    }

    private static LinkPeer? PeerOf(NodeIncarnation holder, PartitionMap map) => map.IsUp(holder) ? MapHolders.PeerOf(holder, map.Nodes) : null;

    private void Transfer(PartitionId partition, Func<CancellationToken, Task> transfer, CopyEvent success, string what)
    {
        // Its store is not open yet: the next look finds it.
        if (_transfers >= _settings.MaxTransfers || _parts.Table.Serving(partition) is null || !_busy.Add(partition))
            return;
        _transfers++;
        var cancellation = _stopping.Token;
        Task.Run(() => transfer(cancellation), cancellation).PipeTo(
            Self, success: () => new Done(partition, success, what), failure: cause => new Failed(partition, cause, IsTransfer: true));
    }

    private void Delete(PartitionId partition, CopyStint copy)
    {
        if (!_busy.Add(partition))
            return;
        if (_parts.HeldEpoch(partition) is null)
        {
            _busy.Remove(partition);
            _control.Tell(new MapProtocol.DoMapCommand(++_correlation, new CopyDropped(copy)));
            return;
        }
        // Its entity stops by the way of sharding, so that it is not started again by a message that waits for it.
        _parts.Table.Serving(partition)?.Writer.Tell(StopCopy.Instance);
        var (directory, drop, timeout, cancellation) = (_parts.Table.DirectoryOf(partition), _parts.Drop, _settings.StopTimeout, _stopping.Token);
        Task.Run(
            async () =>
            {
                if (!await directory.WaitAsync(timeout, cancellation).ConfigureAwait(false))
                    throw new IOException($"partition {partition} was not closed within {timeout.TotalSeconds:0} s");
                try
                {
                    drop(partition);
                }
                finally
                {
                    directory.Release();
                }
            },
            cancellation).PipeTo(Self, success: () => new Done(partition, null, "deleted, as the map granted"), failure: cause => new Failed(partition, cause, IsTransfer: false));
    }

    private void OnDone(Done done)
    {
        _busy.Remove(done.Partition);
        _attempts.Remove(done.Partition);
        _log.Info("This node's copy of partition {Partition} was {What}", done.Partition, done.What);
        if (done.Event is { } happened)
        {
            _transfers--;
            _parts.Standings.Apply(done.Partition, happened);
        }
        (done.Event switch
        {
            null => _parts.Metrics.Dropped,
            VerifiedWith => _parts.Metrics.Verified,
            _ => _parts.Metrics.Filled,
        }).Add();
        OnLook();
    }

    private void OnFailed(Failed failed)
    {
        _busy.Remove(failed.Partition);
        _transfers -= failed.IsTransfer ? 1 : 0;
        if (_stopping.IsCancellationRequested)
            return;
        _attempts[failed.Partition] = _attempts.GetValueOrDefault(failed.Partition) + 1;
        _parts.Metrics.Failed.Add();
        _log.Warning("This node's copy of partition {Partition}: attempt {Attempt} failed: {Error}", failed.Partition, _attempts[failed.Partition], failed.Cause.GetBaseException().Message);
    }

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }

    /// <param name="Event">Null: its files were deleted.</param>
    private sealed record Done(PartitionId Partition, CopyEvent? Event, string What) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record Failed(PartitionId Partition, Exception Cause, bool IsTransfer) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
