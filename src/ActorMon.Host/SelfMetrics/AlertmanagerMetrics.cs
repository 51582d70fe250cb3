using ActorMon.Actors.Alerting;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Alerting.Silences;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Sharding;
using ActorMon.Model.Telemetry;

namespace ActorMon.Host.SelfMetrics;

/// <summary>What the built-in Alertmanager's configuration, silences and cluster are, under the original's names. Nothing while it is off.</summary>
public static class AlertmanagerMetrics
{
    private static readonly (SilenceState State, string Name)[] States =
        [(SilenceState.Active, "active"), (SilenceState.Expired, "expired"), (SilenceState.Pending, "pending")];

    public static void Register(MetricRegistry registry, Func<AlertmanagerSetup?> setup, AlertingRuntime runtime, MapView cluster)
    {
        void Gauge(string name, string help, Func<AlertmanagerSetup, IEnumerable<SelfMetric>> read) =>
            registry.Add(name, help, MetricType.Gauge, () => setup() is { } current ? read(current) : []);
        void Number(string name, string help, Func<AlertmanagerSetup, double> read) => Gauge(name, help, current => [new SelfMetric(LabelSet.Empty, read(current))]);

        Number("alertmanager_config_hash", "Hash of the currently loaded alertmanager configuration.", current => StableHash.Of(LabelSet.Of("text", current.Text)) >> 16);
        Number("alertmanager_receivers", "Number of configured receivers.", current => current.Config.Receivers.Count);
        Number("alertmanager_integrations", "Number of configured integrations.", current => current.Config.Receivers.Sum(r => r.Integrations.Count));
        Number("alertmanager_inhibition_rules", "Number of configured inhibition rules.", current => current.Config.InhibitRules.Count);
        Number("alertmanager_cluster_enabled", "Indicates whether the clustering is enabled or not.", _ => 1);
        Number("alertmanager_cluster_members", "Number indicating current number of members in cluster.", _ => cluster.Current?.UpNodes.Count() ?? 0);
        Number(
            "alertmanager_cluster_failed_peers", "Number indicating the current number of failed peers in the cluster.",
            _ => cluster.Current?.Nodes.Values.Count(n => !n.IsUp) ?? 0);
        Number(
            "actormon_alertmanager_silences_ending_soon", "Active silences in their last hour, short ones in their last quarter.",
            _ => runtime.Time.GetUtcNow() is var now ? runtime.Views.Ask((_, silences) => silences.All.Count(silence => SilenceEnds.IsSoon(silence, now))) : 0);
        Number("actormon_alertmanager_recurring_silences", "Recurring silences.", _ => runtime.Views.AskRegister((_, register) => register.Recurring.All.Count));
        Number("actormon_alertmanager_acknowledgements", "Firing alerts that somebody looks after.", _ => runtime.Views.AskRegister((_, register) => register.Acknowledged.All.Count));
        Gauge("alertmanager_silences", "How many silences by state.", _ =>
        {
            var now = runtime.Time.GetUtcNow();
            var counts = runtime.Views.Ask((_, silences) => silences.All.CountBy(silence => silence.StateAt(now)).ToDictionary());
            return States.Select(state => new SelfMetric(LabelSet.Of("state", state.Name), counts.GetValueOrDefault(state.State)));
        });
    }
}
