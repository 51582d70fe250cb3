using ActorMon.Api.AlertManagement;
using ActorMon.Api.AlertmanagerV2;
using ActorMon.Api.Cardinality;
using ActorMon.Api.Cluster;
using ActorMon.Api.Federation;
using ActorMon.Api.Http;
using ActorMon.Api.Management;
using ActorMon.Api.Notifications;
using ActorMon.Api.OpenApi;
using ActorMon.Api.Pages;
using ActorMon.Api.Ports;
using ActorMon.Api.PrometheusV1;
using ActorMon.Api.RemoteRead;
using ActorMon.Api.RemoteWrite;
using ActorMon.Api.Search;
using ActorMon.Model.Ingest;
using ActorMon.Model.Telemetry;

namespace ActorMon.Api;

/// <summary>The ports the API talks to; the Host fills them.</summary>
public sealed record ApiPorts(IQueryPort Queries, IStoragePort Storage, ITargetsPort Targets, IIngestPort Ingest, INodePort Node, NodeNotifications Notifications)
{
    /// <summary>Asked for series that are new to the node.</summary>
    public ISeriesAdmission Admission { get; init; } = OpenAdmission.Instance;

    /// <summary>Counts what the node's ways in refuse.</summary>
    public RefusedSamples Refused { get; init; } = new(new MetricRegistry());

    /// <summary>Null: the node does not tell of its cardinality.</summary>
    public ICardinalityPort? Cardinality { get; init; }

    /// <summary>Null: nothing is told about the cluster.</summary>
    public IClusterPort? Cluster { get; init; }

    /// <summary>Null: alerts go nowhere.</summary>
    public IAlertmanagersPort? Alertmanagers { get; init; }

    /// <summary>Null: no Alertmanager runs here.</summary>
    public IAlertmanager? Alertmanager { get; init; }

    /// <summary>Null: a silence cannot be edited in place.</summary>
    public ISilenceEditPort? SilenceEdits { get; init; }

    /// <summary>Null: receivers cannot be tried.</summary>
    public IAlertTrialPort? AlertTrials { get; init; }

    /// <summary>Null: a silence comes once.</summary>
    public IRecurringSilencePort? RecurringSilences { get; init; }

    /// <summary>Null: alerts cannot be acknowledged.</summary>
    public IAcknowledgementPort? Acknowledgements { get; init; }

    /// <summary>Null: nothing evaluates rules here.</summary>
    public IRulesPort? Rules { get; init; }

    /// <summary>Null: the admin endpoints are off.</summary>
    public IStorageAdminPort? Admin { get; init; }
}

/// <summary>Every route of a node, in one table.</summary>
public static class ApiRoutes
{
    private const string OnlyPost = "Only POST or PUT requests allowed";

    public static RouteTable Build(ApiPorts ports, ApiSettings settings, MetricRegistry metrics, TimeProvider time)
    {
        var queries = new QueryEndpoints(ports.Queries, settings, time);
        var queryControl = new QueryControlEndpoints(ports.Queries, queries, settings);
        var labels = new LabelEndpoints(ports.Storage, settings);
        var targets = new TargetEndpoints(ports.Targets, ports.Node, settings);
        var status = new StatusEndpoints(ports.Node, ports.Storage, settings);
        var management = new ManagementEndpoints(ports.Node, settings, metrics);
        var write = new WriteEndpoint(ports.Ingest, ports.Storage, ports.Admission, settings, new WriteMetrics(metrics), ports.Refused, time);
        var read = new ReadEndpoint(ports.Storage, settings, metrics);
        var details = new TargetDetailEndpoints(ports.Targets, settings);
        var rules = new RuleEndpoints(ports.Rules, settings, time);
        var alertmanagers = new AlertmanagersEndpoint(ports.Alertmanagers);
        var facts = new NodeFactEndpoints(ports.Node, settings, metrics);
        var notifications = new NotificationEndpoints(ports.Notifications);
        var search = new SearchEndpoints(ports.Storage, settings, time);
        var federation = new FederationEndpoint(ports.Storage, settings, metrics, time);
        var openApi = new OpenApiEndpoint(ports.Node.Build, settings);
        var admin = new AdminEndpoints(ports.Admin, settings);
        var pages = new StaticPages(settings);
        return new RouteTable([
            new("/api/v1/query", queries.InstantAsync, true, "GET", "POST"),
            new("/api/v1/query_range", queries.RangeAsync, true, "GET", "POST"),
            new("/api/v1/query_exemplars", labels.ExemplarsAsync, true, "GET", "POST"),
            new("/api/v1/format_query", queries.FormatAsync, true, "GET", "POST"),
            new("/api/v1/query_explain", queryControl.ExplainAsync, true, "GET", "POST"),
            new("/api/v1/status/queries", queryControl.ListAsync, false, "GET"),
            new("/api/v1/status/queries/{id}", queryControl.KillAsync, false, "DELETE"),
            new("/api/v1/parse_query", queries.ParseAsync, true, "GET", "POST"),
            new("/api/v1/series", labels.SeriesAsync, true, "GET", "POST"),
            new("/api/v1/labels", labels.NamesAsync, true, "GET", "POST"),
            new("/api/v1/label/{name}/values", labels.ValuesAsync, true, "GET"),
            new("/api/v1/metadata", labels.MetadataAsync, true, "GET"),
            new("/api/v1/targets", targets.TargetsAsync, true, "GET"),
            new("/api/v1/targets/metadata", details.MetadataAsync, true, "GET"),
            new("/api/v1/targets/relabel_steps", details.RelabelStepsAsync, true, "GET"),
            new("/api/v1/rules", rules.RulesAsync, true, "GET"),
            new("/api/v1/alerts", rules.AlertsAsync, true, "GET"),
            new("/api/v1/alerts/history", rules.HistoryAsync, true, "GET"),
            new("/api/v1/alertmanagers", alertmanagers.HandleAsync, true, "GET"),
            new("/api/v1/search/metric_names", search.MetricNamesAsync, true, "GET", "POST"),
            new("/api/v1/search/label_names", search.LabelNamesAsync, true, "GET", "POST"),
            new("/api/v1/search/label_values", search.LabelValuesAsync, true, "GET", "POST"),
            new("/api/v1/features", facts.FeaturesAsync, true, "GET"),
            new("/api/v1/notifications", notifications.ListAsync, false, "GET"),
            new("/api/v1/notifications/live", notifications.LiveAsync, false, "GET"),
            new("/api/v1/openapi.yaml", openApi.HandleAsync, true, "GET"),
            new("/api/v1/status/walreplay", facts.ReplayAsync, false, "GET"),
            new("/api/v1/status/self_metrics", facts.SelfMetricsAsync, true, "GET"),
            new("/api/v1/scrape_pools", targets.PoolsAsync, true, "GET"),
            new("/api/v1/scrape_pools/config", targets.PoolConfigAsync, true, "GET"),
            new("/api/v1/status/config", status.ConfigAsync, true, "GET"),
            new("/api/v1/status/flags", status.FlagsAsync, true, "GET"),
            new("/api/v1/status/runtimeinfo", status.RuntimeAsync, true, "GET"),
            new("/api/v1/status/buildinfo", status.BuildAsync, true, "GET"),
            new("/api/v1/status/tsdb", status.TsdbAsync, true, "GET"),
            .. CardinalityEndpoints.Routes(ports.Cardinality, settings),
            .. ClusterEndpoint.Routes(ports.Cluster),
            .. ClusterAdminEndpoints.Routes(ports.Cluster, settings),
            new("/api/v1/status/tsdb/blocks", new BlockEndpoint(ports.Storage, settings).HandleAsync, true, "GET"),
            new("/api/v1/write", write.HandleAsync, true, "POST"),
            new("/api/v1/read", read.HandleAsync, true, "POST"),
            new("/api/v1/otlp/v1/metrics", OtlpEndpoint.HandleAsync, true, "POST"),
            new("/federate", federation.HandleAsync, true, "GET"),
            new("/api/v1/admin/tsdb/delete_series", admin.DeleteAsync, true, "POST", "PUT"),
            new("/api/v1/admin/tsdb/clean_tombstones", admin.CleanAsync, true, "POST", "PUT"),
            new("/api/v1/admin/tsdb/snapshot", admin.SnapshotAsync, true, "POST", "PUT"),
            new("/api/v1/admin/tsdb/deletions", admin.DeletionsAsync, true, "GET"),
            new("/api/v1/admin/tsdb/undelete_series", admin.UndeleteAsync, true, "POST", "PUT"),
            .. AlertManagementRoutes.Of(ports, settings, time),
            .. AlertmanagerRoutes.Of(ports, management, settings, metrics, time),
            new("/-/healthy", management.HealthyAsync, false, "GET"),
            new("/-/ready", management.ReadyAsync, false, "GET"),
            new("/-/reload", management.ReloadAsync, false, "POST", "PUT") { WrongMethodText = OnlyPost },
            new("/-/quit", management.QuitAsync, false, "POST", "PUT") { WrongMethodText = OnlyPost },
            new("/metrics", management.MetricsAsync, false, "GET"),
            new("/version", management.VersionAsync, false, "GET"),
            new("/", pages.RootAsync, false, "GET"),
            new("/graph", pages.GraphAsync, false, "GET"),
            new("/user/{file}", pages.UserAssetAsync, false, "GET"),
            .. StaticPages.Paths.Select(path => new Route(path, pages.HomeAsync, false, "GET")),
        ]);
    }
}
