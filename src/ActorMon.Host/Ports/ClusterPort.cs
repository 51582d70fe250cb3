using ActorMon.Actors.Control.Configurations;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster;
using ActorMon.Host.Node;
using ActorMon.Model.Sharding;
using ActorMon.Replication.Map;

namespace ActorMon.Host.Ports;

/// <summary>The cluster by this node's own map and configuration, with what Control says when it answers in time.</summary>
/// <param name="unreachable">Addresses of members that are not heard.</param>
public sealed class ClusterPort(
    Guid cluster, MapView view, ClusterStanding standing, Func<IReadOnlySet<string>> unreachable, ConfigurationView configuration, Func<ActorNode> actors) : IClusterPort
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ChangePatience = TimeSpan.FromSeconds(10);

    public async Task<ClusterStatus> StatusAsync()
    {
        var map = actors().MapStatusAsync(Patience);
        var agreed = actors().ConfigurationStatusAsync(Patience);
        return ClusterReport.Of(cluster, view.Self.Node, standing.IsConfirmed, view.Current, unreachable(), await map, ConfigurationReport.Of(configuration, await agreed));
    }

    public async Task<string?> ChangeAsync(ClusterChange change) => change is ClusterChange.GiveUp { Partition: var partition } && !(partition < view.Current?.Partitions.Length)
        ? $"there is no partition {partition}"
        : await actors().DecideAsync(
            change switch
            {
                ClusterChange.Drain drain => new Drain(drain.Node is { } node ? new NodeId(node) : view.Self.Node, drain.On),
                ClusterChange.Forget forget => new ForgetNode(new NodeId(forget.Node)),
                ClusterChange.GiveUp giveUp => new ForgetAwaited(new PartitionId(giveUp.Partition)),
                _ => throw new ArgumentOutOfRangeException(nameof(change), change, "an unknown change"),
            },
            ChangePatience);
}
