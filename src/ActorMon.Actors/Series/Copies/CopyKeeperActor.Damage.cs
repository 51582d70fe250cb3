using ActorMon.Model.Sharding;
using ActorMon.Replication.Copies;
using ActorMon.Replication.Map;
using Akka.Event;

namespace ActorMon.Actors.Series.Copies;

/// <summary>
/// A copy in sync that has lost some of its files to damage may not call a read complete; one that cannot write keeps everybody's batches waiting. Both step out and come in again,
/// when their disk takes what is written, as copies that are behind: what they lack is found by digests and brought from a sibling. The only copy in sync stays: nobody has more.
/// </summary>
public sealed partial class CopyKeeperActor
{
    private void LookAtDamage(PartitionId partition, CopyRecord copy, PartitionMap map)
    {
        var standings = _parts.Standings;
        if (standings[partition].Failed)
        {
            // Out by now, and open: what can be read of it is as good as any copy that is behind.
            if (!copy.IsReceiver && !standings.IsUnwritable(partition) && _parts.Table.Serving(partition) is not null)
                standings.Apply(partition, new StorageRepaired());
        }
        else if (standings.IsUnwritable(partition))
        {
            if (!copy.IsReceiver || (copy.IsInSync && map[partition].InSyncCount <= 1))
                return;
            standings.Apply(partition, new StorageFailed());
            _parts.Metrics.Unwritable.Add();
            _log.Warning("This node's copy of partition {Partition} cannot write its log; it steps out until it can", partition);
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
