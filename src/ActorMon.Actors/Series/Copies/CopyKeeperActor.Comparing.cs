using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;
using ActorMon.Replication.Repair;
using ActorMon.Tsdb.Lifecycle;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Series.Copies;

/// <summary>Copies in sync are compared with their siblings, one stretch of time after the other; what differs is brought and reported.</summary>
public sealed partial class CopyKeeperActor
{
    private ComparisonPlan _comparisons = ComparisonPlan.Start;
    private bool _isComparing;
    private int _turns;

    private long Now => _settings.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private void OnCompare()
    {
        if (_isComparing || _parts.View.Current is not { } map)
            return;
        (_comparisons, var next) = _comparisons.Take(map, _parts.View.Self, Oldest, Now);
        if (next is { } comparison)
            TryCompare(comparison, map, isRecent: false);
    }

    private void CompareRecent()
    {
        if (!_isComparing && !_stopping.IsCancellationRequested && _parts.View.Current is { } map)
        {
            (_comparisons, var next) = _comparisons.TakeRecent(map, _parts.View.Self, Now);
            if (next is { } comparison && !TryCompare(comparison, map, isRecent: true))
                _comparisons = _comparisons.Again(comparison, Now);
        }
        _parts.Metrics.SetComparisonsDue(_comparisons.Recent.Count + (_isComparing ? 1 : 0));
    }

    private bool TryCompare(Comparison comparison, PartitionMap map, bool isRecent)
    {
        var partition = comparison.Partition;
        var siblings = map[partition].InSync.Where(c => c.Holder != _parts.View.Self).ToArray();
        // Another sibling in each round; deletions must be the same here and there, and stand as filters until they are.
        if (_busy.Contains(partition) || !_parts.Deletions.IsCurrent(partition, map) || PeerOf(siblings[_turns++ % siblings.Length].Holder, map) is not { } sibling)
            return false;
        _isComparing = true;
        var (transfer, cancellation) = (_parts.Transfer, _stopping.Token);
        Task.Run(() => transfer.CompareAsync(sibling, partition, new TimeWindow(comparison.From, comparison.To), cancellation), cancellation).PipeTo(
            Self, success: windows => new Compared(comparison, isRecent, sibling.ToString(), windows, null),
            failure: cause => new Compared(comparison, isRecent, sibling.ToString(), 0, cause.GetBaseException().Message));
        return true;
    }

    private void OnCompared(Compared compared)
    {
        _isComparing = false;
        if (_stopping.IsCancellationRequested)
            return;
        if (compared.Error is { } error)
        {
            _log.Info("Partition {Partition} could not be compared with {Sibling}: {Error}", compared.What.Partition, compared.Sibling, error);
            if (compared.IsRecent)
                _comparisons = _comparisons.Again(compared.What, Now);
            return;
        }
        _parts.Metrics.Compared.Add();
        if (compared.Windows > 0)
            Repaired(compared);
        CompareRecent();
    }

    private void Repaired(Compared compared)
    {
        _parts.Metrics.WindowsRepaired.Add(compared.Windows);
        // What was under way when a node went or came is expected to differ; what is old and differs should not have.
        if (!compared.IsRecent)
            _log.Warning(
                "This node's copy of partition {Partition} lacked samples of {Windows} stretches of time between {From} and {To}; they were brought from {Sibling}",
                compared.What.Partition, compared.Windows, DateTimeOffset.FromUnixTimeMilliseconds(compared.What.From), DateTimeOffset.FromUnixTimeMilliseconds(compared.What.To), compared.Sibling);
    }

    private long? Oldest(PartitionId partition) => _parts.Table[partition] is { } store && store.View.MinTime <= store.View.MaxTime ? store.View.MinTime.Value : null;

    private sealed class Compare : INoSerializationVerificationNeeded
    {
        public static readonly Compare Instance = new();
    }

    private sealed record Compared(Comparison What, bool IsRecent, string Sibling, int Windows, string? Error) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
