using ActorMon.Model.Sharding;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;

namespace ActorMon.Actors.Series.Copies;

/// <summary>How far this node's copies have come in the cluster's deletions. Any thread.</summary>
public sealed class FollowedDeletions(PartitionTable table)
{
    /// <summary>True when the node's copy of the partition is open and has applied all deletions of the map.</summary>
    public bool IsCurrent(PartitionId partition, PartitionMap map) =>
        map.Deletions.Version == 0 || table[partition]?.Deletions.ClusterVersion >= map.Deletions.Version;

    public DeletionProgress Of(PartitionMap map, NodeId self)
    {
        var (serving, all) = (map.Deletions.Version, map.Deletions.Version);
        foreach (var (partition, copy) in map.CopiesOn(self))
        {
            // A copy that is closed is read again later, whatever its disk has; a copy that never had files need not apply anything.
            var applied = table[partition]?.Deletions.ClusterVersion ?? map.Deletions.Pruned;
            all = Math.Min(all, applied);
            if (copy.IsReceiver)
                serving = Math.Min(serving, applied);
        }
        return new DeletionProgress(serving, all);
    }
}
