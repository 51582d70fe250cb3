using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Telemetry;
using ActorMon.Tsdb.Cardinality;

namespace ActorMon.Host.SelfMetrics;

/// <summary>Active series against their limits.</summary>
public static class CardinalityMetrics
{
    private static readonly LimitScope[] Scopes = [LimitScope.Node, LimitScope.Job, LimitScope.Target, LimitScope.Metric];

    public static void Register(MetricRegistry registry, SeriesAccounts accounts)
    {
        registry.Gauge("actormon_series_active", "Series in the heads of this node and on their way there.", () => accounts.Active);
        registry.Add("actormon_series_limit", "Limits of active series; 0: none.", MetricType.Gauge, () => Each(scope => accounts.Limits[scope]));
        registry.Add(
            "actormon_series_refused_total", "New series refused because a limit of active series was reached.", MetricType.Counter, () => Each(scope => accounts.Refused(scope)));
    }

    private static IEnumerable<SelfMetric> Each(Func<LimitScope, double> read) =>
        Scopes.Select(scope => new SelfMetric(LabelSet.Of("scope", SeriesLimits.NameOf(scope)), read(scope)));
}
