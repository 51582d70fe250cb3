using ActorMon.Actors.Control.Configurations;
using ActorMon.Api.Ports;
using ActorMon.Protocol.Control;

namespace ActorMon.Host.Cluster;

/// <summary>The cluster's configuration in the words of the API.</summary>
public static class ConfigurationReport
{
    /// <param name="control">Null: Control does not answer.</param>
    public static ClusterConfiguration Of(ConfigurationView view, ConfigurationProtocol.ConfigurationStatus? control) => new(
        view.Current.Number, view.Current.Hash, view.Current.Origin, view.Differs, view.Problem, control?.Number, control?.Frozen,
        control is null ? [] : [.. control.Nodes.Select(n => new NodeConfigurationStatus(n.Node.Node.ToString(), n.Number, n.Differs, n.Problem))]);
}
