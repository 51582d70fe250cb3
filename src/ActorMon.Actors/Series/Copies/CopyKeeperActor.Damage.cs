using ActorMon.Model.Sharding;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;
using Akka.Event;

namespace ActorMon.Actors.Series.Copies;

/// <summary>
/// A copy in sync that has lost some of its files to damage may not call a read complete. It steps out and comes in again as one that is behind: what it lacks is found by
/// digests and brought from a sibling. The only copy in sync stays: nobody has more.
/// </summary>
public sealed partial class CopyKeeperActor
{
    private void LookAtDamage(PartitionId partition, CopyRecord copy, PartitionMap map)
    {
        var standings = _parts.Standings;
        if (standings[partition].Failed)
        {
            // Out by now, and open: what can be read of it is as good as any copy that is behind.
            if (!copy.IsReceiver && _parts.Table.Serving(partition) is not null)
                standings.Apply(partition, new StorageRepaired());
        }
        else if (standings.IsDamaged(partition))
        {
            if (copy.IsInSync && map[partition].InSyncCount > 1)
            {
                standings.ForgetDamage(partition);
                standings.Apply(partition, new StorageFailed());
                _parts.Metrics.Damaged.Add();
                _log.Warning("This node's copy of partition {Partition} has lost samples to damaged files; it steps out until it has them again from a sibling", partition);
            }
            else if (!copy.IsRequired && !copy.IsAwaited)
            {
                // Everything will be compared before it is in sync.
                standings.ForgetDamage(partition);
            }
        }
    }
}
