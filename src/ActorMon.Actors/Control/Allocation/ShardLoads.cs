using System.Collections.Concurrent;
using System.Globalization;

namespace ActorMon.Actors.Control.Allocation;

/// <summary>
/// How much each scrape shard has to do. Written by Control, read by the shard coordinator: both run on the cluster's oldest node. A node that has just become it knows no
/// loads and counts every shard alike until the shards have reported.
/// </summary>
public sealed class ShardLoads
{
    private readonly ConcurrentDictionary<string, double> _loads = new(StringComparer.Ordinal);

    public void Report(int shard, double load) => _loads[shard.ToString(CultureInfo.InvariantCulture)] = load;

    /// <summary>At least 1: a shard without targets counts too, so that empty shards are spread before their targets come.</summary>
    public double Of(string shard) => 1 + _loads.GetValueOrDefault(shard);
}
