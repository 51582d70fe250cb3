using ActorMon.Model.Telemetry;
using ActorMon.Replication.Configurations;

namespace ActorMon.Actors.Control.Configurations;

/// <summary>The configuration that this node uses: written by its ConfigurationKeeper, and at the start by the Host; read by anyone.</summary>
public sealed class ConfigurationView
{
    private ConfigurationVersion _current = ConfigurationVersion.None;
    private bool _differs;
    private string? _problem;

    public ConfigurationVersion Current => Volatile.Read(ref _current);

    /// <summary>This node's own files are not those of the version it uses.</summary>
    public bool Differs => Volatile.Read(ref _differs);

    /// <summary>Null, or why this node does not use the version in force.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    public void Publish(ConfigurationVersion version) => Volatile.Write(ref _current, version);

    public void Report(bool differs, string? problem)
    {
        Volatile.Write(ref _differs, differs);
        Volatile.Write(ref _problem, problem);
    }

    public void Register(MetricRegistry registry)
    {
        registry.Gauge("actormon_cluster_configuration_version", "Version of the cluster's configuration that this node uses.", () => Current.Number);
        registry.Gauge("actormon_cluster_configuration_differs", "1: this node's own configuration files are not those of the version it uses.", () => Differs ? 1 : 0);
        registry.Gauge("actormon_cluster_configuration_failed", "1: this node cannot use the version in force.", () => Problem is null ? 0 : 1);
    }
}
