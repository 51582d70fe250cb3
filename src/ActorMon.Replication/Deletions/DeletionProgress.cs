using ActorMon.Replication.Map;

namespace ActorMon.Replication.Deletions;

/// <summary>How far a node's copies have come in the cluster's deletions.</summary>
/// <param name="Serving">Version that every copy of the node has applied that takes batches, as of the map the node goes by.</param>
/// <param name="All">Version that every copy on the node's disk has applied.</param>
public readonly record struct DeletionProgress(long Serving, long All);

/// <summary>When the log may forget.</summary>
public static class DeletionPruning
{
    /// <summary>
    /// The version that every known copy has applied, also those of nodes that are away: while one has not, the deletion stands as a filter, and nothing of it comes back with the copy.
    /// </summary>
    /// <param name="progress">Of the nodes that have told; a holder that has not counts as one that has applied nothing new.</param>
    public static long Of(PartitionMap map, IReadOnlyDictionary<NodeId, DeletionProgress> progress)
    {
        var version = map.Deletions.Version;
        foreach (var node in map.Nodes.Keys)
            if (map.CopiesOn(node).Any())
                version = Math.Min(version, progress.TryGetValue(node, out var told) ? told.All : map.Deletions.Pruned);
        return version;
    }
}
