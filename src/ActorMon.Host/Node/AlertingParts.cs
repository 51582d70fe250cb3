using ActorMon.Actors.Alerting;
using ActorMon.Actors.Control;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences;
using ActorMon.Configuration.Yaml;
using ActorMon.Host.Cluster;
using ActorMon.Host.Configuration;
using ActorMon.Model.Telemetry;
using ActorMon.Receivers.Building;

namespace ActorMon.Host.Node;

/// <summary>The built-in Alertmanager of a node from its flags and settings.</summary>
public static class AlertingParts
{
    private const string HistoryFolder = "alert-history";

    public static AlertmanagerConfigurations Configurations() =>
        new(new ReceiverContext { ReadYaml = YamlValues.TryRead, UserAgent = BuildFacts.UserAgent, HostName = Environment.MachineName });

    public static AlertingRuntime Of(NodeOptions options, NodeSettings settings, ConfigurationStore store, NodeCluster cluster, MetricRegistry registry, TimeProvider time)
    {
        var limits = new SilenceLimits();
        const MatcherSyntax syntax = MatcherSyntax.Fallback;
        var (entries, retention) = (settings.AlertEventEntries, settings.AlertEventRetention);
        return new AlertingRuntime(
            () => store.Current.Alertmanager, new AlertViews(() => new SilenceRegister(limits, syntax)), new AlertingMetrics(registry, time), () => cluster.Standing.IsConfirmed, cluster.Map.Journal,
            settings.AlertShards, options.ExternalUrl.AbsoluteUri.TrimEnd('/'), cluster.Id, time)
        {
            Syntax = syntax,
            ViewPatience = settings.AlertViewPatience,
            Trail = new AlertTrail(
                entries, retention, cluster.View.Self.Node.ToString(), new AlertHistoryFiles(Path.Combine(options.DataDirectory, HistoryFolder), entries, retention)),
            Silences = limits,
        };
    }
}
