using ActorMon.Actors.Control;
using ActorMon.Actors.Control.Allocation;
using ActorMon.Actors.Reading;
using ActorMon.Actors.Rules;
using ActorMon.Actors.Series;
using ActorMon.Host.Cluster;
using ActorMon.Model.Ingest;
using ActorMon.Model.Telemetry;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Memory;

namespace ActorMon.Host.Node;

/// <summary>The rules of a node from its flags and settings.</summary>
public static class RuleParts
{
    /// <summary>How long a group waits for its journal before it begins with what storage says.</summary>
    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromSeconds(10);

    public static RuleSettings SettingsOf(NodeOptions options) => new()
    {
        ResendDelay = options.Flags.Duration("rules.alert.resend-delay")!.Value,
        ForGracePeriod = options.Flags.Duration("rules.alert.for-grace-period")!.Value,
        OutageTolerance = options.Flags.Duration("rules.alert.for-outage-tolerance")!.Value,
        ExternalUrl = options.ExternalUrl.AbsoluteUri.TrimEnd('/'),
    };

    public static RuleRuntime Of(
        NodeOptions options, NodeSettings settings, ConfigurationStore store, QueryParts queries, ClusterSeries series, ISeriesAdmission admission, NodeCluster cluster, LooseBatches batches,
        Func<TimeSpan> outOfOrderWindow, MetricRegistry registry, TimeProvider time)
    {
        var board = new RuleBoard();
        var asked = new NodeRuleQueries(new EngineRuleQueries(queries.Runtime.Engine, series), queries.Runtime.Scheduler, options.QueryConcurrency);
        return new RuleRuntime(
            store, board, new RuleMetrics(registry, board, time), asked, series, series.NewestAsync, admission, () => cluster.Standing.IsConfirmed, cluster.Map.Journal,
            new HistorySettings(settings.AlertHistoryRetention, settings.AlertHistoryEntries), RecoveryPatience, cluster.Id, cluster.View.Self.Node.ToString(), time)
        {
            Batches = batches,
            OutOfOrderWindow = outOfOrderWindow,
        };
    }

    /// <summary>One for each region: what it tells of loads is of its shards alone.</summary>
    public static RuleCoordinatorSettings Coordinator(ConfigurationStore store) => new(store, TimeSpan.FromMilliseconds(500), new ShardLoads());
}
