using ActorMon.Actors.Control.Partitions;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster;
using ActorMon.Host.Node;

namespace ActorMon.Host.Ports;

/// <summary>The cluster by this node's own map, with what Control says when it answers in time.</summary>
public sealed class ClusterPort(Guid cluster, MapView view, ClusterStanding standing, Func<ActorNode> actors) : IClusterPort
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<ClusterStatus> StatusAsync() =>
        ClusterReport.Of(cluster, view.Self.Node, standing.IsConfirmed, view.Current, await actors().MapStatusAsync(Patience));
}
