using System.Globalization;
using ActorMon.Model.Sharding;

namespace ActorMon.Protocol.Series;

/// <summary>Copy number r of partition p, written <c>p/r</c>: entity id and shard id of the replica in Cluster Sharding.</summary>
public readonly record struct ReplicaId(PartitionId Partition, int Replica)
{
    /// <summary>Copies of a partition at most.</summary>
    public const int MaxReplicas = 8;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition.Value}/{Replica}");

    public static bool TryParse(string text, out ReplicaId id)
    {
        id = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0
            || !int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var replica))
            return false;
        id = new ReplicaId(new PartitionId(partition), replica);
        return true;
    }
}
