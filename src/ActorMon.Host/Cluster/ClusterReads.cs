using ActorMon.Actors.Query;
using ActorMon.Actors.Reading;
using ActorMon.Actors.Series;
using ActorMon.Host.Node;
using ActorMon.Model.Telemetry;
using ActorMon.PromQL.Execution;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;

namespace ActorMon.Host.Cluster;

/// <summary>Reading of all nodes, both sides: what this node asks the others, and what it answers them.</summary>
public sealed class ClusterReads
{
    private readonly NodeSeries _local;
    private readonly PartitionTable _table;
    private readonly ReadPlacements _placements;
    private readonly INodeLinks _links;
    private readonly ReadSettings _settings;
    private readonly ReadMetrics _metrics;
    private readonly TimeProvider _time;

    public ClusterReads(NodeSeries local, PartitionTable table, IReplicaHolders holders, IReadGate gate, INodeLinks links, ReadSettings settings, MetricRegistry registry, TimeProvider time)
    {
        (_local, _table, _links, _settings, _time) = (local, table, links, settings, time);
        _placements = new ReadPlacements(holders, gate, table.Partitions);
        _metrics = new ReadMetrics(registry);
    }

    public ClusterSeries Series(QueryMemory memory) => new(_local, _table, _placements, _links, _settings, _metrics, memory, _time);

    /// <summary>What other nodes may ask.</summary>
    public IReadOnlyList<ILinkOperation> Operations(QueryRuntime queries) =>
        [new ReadOperation(_local, _table, _placements, queries.Engine, queries.Scheduler)];
}
